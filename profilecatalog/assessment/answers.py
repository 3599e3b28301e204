"""What a person said about one competence, before it is stored anywhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from profilecatalog.assessment.enums import AnswerKind
from profilecatalog.profiles.api import ReleaseDocument


class UnknownAnswerError(ValueError):
    """A competence that the releases do not ask for, or a level that their scale does not have."""


@dataclass(frozen=True, slots=True)
class Given:
    """A level, or one of the two answers that are no level."""

    kind: AnswerKind
    level: int | None = None

    @property
    def value(self) -> str:
        """Return the answer as the form sends it."""
        return str(self.level) if self.level else str(self.kind.value)

    @classmethod
    def from_value(cls, value: str, levels: int) -> "Given":
        """Read what a form sent for a competence of a scale with so many levels.

        Raises:
            UnknownAnswerError: it is neither a level of the scale nor one of the two other answers.
        """
        if value in {str(number) for number in range(1, levels + 1)}:
            return cls(AnswerKind.LEVEL, int(value))
        if value in {AnswerKind.NOT_RELEVANT.value, AnswerKind.DONT_KNOW.value}:
            return cls(AnswerKind(value))
        raise UnknownAnswerError(value)


def levels_of(document: ReleaseDocument) -> int:
    """Return how many levels the form offers; a release has one scale for all its competences."""
    return len(document.scale.levels) if document.scale else 0


def check_complete(documents: Iterable[ReleaseDocument], answers: Mapping[UUID, Given]) -> None:
    """Refuse answers that do not fit the releases they are given to.

    Raises:
        UnknownAnswerError: a competence is missing or unknown, or a level lies outside its scale.
    """
    levels = {n.item.competence_uuid: levels_of(document) for document in documents for n in document.needs}
    if set(levels) != set(answers):
        raise UnknownAnswerError("The answers are not those of the form's competences.")
    for competence, given in answers.items():
        Given.from_value(given.value, levels[competence])
