"""Who may reach what of self-assessment. Foreign and missing look the same."""

from uuid import UUID

from django.http import Http404

from portal.core.principal import Principal
from profilecatalog.assessment.models import EmbedKey


def embed_key_for(principal: Principal, uuid: UUID) -> EmbedKey:
    """Return the embed key, if the asker looks after its municipality.

    Raises:
        Http404: there is none of that name, or it is not hers.
    """
    key: EmbedKey | None = (
        EmbedKey.objects.visible_to(principal).filter(uuid=uuid).select_related("municipality").first()
    )
    if key is None:
        raise Http404(str(uuid))
    return key
