"""The logins of the demo: one for each role, with a password that everybody may know. They exist in the demo only."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from portal.accounts.api import User, membership_grant
from portal.core.roles import Role
from portal.desk.groups import setup_groups
from portal.organisations.api import Party

EXAMPLE_PASSWORD = "Eksempel-2026-portal"  # noqa: S105 - printed by `make demo`; opens nothing but the demo


@dataclass(frozen=True, slots=True)
class ExampleUser:
    """A login; a function stands in place of a person's name."""

    role: Role
    party: str
    email: str
    first_name: str
    last_name: str


EXAMPLE_USERS = (
    ExampleUser(Role.ADMINISTRATOR, "", "administrator@portal.example", "Administrator", "Eksempel"),
    ExampleUser(Role.EDITOR, "hk", "redaktoer.hk@portal.example", "Redaktør", "HK"),
    ExampleUser(Role.EDITOR, "kl", "redaktoer.kl@portal.example", "Redaktør", "KL"),
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
        membership_grant(actor=None, role=wanted.role, user=user, **_place(wanted))
        created.append(user)
    return created


def _place(wanted: ExampleUser) -> dict[str, Any]:
    return {"party": Party.objects.get(key=wanted.party)} if wanted.party else {}
