"""Users by role; the groups come from the table that production uses."""

from typing import Any

from django.contrib.auth.models import Group

from portal.accounts.models import User
from portal.desk.groups import ADMINISTRATORS, EDITORS_HK, setup_groups

PASSWORD = "en-lang-adgangskode-2026"


def user(email: str = "kim@hk.example", *, group: str = "", **values: Any) -> User:
    """Return a user, in a group of the table if one is named."""
    made = User.objects.create_user(email=email, password=PASSWORD, first_name="Kim", last_name="Eksempel", **values)
    if group:
        setup_groups()
        made.groups.add(Group.objects.get(name=group))
    return User.objects.get(pk=made.pk)


def editor(email: str = "redaktoer@hk.example") -> User:
    """Return an editor of HK."""
    return user(email, group=EDITORS_HK)


def administrator(email: str = "administrator@hk.example") -> User:
    """Return an administrator who is no superuser."""
    return user(email, group=ADMINISTRATORS)
