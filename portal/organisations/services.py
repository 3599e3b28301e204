"""What changes about an organisation, with an audit entry each."""

from typing import Any

from django.db import transaction

from portal.core import audit
from portal.organisations.models import Municipality, MunicipalitySettings

_FIELDS = ("embed_origins", "standing_round_open", "min_responses")


@transaction.atomic
def save_municipality_settings(
    *, municipality: Municipality, actor: Any, embed_origins: str, standing_round_open: bool, min_responses: int
) -> MunicipalitySettings:
    """Store what a municipality decides for itself; an unchanged save leaves no trace.

    Raises:
        ValidationError: an origin is not one, or the smallest group lies under the floor.
    """
    settings = MunicipalitySettings.objects.select_for_update().filter(municipality=municipality).first()
    settings = settings or MunicipalitySettings(municipality=municipality)
    before = {name: getattr(settings, name) for name in _FIELDS}
    after = {
        "embed_origins": "\n".join(embed_origins.split()),
        "standing_round_open": standing_round_open,
        "min_responses": min_responses,
    }
    for name, value in after.items():
        setattr(settings, name, value)
    settings.full_clean(exclude=["municipality"] if settings.pk is None else [])
    if settings.pk is None or before != after:
        settings.save()
        audit.record(actor=actor, action="municipality.settings", obj=municipality, before=before, after=after)
    return settings
