"""Wagtail's groups follow from memberships: nobody is put into one of them by hand."""

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from portal.accounts.models.memberships import Membership
from portal.accounts.models.users import User
from portal.core.roles import Role

# Names are what administrators read in Wagtail's screens; one group for each party's editors.
ADMINISTRATORS = "Administratorer"
PROVIDERS = "Kursusudbydere"
ORGANISERS = "Regionale arrangører"
EDITORS_OF = "Redaktører, {}"

_OF_ROLE = {Role.ADMINISTRATOR: ADMINISTRATORS, Role.PROVIDER: PROVIDERS, Role.ORGANISER: ORGANISERS}

# The roles that put somebody into a group at all.
ROLES_WITH_GROUPS = frozenset({Role.EDITOR, *_OF_ROLE})


def editors_of(party_key: str) -> str:
    """Return the name of the group of a party's editors."""
    return EDITORS_OF.format(party_key.upper())


def group_of(role: str, party_key: str = "") -> str | None:
    """Return the group that a role belongs to, or None: most roles do nothing in the admin."""
    return editors_of(party_key) if role == Role.EDITOR else _OF_ROLE.get(Role(role))


def is_managed(name: str) -> bool:
    """Tell whether a group's members follow from memberships; other groups are administrators' own."""
    return name in _OF_ROLE.values() or name.startswith(EDITORS_OF.format(""))


def managed_groups() -> QuerySet[Group]:
    """Return the groups that `is_managed` names."""
    return Group.objects.filter(Q(name__in=_OF_ROLE.values()) | Q(name__startswith=EDITORS_OF.format("")))


def groups_by_right(user: User) -> frozenset[str]:
    """Return the names of the groups that the user's memberships in force give her."""
    held = Membership.objects.in_force().filter(user=user).values_list("role", "party__key")
    names = (group_of(role, party or "") for role, party in held)
    return frozenset(name for name in names if name)


def sync_groups(user: User) -> bool:
    """Bring a user's groups in line with her memberships, and tell whether anything changed."""
    stored = {name for name in user.groups.values_list("name", flat=True) if is_managed(name)}
    wanted = groups_by_right(user)
    if stored == wanted:
        return False
    user.groups.remove(*Group.objects.filter(name__in=stored - wanted))
    user.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in wanted - stored))
    return True
