"""What a coordinator has put together, and what would come of it person by person. Nothing is written here."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.groups.behalf import Behalf, people_of_behalf
from events.groups.choosing import address_of
from events.groups.known import Known, known
from events.groups.reading import Line
from portal.accounts.api import Membership
from portal.core.principal import Principal
from portal.seats.api import Offering, Person, PersonError, SignUp, cleaned, normal_email, same_person


class Verdict(TextChoices):
    """What would come of a line."""

    FINE = "fine", gettext_lazy("Can be signed up")
    PROBLEM = "problem", gettext_lazy("Must be put right")
    TWICE = "twice", gettext_lazy("Is on the list twice")
    KNOWN = "known", gettext_lazy("Has a place already")


@dataclass(frozen=True, slots=True)
class Judged:
    """A person of the list; `text` says what to do, `field` where."""

    name: str
    email: str
    verdict: Verdict
    person: Person
    text: str = ""
    field: str = "name"
    membership: UUID | None = None

    @property
    def is_fine(self) -> bool:
        """Tell whether she would be signed up."""
        return self.verdict is Verdict.FINE

    @property
    def label(self) -> str:
        """Return the verdict in words."""
        return str(self.verdict.label)

    @property
    def kind(self) -> str:
        """Return the look of the verdict's badge; the words say the same."""
        return {Verdict.FINE: "strong", Verdict.PROBLEM: "warn"}.get(self.verdict, "off")


@dataclass(frozen=True)
class Wish:
    """The list with its verdicts, and how many names come later."""

    behalf: Behalf
    people: tuple[Judged, ...]
    unnamed: int = 0
    may_split: bool = False
    # Of a contact whose account has none: somebody must read of an offer.
    contact_email: str = ""

    @cached_property
    def fine(self) -> list[Person]:
        """Return those who would be signed up."""
        return [one.person for one in self.people if one.is_fine]

    @property
    def strangers(self) -> set[str]:
        """Return the addresses behind which the asker knows nobody."""
        fine = [one for one in self.people if one.is_fine and one.membership is None]
        return {one.person.email for one in fine if one.person.email and not one.person.user}

    @property
    def size(self) -> int:
        """Return how many seats are asked for."""
        return len(self.fine) + self.unnamed

    def count(self, *verdicts: Verdict) -> int:
        """Return how many lines have one of the verdicts."""
        return sum(one.verdict in verdicts for one in self.people)

    @property
    def left_out(self) -> int:
        """Return how many lines would not be signed up."""
        return len(self.people) - len(self.fine)

    @property
    def seen(self) -> str:
        """Return a word for exactly this list: what was read on the screen is what is signed up, or it is shown again."""
        people = [(one.name, one.email, getattr(one.user, "pk", None)) for one in self.fine]
        parts = [people, self.unnamed, self.may_split, self.behalf.key, self.contact_email]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def judge(
    principal: Principal,
    behalf: Behalf,
    offering: Offering,
    *,
    ticked: Iterable[Membership],
    lines: Iterable[Line],
    apart_from: SignUp | None = None,
) -> tuple[Judged, ...]:
    """Return what would come of each person, as far as the asker may know: a stranger's line is always fine.

    `apart_from` is the sign-up that this very form has made before: a second click must find the same people fine.
    """
    tried = [_ticked(one) for one in ticked]
    typed = list(lines)
    colleagues = _colleagues(principal, behalf, typed)
    tried += [_typed(line, colleagues.get(normal_email(line.email))) for line in typed]
    there = known(principal, offering, [one.person for one in tried], apart_from=apart_from)
    found: list[Judged] = []
    for one in tried:
        found.append(_judged(one, [other.person for other in found if other.is_fine], there))
    return tuple(found)


def _ticked(membership: Membership) -> Judged:
    person = Person(membership.person_label, address_of(membership), membership.user)
    return Judged(person.name, person.email, Verdict.FINE, person, membership=membership.uuid)


def _typed(line: Line, colleague: Membership | None) -> Judged:
    """Return a line as a person; a colleague's address is her account's, so that she finds the meeting on her own page."""
    name = line.name or (colleague.person_label if colleague else "")
    person = Person(name, line.email, colleague.user if colleague else None)
    if line.problem:
        return Judged(line.name, line.email, Verdict.PROBLEM, person, line.problem)
    return Judged(name, line.email, Verdict.FINE, person)


def _colleagues(principal: Principal, behalf: Behalf, lines: Iterable[Line]) -> dict[str, Membership]:
    """Return the people of the place whose addresses were written; of others nothing is looked up."""
    emails = {normal_email(line.email) for line in lines if line.email}
    if not emails:
        return {}
    rows = people_of_behalf(principal, behalf).filter(Q(user__email__in=emails) | Q(user=None, email__in=emails))
    return {normal_email(address_of(row)): row for row in rows.order_by("pk")}


def _judged(one: Judged, earlier: list[Person], there: Known) -> Judged:
    if one.verdict is not Verdict.FINE:
        return one
    try:
        person = cleaned(one.person)
    except PersonError as error:
        return _other(one, Verdict.PROBLEM, str(error), field=error.field)
    if there.has(person):
        return _other(one, Verdict.KNOWN, _("She has a place at this meeting, so she is not signed up once more."))
    if any(same_person(person, other) for other in earlier):
        text = _("She is signed up once. If these are two people, write an e-mail address for each.")
        return _other(one, Verdict.TWICE, text, field="email")
    return Judged(one.name, one.email, Verdict.FINE, person, membership=one.membership)


def _other(one: Judged, verdict: Verdict, text: str, *, field: str = "name") -> Judged:
    return Judged(one.name, one.email, verdict, one.person, text, field, one.membership)


def parts_of(wish: Wish) -> Mapping[str, Any]:
    """Return what the kernel wants to know of the list."""
    return {
        "people": wish.fine,
        "unnamed": wish.unnamed,
        "municipality": wish.behalf.municipality,
        "unit": wish.behalf.unit,
        "may_split": wish.may_split,
    }
