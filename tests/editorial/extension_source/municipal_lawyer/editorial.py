"""A task type, a condition and a check. Read while the apps load, so models are imported where they are used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.core.principal import Principal
from portal.editorial.api import (
    PASS,
    WAIT,
    EditorialRegistry,
    Finding,
    Moment,
    Outcome,
    Promise,
    Seat,
    TaskType,
    Verdict,
)


@dataclass(frozen=True)
class Office:
    """The group whose members answer, and what the office is called."""

    groups: tuple[str, ...]
    office: str = "kommunen"

    def __post_init__(self) -> None:
        if not self.groups:
            raise ValueError("name the group of the lawyers")


class LawyersOpinion(TaskType):
    """Waits for one lawyer, and enters what she says in the journal."""

    parameters: ClassVar[type[Any]] = Office
    human: ClassVar[bool] = True
    template: ClassVar[str] = "municipal_lawyer/opinion.html"

    def seats(self, moment: Moment, given: Office) -> tuple[Seat, ...]:
        """Return the one seat."""
        return (Seat("lawyer", f"Jurist i {given.office}"),)

    def seats_of(self, moment: Moment, given: Office, user: Any, principal: Principal) -> tuple[Seat, ...]:
        """Return it for the members of the group."""
        return () if principal.groups.isdisjoint(given.groups) else self.seats(moment, given)

    def answered(self, moment: Moment, given: Office) -> Verdict:
        """Pass with an approval; the journal gets its row in the same transaction."""
        from municipal_lawyer.models import Opinion

        against = next((vote for vote in moment.votes if vote.answer == vote.RETURN), None)
        if against is not None:
            return Verdict(Outcome.RETURN, comment=against.comment)
        approved = next((vote for vote in moment.votes if vote.answer == vote.APPROVE), None)
        if approved is None:
            return WAIT
        Opinion.objects.create(journal_number=f"2026-{approved.pk}", digest=moment.digest, text=approved.comment)
        return PASS

    def promise(self, given: Office) -> Promise:
        """Promise one person."""
        return Promise(people=1)

    def shown(self, moment: Moment, given: Office) -> dict[str, Any]:
        """Return the opinions on this content."""
        from municipal_lawyer.models import Opinion

        return {"opinions": list(Opinion.objects.filter(digest=moment.digest).order_by("pk"))}


@dataclass(frozen=True)
class Word:
    """A word."""

    word: str


def mentions(moment: Moment, wanted: Word) -> bool:
    """Hold for a page whose title holds the word."""
    return wanted.word.lower() in moment.page.title.lower()


def names_its_paragraph(moment: Moment, given: Any) -> Iterator[Finding]:
    """Find a page about a law that names no paragraph."""
    if "§" not in moment.page.lead:
        yield Finding("Skriv, hvilken paragraf siden handler om.", field="lead")


def register(registry: EditorialRegistry) -> None:
    """Add the names; the package's own name before the dot keeps them apart from others."""
    registry.task("lawyer.opinion", LawyersOpinion(), title="Juristernes udtalelse")
    registry.condition("lawyer.mentions", Word)(mentions)
    registry.check("lawyer.names_its_paragraph", title="Paragraf")(names_its_paragraph)
