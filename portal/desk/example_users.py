"""The people of the demo: a login for each role, with a password that everybody may know. They exist in the demo only."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from portal.accounts.api import User, membership_grant
from portal.core.roles import Role
from portal.desk.example_factors import give_factor
from portal.desk.rights import setup_groups
from portal.organisations.api import Municipality, Party, Unit, region_of

EXAMPLE_PASSWORD = "Eksempel-2026-portal"  # noqa: S105 - printed by `make demo`; opens nothing but the demo
ORGANISATIONS = Path(__file__).resolve().parent / "example" / "organisations.toml"


@dataclass(frozen=True, slots=True)
class ExampleUser:
    """A person of the example; a function stands in place of her name. Without `login` nobody can sign in as her."""

    role: Role
    email: str
    name: str
    login: bool
    row: dict[str, Any]

    @property
    def where(self) -> str:
        """Return the place of the role in a few words, for the list that `make demo` prints."""
        return self.row.get("unit_name") or self.row.get("municipality_code") or self.row.get("party", "").upper()


class NotADemoError(RuntimeError):
    """The example logins were asked for outside the demo: their password is public."""


@cache
def example_people() -> tuple[ExampleUser, ...]:
    """Return everybody whom the example names."""
    return tuple(_read())


def example_logins() -> tuple[ExampleUser, ...]:
    """Return those who can sign in."""
    return tuple(person for person in example_people() if person.login)


def _read() -> Iterator[ExampleUser]:
    content = tomllib.loads(ORGANISATIONS.read_text(encoding="utf-8"))
    for row in content["person"]:
        yield _person(row)
    for municipality in content["municipality"]:
        names = {unit["code"]: unit["name"] for unit in municipality["unit"]}
        for row in municipality["member"]:
            place = {"municipality_code": municipality["code"], "unit_name": names.get(row.get("unit", ""), "")}
            yield _person({**row, **place})


def _person(row: dict[str, Any]) -> ExampleUser:
    return ExampleUser(Role(row["role"]), row["email"], row["name"], row.get("login", False), row)


@transaction.atomic
def create_example_users() -> list[User]:
    """Create the people who are not there; one whose password somebody has changed keeps it.

    Raises:
        NotADemoError: this is not the demo.
    """
    if not settings.DEMO:
        raise NotADemoError("Example logins exist in the demo only.")
    setup_groups()
    missing = (person for person in example_people() if not User.objects.filter(email__iexact=person.email).exists())
    return [_create(person) for person in missing]


def _create(person: ExampleUser) -> User:
    first, _space, last = person.name.partition(" ")
    password = EXAMPLE_PASSWORD if person.login else None
    user = User.objects.create_user(email=person.email, password=password, first_name=first, last_name=last)
    for place in _places(person.row):
        membership_grant(actor=None, role=person.role, user=user, **place)
    if person.login:
        give_factor(user)
    return user


def _places(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where the role is held; a facilitator works in several municipalities."""
    if code := row.get("municipality_code"):
        municipality = Municipality.objects.get(code=code)
        # The unit is one that the example loads; somebody may have taken it away since.
        unit = Unit.objects.filter(municipality=municipality, code=row.get("unit", "")).first()
        return [{"municipality": municipality, "unit": unit}] if unit or "unit" not in row else []
    if codes := row.get("municipalities"):
        return [{"municipality": found} for found in Municipality.objects.filter(code__in=codes)]
    if code := row.get("region_of"):
        region = region_of(Municipality.objects.get(code=code), on=localdate())
        return [{"region": region}] if region else []
    if key := row.get("party"):
        return [{"party": Party.objects.get(key=key)}]
    return [{"provider": row["provider"]}] if "provider" in row else [{}]
