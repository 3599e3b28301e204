"""Data for my page. "Who can see this?" is counted with the rule that decides it, never guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.api import Membership, PersonLookup, User
from portal.core.formats import long_date
from portal.core.roles import Role
from portal.organisations.api import Unit, tree_on

LOOKUPS_ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class MyRole:
    """A role as its holder reads it."""

    role: str
    place: str
    since: str
    until: str
    # "now", "later", "over" or "withheld": a privileged role waits for the second factor.
    state: str


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who may see something about the reader: a function, how many hold it, and what they see."""

    who: str
    sees: str


@dataclass(frozen=True, slots=True)
class Look:
    """A line of the log."""

    day: str
    who: str
    role: str
    what: str


def my_roles(user: User, *, on: date, withheld: frozenset[str] = frozenset()) -> list[MyRole]:
    """Return the user's roles, those in force first, then what is to come, then what is over."""
    rows = Membership.objects.filter(user=user).select_related("unit", "municipality", "region", "party")
    order = {"now": 0, "withheld": 0, "later": 1, "over": 2}
    roles = [_role(row, on, withheld) for row in rows.order_by("-valid_from", "-id")]
    return sorted(roles, key=lambda role: order[role.state])


def _role(row: Membership, on: date, withheld: frozenset[str]) -> MyRole:
    until = row.valid_to
    if row.revoked_at is not None or (until is not None and until < on):
        state = "over"
    elif row.valid_from > on:
        state = "later"
    else:
        state = "withheld" if row.role in withheld else "now"
    place = f"{row.unit}, {row.municipality}" if row.unit else row.place if row.scope != "portal" else ""
    return MyRole(row.get_role_display(), place, long_date(row.valid_from), long_date(until) if until else "", state)


def onlookers(user: User, *, on: date) -> list[Onlooker]:
    """Return who may see the user's roles: her managers, her municipalities' coordinators, the portal's administrators.

    The same rows that `Membership.visible_to` lets each of them read; a test compares the two.
    """
    own = list(Membership.objects.filter(user=user).select_related("unit").order_by("pk"))
    return [*_managers(user, own, on), *_coordinators(user, own, on), *_administrators(user, on)]


def _in_force(user: User, role: str, on: date) -> Any:
    rows = Membership.objects.in_force(on).filter(role=role, user__is_active=True)
    return rows.exclude(user=user)


def _managers(user: User, own: list[Membership], on: date) -> Iterator[Onlooker]:
    tree = tree_on({row.municipality_id for row in own if row.unit_id}, on=on)
    # A unit that has ended stands in no tree; who led it still reads its rows.
    above = {unit for row in own if row.unit_id for unit in (*tree.path(row.unit_id), row.unit_id)}
    heads = dict(
        _in_force(user, Role.MANAGER, on)
        .filter(unit__in=above)
        .order_by("unit")
        .values_list("unit")
        .annotate(number=Count("user", distinct=True))
    )
    for unit in Unit.objects.filter(pk__in=heads).order_by("name", "pk"):
        number = heads[unit.pk]
        text = ngettext("%(count)s manager of %(unit)s", "%(count)s managers of %(unit)s", number)
        yield Onlooker(text % {"count": number, "unit": unit.name}, _("your roles in the unit"))


def _coordinators(user: User, own: list[Membership], on: date) -> Iterator[Onlooker]:
    homes = {row.municipality_id for row in own if row.municipality_id}
    counted = (
        _in_force(user, Role.COORDINATOR, on)
        .filter(municipality__in=homes)
        .values_list("municipality__name")
        .annotate(number=Count("user", distinct=True))
        .order_by("municipality__name")
    )
    for name, number in counted:
        text = ngettext("%(count)s coordinator in %(place)s", "%(count)s coordinators in %(place)s", number)
        yield Onlooker(text % {"count": number, "place": name}, _("your roles in the municipality"))


def _administrators(user: User, on: date) -> Iterator[Onlooker]:
    held = _in_force(user, Role.ADMINISTRATOR, on).values("user")
    number = User.objects.filter(Q(pk__in=held) | Q(is_superuser=True), is_active=True).exclude(pk=user.pk).count()
    if number:
        text = ngettext("%(count)s of the portal's administrators", "%(count)s of the portal's administrators", number)
        yield Onlooker(text % {"count": number}, _("your account and all your roles"))


def looks_at(user: User, page: int | str | None = 1, *, most: int = LOOKUPS_ON_A_PAGE) -> Page[Any]:
    """Return a page of the log, newest first; a page that does not exist is the nearest that does."""
    rows = PersonLookup.objects.filter(person=user).order_by("-at", "-id")
    found: Page[Any] = Paginator(rows, most).get_page(page)
    found.object_list = [_look(row) for row in found.object_list]
    return found


def _look(row: PersonLookup) -> Look:
    role = Role(row.role).label if row.role in Role.values else row.role
    return Look(long_date(row.at), row.viewer_label, str(role), row.what)
