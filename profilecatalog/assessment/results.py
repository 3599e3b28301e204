"""A person's own result, computed from the answers in hand and never from the database.

It compares each answer with what the profile asks of everyone. It adds nothing up to one figure: an average of levels
would hide the very differences that a development talk is about. Requirements of the team stay out; they ask nothing
of one person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from uuid import UUID

from profilecatalog.assessment.answers import Given
from profilecatalog.assessment.enums import AnswerKind
from profilecatalog.profiles.api import CompetenceNeed, ReleaseDocument

MOST_STEPS = 3
WEIGHTS: Mapping[str, int] = {"essential": 3, "important": 2, "useful": 1}
# A requirement that holds today weighs double one that is still to come.
NOW_WEIGHT = 2


class Standing(Enum):
    """Where an answer stands beside the requirement."""

    MET = "met"
    GROWS = "grows"
    BELOW = "below"
    NO_REQUIREMENT = "no_requirement"
    NOT_RELEVANT = "not_relevant"
    DONT_KNOW = "dont_know"


@dataclass(frozen=True)
class Gap:
    """What is missing in one competence, for whoever has something to offer against it."""

    competence_uuid: UUID
    from_level: int | None
    to_level: int


@dataclass(frozen=True)
class ResultRow:
    """One competence: what was answered, and what is asked for now and in future."""

    need: CompetenceNeed
    given: Given

    @property
    def me(self) -> int | None:
        """Return the level that was chosen, if one was."""
        return self.given.level

    @property
    def standing(self) -> Standing:
        """Return the one word that stands beside the picture."""
        if self.given.kind == AnswerKind.NOT_RELEVANT:
            return Standing.NOT_RELEVANT
        if self.given.kind == AnswerKind.DONT_KNOW or self.me is None:
            return Standing.DONT_KNOW
        if self.need.now is None and self.need.future is None:
            return Standing.NO_REQUIREMENT
        if self.me < (self.need.now or 0):
            return Standing.BELOW
        return Standing.GROWS if self.me < (self.need.future or 0) else Standing.MET

    @property
    def target(self) -> int | None:
        """Return the nearest requirement that the answer does not reach: now before future."""
        if self.standing in {Standing.DONT_KNOW, Standing.BELOW}:
            return self.need.now or self.need.future
        return self.need.future if self.standing is Standing.GROWS else None

    @property
    def weight(self) -> int:
        """Return how much there is to gain: the levels that are missing, by the importance of the competence."""
        if self.me is None or self.standing not in {Standing.BELOW, Standing.GROWS}:
            return 0
        missing_now = max(0, (self.need.now or 0) - self.me)
        missing_later = max(0, (self.need.future or 0) - self.me)
        return WEIGHTS.get(self.need.item.importance, 1) * (NOW_WEIGHT * missing_now + missing_later)

    @property
    def next_text(self) -> str:
        """Return the text of the next level up, which is where a person can begin."""
        texts = self.need.item.level_texts
        return texts[self.me] if self.me is not None and self.me < len(texts) else ""


@dataclass(frozen=True)
class Result:
    """Everything the result page says, in the profile's order."""

    document: ReleaseDocument
    rows: tuple[ResultRow, ...]

    @cached_property
    def required_now(self) -> tuple[ResultRow, ...]:
        """Return the rows in which a level meets a requirement of today."""
        return tuple(row for row in self.rows if row.me is not None and row.need.now is not None)

    @cached_property
    def below(self) -> tuple[ResultRow, ...]:
        """Return the rows below a requirement of today."""
        return tuple(row for row in self.rows if row.standing is Standing.BELOW)

    @cached_property
    def growing(self) -> tuple[ResultRow, ...]:
        """Return the rows that are enough today and not in future."""
        return tuple(row for row in self.rows if row.standing is Standing.GROWS)

    @cached_property
    def steps(self) -> tuple[ResultRow, ...]:
        """Return up to three rows to begin with: the largest gaps, then what the person could not tell.

        Equal ones keep the profile's order.
        """
        gaps = sorted((row for row in self.rows if row.weight), key=lambda row: -row.weight)
        unsure = [row for row in self.rows if row.standing is Standing.DONT_KNOW and row.target]
        unsure.sort(key=lambda row: -WEIGHTS.get(row.need.item.importance, 1))
        return tuple([*gaps, *unsure][:MOST_STEPS])

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Return all gaps, largest first, for packages above that have something to suggest."""
        rows = sorted((row for row in self.rows if row.weight), key=lambda row: -row.weight)
        return tuple(Gap(row.need.item.competence_uuid, row.me, row.target) for row in rows if row.target)

    @property
    def year(self) -> int | None:
        """Return the first year that a requirement in future is about."""
        years = [row.need.item.future_year for row in self.rows if row.need.future]
        return min((year for year in years if year), default=None)


def build_result(document: ReleaseDocument, answers: Mapping[UUID, Given]) -> Result:
    """Lay the answers beside the requirements."""
    return Result(document, tuple(ResultRow(need, answers[need.item.competence_uuid]) for need in document.needs))
