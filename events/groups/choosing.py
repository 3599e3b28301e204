"""The people to tick: a few at a time, found by name or unit, and those already ticked always among them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from events.groups.behalf import Behalf, people_of_behalf
from portal.accounts.api import Membership
from portal.core.principal import Principal
from portal.core.sorting import danish_key
from portal.organisations.api import Unit, tree_on
from portal.seats.api import Offering

# More than a screen can be read through; a name or a unit finds the others.
MOST_SHOWN = 60
# Of more people than this, nobody is shown before a name or a unit is asked for.
MOST_READ = 400


@dataclass(frozen=True, slots=True)
class Choice:
    """A person to tick."""

    membership: UUID
    name: str
    email: str
    unit: str
    chosen: bool
    # She has a place at this meeting, whoever signed her up.
    is_known: bool


@dataclass(frozen=True, slots=True)
class Chooser:
    """What stands on the screen; `more` tells that others fit who are not shown."""

    chosen: tuple[Choice, ...]
    others: tuple[Choice, ...]
    more: bool
    is_empty: bool
    units: tuple[tuple[str, str], ...]


def chooser(
    principal: Principal,
    behalf: Behalf,
    offering: Offering,
    *,
    chosen: Collection[UUID],
    text: str = "",
    unit: str = "",
) -> Chooser:
    """Gather the people; in a fixed number of queries, however many there are."""
    units, people = behalf.units(), people_of_behalf(principal, behalf)
    ticked = list(people.filter(uuid__in=list(chosen)).order_by("pk"))
    found = list(_fitting(people, text, _below(behalf, units, unit)).order_by("pk")[: MOST_READ + 1])
    many = len(found) > MOST_READ
    fresh = [] if many and not (text or unit) else _each_once(found, before=ticked)
    shown = sorted(fresh, key=_by_name)[:MOST_SHOWN]
    known = _known(offering, [*ticked, *shown])
    return Chooser(
        chosen=tuple(_choice(one, known, chosen=True) for one in sorted(ticked, key=_by_name)),
        others=tuple(_choice(one, known, chosen=False) for one in shown),
        more=many or len(fresh) > len(shown),
        is_empty=not (found or ticked or text or unit),
        units=_choices(units.values()),
    )


def _choices(units: Iterable[Unit]) -> tuple[tuple[str, str], ...]:
    return tuple((str(one.uuid), one.name) for one in sorted(units, key=lambda unit: (danish_key(unit.name), unit.pk)))


def _below(behalf: Behalf, units: dict[int, Unit], wanted: str) -> frozenset[int] | None:
    """Return the asked-for unit with those below it; None if none is asked for, and nothing for a foreign one."""
    if not wanted:
        return None
    asked = [pk for pk, unit in units.items() if str(unit.uuid) == wanted]
    return tree_on([behalf.municipality], on=timezone.localdate()).below(asked) & units.keys()


def _fitting(people: QuerySet[Membership], text: str, units: frozenset[int] | None) -> QuerySet[Membership]:
    """Return who has every word in name or address. The embedded database folds the case of A to Z only."""
    for word in text.split():
        found = Q()
        for form in {word, word.lower(), word.capitalize()}:
            for field in ("user__first_name", "user__last_name", "user__email", "name", "email"):
                found |= Q(**{f"{field}__icontains": form})
        people = people.filter(found)
    return people if units is None else people.filter(unit__in=units)


def address_of(membership: Membership) -> str:
    """Return the address that a membership's person has now."""
    return (membership.user.email or "") if membership.user is not None else membership.email


def _mark(membership: Membership) -> str:
    return f"u:{membership.user_id}" if membership.user_id else f"m:{membership.email}"


def _each_once(found: Iterable[Membership], *, before: Iterable[Membership]) -> list[Membership]:
    """Return each person by the first of her memberships, those left out who are ticked."""
    seen = {_mark(one) for one in before}
    people: dict[str, Membership] = {}
    for one in found:
        if (mark := _mark(one)) not in seen:
            people.setdefault(mark, one)
    return list(people.values())


def _by_name(membership: Membership) -> tuple[tuple[str, str], int]:
    return danish_key(membership.person_label), membership.pk


def _known(offering: Offering, people: Collection[Membership]) -> frozenset[str]:
    """Return the marks of those who have a place."""
    here = offering.participants.active()
    users = here.filter(user__in=[one.user_id for one in people if one.user_id]).values_list("user", flat=True)
    emails = set(here.filter(email__in=[address_of(one) for one in people]).values_list("email", flat=True))
    marked = set(users)
    return frozenset(_mark(one) for one in people if one.user_id in marked or address_of(one) in emails)


def _choice(membership: Membership, known: frozenset[str], *, chosen: bool) -> Choice:
    return Choice(
        membership=membership.uuid,
        name=membership.person_label,
        email=address_of(membership),
        unit=membership.unit.name if membership.unit is not None else "",
        chosen=chosen,
        is_known=_mark(membership) in known,
    )
