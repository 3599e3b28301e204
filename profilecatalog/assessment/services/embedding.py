"""The keys by which a municipality frames the self-assessment on its own pages."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.core import audit
from portal.organisations.api import Municipality
from profilecatalog.assessment.models import EmbedKey
from profilecatalog.assessment.tokens import new_public_id


@transaction.atomic
def create_embed_key(*, municipality: Municipality, actor: Any) -> EmbedKey:
    """Make a key; a municipality may have several while it changes from one to the next."""
    key: EmbedKey = EmbedKey.objects.create(municipality=municipality, public_id=new_public_id())
    audit.record(actor=actor, action="assessment.embed_key_created", obj=key, after=key.public_id)
    return key


@transaction.atomic
def revoke_embed_key(*, key: EmbedKey, actor: Any) -> None:
    """Close an address for good; forms that are open in somebody's browser can no longer be sent."""
    if EmbedKey.objects.in_force().filter(pk=key.pk).update(revoked_at=timezone.now()):
        audit.record(actor=actor, action="assessment.embed_key_revoked", obj=key, before=key.public_id)
