"""Who may reach which unit: one gate for coordinators and one for those who lead. Foreign and missing look the same."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404

from portal.core.principal import Principal
from portal.core.roles import Role
from portal.organisations.models import Municipality, Unit


def unit_of(municipality: Municipality, uuid: UUID) -> Unit:
    """Return a unit of a municipality that the asker has been let into.

    Raises:
        Http404: the municipality has no such unit.
    """
    found: Unit | None = Unit.objects.filter(municipality=municipality, uuid=uuid).first()
    if found is None:
        raise Http404(str(uuid))
    return found


def led_unit_for(principal: Principal, uuid: UUID) -> Unit:
    """Return a unit whose people the asker may see: she leads it or one above, or looks after its municipality.

    To work in a unit is not enough: colleagues' roles and dates are the leader's matter.

    Raises:
        Http404: there is none, or its people are not hers to see.
    """
    units = Unit.objects.select_related("municipality")
    if not principal.is_administrator:
        codes = principal.municipalities(Role.COORDINATOR)
        units = units.filter(Q(pk__in=principal.units(Role.MANAGER)) | Q(municipality__code__in=codes))
    found: Unit | None = units.filter(uuid=uuid).first()
    if found is None:
        raise Http404(str(uuid))
    return found
