"""The logins of the demo: one for each role, with a password that everybody may know. They exist in the demo only."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from portal.accounts.models import User
from portal.desk.groups import ADMINISTRATORS, EDITORS_HK, EDITORS_KL, setup_groups

EXAMPLE_PASSWORD = "Eksempel-2026-portal"  # noqa: S105 - printed by `make demo`; opens nothing but the demo


@dataclass(frozen=True, slots=True)
class ExampleUser:
    """A login; `role` is the group, a function stands in place of a person's name."""

    role: str
    email: str
    first_name: str
    last_name: str


EXAMPLE_USERS = (
    ExampleUser(ADMINISTRATORS, "administrator@portal.example", "Administrator", "Eksempel"),
    ExampleUser(EDITORS_HK, "redaktoer.hk@portal.example", "Redaktør", "HK"),
    ExampleUser(EDITORS_KL, "redaktoer.kl@portal.example", "Redaktør", "KL"),
)


class NotADemoError(RuntimeError):
    """The example logins were asked for outside the demo: their password is public."""


@transaction.atomic
def create_example_users() -> list[User]:
    """Create the logins that are not there; one whose password somebody has changed keeps it.

    Raises:
        NotADemoError: this is not the demo.
    """
    if not settings.DEMO:
        raise NotADemoError("Example logins exist in the demo only.")
    setup_groups()
    created = []
    for wanted in EXAMPLE_USERS:
        if User.objects.filter(email__iexact=wanted.email).exists():
            continue
        user = User.objects.create_user(
            email=wanted.email,
            password=EXAMPLE_PASSWORD,
            first_name=wanted.first_name,
            last_name=wanted.last_name,
        )
        user.groups.add(Group.objects.get(name=wanted.role))
        created.append(user)
    return created
