"""Who may reach an invitation. Foreign and missing look the same."""

from uuid import UUID

from django.http import Http404

from portal.accounts.models import Invitation
from portal.core.principal import Principal
from portal.organisations.api import Municipality


def invitation_for(principal: Principal, municipality: Municipality, uuid: UUID) -> Invitation:
    """Return an invitation to the municipality that the asker looks after.

    Raises:
        Http404: there is none, or it is not hers.
    """
    rows = Invitation.objects.visible_to(principal).filter(membership__municipality=municipality, uuid=uuid)
    found: Invitation | None = rows.select_related("membership__unit", "membership__municipality").first()
    if found is None:
        raise Http404(str(uuid))
    return found
