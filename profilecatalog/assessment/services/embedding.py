"""The keys by which a municipality frames the self-assessment on its own pages."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import audit
from portal.core.errors import RefusedError
from portal.organisations.api import Municipality
from profilecatalog.assessment.models import EmbedKey
from profilecatalog.assessment.tokens import new_public_id

# Long enough to change the pages of an intranet without hurry.
OVERLAP = dt.timedelta(days=14)


@transaction.atomic
def create_embed_key(*, municipality: Municipality, actor: Any, label: str = "") -> EmbedKey:
    """Make a key; a municipality may have several, one for each of its sites.

    Raises:
        RefusedError: another key of the municipality has the name.
    """
    return _create(municipality=municipality, label=label, actor=actor)


@transaction.atomic
def rotate_embed_key(*, key: EmbedKey, actor: Any, overlap: dt.timedelta = OVERLAP) -> EmbedKey:
    """Make the key's successor, which works at once; the old one works on for the overlap. Asked again, return it.

    Raises:
        RefusedError: the key does not work any more.
    """
    old: EmbedKey = EmbedKey.objects.select_for_update().get(pk=key.pk)
    if successor := EmbedKey.objects.filter(replaces=old).first():
        return successor
    if not old.is_in_force:
        raise RefusedError(_("The key does not work any more. Make a new one instead."))
    if overlap <= dt.timedelta():
        revoke_embed_key(key=old, actor=actor)
    else:
        _end(old, timezone.now() + overlap, actor)
    return _create(municipality=old.municipality, label=old.label, actor=actor, replaces=old)


@transaction.atomic
def revoke_embed_key(*, key: EmbedKey, actor: Any) -> None:
    """Close an address for good; forms that are open in somebody's browser can no longer be sent."""
    if EmbedKey.objects.in_force().filter(pk=key.pk).update(revoked_at=timezone.now()):
        audit.record(actor=actor, action="assessment.embed_key_revoked", obj=key, before=key.public_id)


def _create(*, actor: Any, **values: Any) -> EmbedKey:
    try:
        with transaction.atomic():
            key: EmbedKey = EmbedKey.objects.create(public_id=new_public_id(), **values)
    except IntegrityError as error:
        raise RefusedError(_("Another key has this name.")) from error
    audit.record(actor=actor, action="assessment.embed_key_created", obj=key, after=key.public_id)
    return key


def _end(key: EmbedKey, at: dt.datetime, actor: Any) -> None:
    key.ends_at = at
    key.save(update_fields=["ends_at"])
    audit.record(actor=actor, action="assessment.embed_key_ends", obj=key, before=key.public_id, after=at.isoformat())
