"""What changes about an organisation, with an audit entry each."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.core import audit
from portal.organisations import guards
from portal.organisations.models import Municipality, MunicipalitySettings

SETTINGS_FIELDS = (
    "embed_origins",
    "standing_round_open",
    "min_responses",
    "approvals_wanted",
    "contact_function",
    "contact_email",
    "contact_phone",
    "retention_months",
)


@transaction.atomic
def save_municipality_settings(*, municipality: Municipality, actor: Any, **values: Any) -> MunicipalitySettings:
    """Store what a municipality decides for itself; what is not named stays, and an unchanged save leaves no trace.

    Raises:
        ValidationError: an origin is not one, or the smallest group lies under the floor or under what was promised.
        TypeError: there is no such setting.
    """
    if unknown := set(values) - set(SETTINGS_FIELDS):
        raise TypeError(f"No such settings: {sorted(unknown)}.")
    settings = MunicipalitySettings.objects.select_for_update().filter(municipality=municipality).first()
    settings = settings or MunicipalitySettings(municipality=municipality)
    before = {name: getattr(settings, name) for name in values}
    after = {name: _tidy(name, value) for name, value in values.items()}
    check_promises(municipality, before=before, after=after)
    for name, value in after.items():
        setattr(settings, name, value)
    settings.full_clean(exclude=["municipality"] if settings.pk is None else [])
    if settings.pk is None or before != after:
        settings.save()
        audit.record(actor=actor, action="municipality.settings", obj=municipality, before=before, after=after)
    return settings


def check_promises(municipality: Municipality, *, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Refuse what would break a promise: a threshold is lowered only while nobody has been promised the higher one.

    Raises:
        ValidationError: names the field and the reason.
    """
    name = "min_responses"
    if name not in after or after[name] >= before[name]:
        return
    reasons = guards.objections(guards.MIN_RESPONSES, municipality=municipality, before=before[name], after=after[name])
    if reasons:
        raise ValidationError({name: [str(reason) for reason in reasons]})


def settings_of(municipality: Municipality) -> MunicipalitySettings:
    """Return the municipality's settings, or the defaults where it has decided nothing."""
    stored = MunicipalitySettings.objects.filter(municipality=municipality).first()
    return stored or MunicipalitySettings(municipality=municipality)


def _tidy(name: str, value: Any) -> Any:
    return "\n".join(value.split()) if name == "embed_origins" else value
