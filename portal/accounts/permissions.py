"""Who may reach what of people and their municipality: one gate per kind of object. Foreign and missing look the same."""

from django.db.models import QuerySet
from django.http import Http404

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
