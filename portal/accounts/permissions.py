"""Who may reach what of people and their municipality: one gate per kind of object. Foreign and missing look the same."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from portal.accounts.models import Membership, User
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.organisations.api import Municipality

# Roles that look after a municipality; without a second factor they are withheld, and then she is sent to show it.
LOOK_AFTER = (Role.COORDINATOR, Role.ADMINISTRATOR)


def municipality_for(principal: Principal, slug: str) -> Municipality:
    """Return the municipality that the asker looks after.

    Raises:
        Http404: there is none of that name, or it is not hers.
    """
    found = looked_after(principal).filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    return found


def looked_after(principal: Principal) -> QuerySet[Municipality]:
    """Return the municipalities that the asker looks after; an administrator looks after all."""
    if principal.is_administrator:
        return Municipality.objects.all()
    return Municipality.objects.filter(code__in=principal.municipalities(Role.COORDINATOR))


def waits_for_a_second_factor(principal: Principal) -> bool:
    """Tell whether the asker would look after a municipality, had her session shown a second factor."""
    return not principal.withheld.isdisjoint(LOOK_AFTER)


def membership_for(principal: Principal, municipality: Municipality, uuid: UUID) -> Membership:
    """Return a membership of the municipality that the asker may read.

    Raises:
        Http404: the municipality has no such membership.
    """
    return _one(Membership.objects.visible_to(principal), municipality, uuid)


def changeable_membership_for(principal: Principal, municipality: Municipality, uuid: UUID) -> Membership:
    """Return a membership that the asker may end or change; the portal's own roles are the administrators'.

    Raises:
        Http404: there is none, or it is not hers to change.
    """
    return _one(Membership.objects.manageable_by(principal), municipality, uuid)


def changeable_memberships_for(
    principal: Principal, municipality: Municipality, uuids: Collection[UUID]
) -> list[Membership]:
    """Return several memberships that the asker may change, all of them or none.

    Raises:
        Http404: one of them is missing or not hers to change.
    """
    rows = Membership.objects.manageable_by(principal).filter(municipality=municipality, uuid__in=uuids)
    found = list(rows.select_related("user", "unit", "municipality").order_by("pk"))
    if len(found) != len(set(uuids)):
        raise Http404
    return found


def covered_memberships(principal: Principal) -> QuerySet[Membership]:
    """Return the memberships by which the asker may see a person: of units she leads now, or of her municipality."""
    rows: QuerySet[Membership] = Membership.objects.all()
    if principal.is_administrator:
        return rows
    led = Q(unit__in=principal.units(Role.MANAGER), pk__in=Membership.objects.not_over())
    return rows.filter(led | Q(municipality__code__in=principal.municipalities(Role.COORDINATOR)))


def person_for(principal: Principal, uuid: UUID) -> User:
    """Return a person whom the asker leads or whose municipality she looks after.

    Raises:
        Http404: there is nobody, or it is nobody of hers.
    """
    covered = covered_memberships(principal).filter(user__isnull=False).values("user")
    found = User.objects.filter(uuid=uuid, pk__in=covered).first()
    if found is None:
        raise Http404(str(uuid))
    return found


def _one(rows: QuerySet[Membership], municipality: Municipality, uuid: UUID) -> Membership:
    found = rows.filter(municipality=municipality, uuid=uuid).select_related("user", "unit", "municipality").first()
    if found is None:
        raise Http404(str(uuid))
    return found
