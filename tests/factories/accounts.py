"""Users by role; roles are memberships, given through the service that the portal uses."""

from typing import Any

from django.contrib.auth.models import Group

from portal.accounts.api import ADMINISTRATORS, User, membership_grant
from portal.core.roles import Role
from portal.desk.rights import setup_groups
from portal.organisations.api import Municipality, Party, Unit

PASSWORD = "en-lang-adgangskode-2026"


def user(email: str = "kim@hk.example", **values: Any) -> User:
    """Return a user without any role."""
    made = User.objects.create_user(
        email=email, password=PASSWORD, **{"first_name": "Kim", "last_name": "Eksempel", **values}
    )
    return User.objects.get(pk=made.pk)


def holder(role: Role, email: str = "", **place: Any) -> User:
    """Return a user who holds a role in a place: `holder(Role.MANAGER, unit=…)`."""
    _groups_for(role)
    made = user(email or f"{role}@portal.example")
    membership_grant(actor=None, role=role, user=made, **place)
    return User.objects.get(pk=made.pk)


def editor(email: str = "redaktoer@hk.example", party: str = "hk") -> User:
    """Return an editor of a party."""
    return holder(Role.EDITOR, email, party=Party.objects.get(key=party))


def administrator(email: str = "administrator@hk.example") -> User:
    """Return an administrator who is no superuser."""
    return holder(Role.ADMINISTRATOR, email)


def coordinator(municipality: Municipality, email: str = "koordinator@kommune.example") -> User:
    """Return a coordinator of a municipality."""
    return holder(Role.COORDINATOR, email, municipality=municipality)


def manager(unit: Unit, email: str = "leder@kommune.example") -> User:
    """Return the manager of a unit."""
    return holder(Role.MANAGER, email, unit=unit)


def employee(unit: Unit, email: str = "medarbejder@kommune.example") -> User:
    """Return an employee of a unit."""
    return holder(Role.EMPLOYEE, email, municipality=unit.municipality, unit=unit)


def _groups_for(role: Role) -> None:
    """Set up the groups once per test; those of providers and organisers hang on index pages, which come and go."""
    there = Group.objects.filter(name=ADMINISTRATORS, permissions__isnull=False).exists()
    if not there or role in {Role.PROVIDER, Role.ORGANISER}:
        setup_groups()
