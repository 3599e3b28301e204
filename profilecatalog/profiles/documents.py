"""The resolved content of a release: typed, frozen, and one canonical text of it.

Everything that stands here is hashed, shown and answered to. Change marks are not part of the text (see
`ProfileRelease`): they are laid over it when a document is read.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str)


def sha256(text: str) -> str:
    """Return the hash of a text in UTF-8, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def text_hash(name: str, level_texts: Iterable[str]) -> str:
    """Return the hash of the words that a person answers to: the name and the level texts."""
    return sha256(canonical({"name": name, "level_texts": list(level_texts)}))


def wording_hash(name: str, kind: str, description: str, level_texts: Iterable[str]) -> str:
    """Return the hash of everything that a competence says in a profile."""
    words = {"name": name, "kind": kind, "description": description, "level_texts": list(level_texts)}
    return sha256(canonical(words))


@dataclass(frozen=True)
class ReleaseLevel:
    """One step of the scale."""

    number: int
    name: str
    description: str = ""

    @property
    def label(self) -> str:
        """Return number and word, which always go together."""
        return f"{self.number} {self.name}"


@dataclass(frozen=True)
class ReleaseScale:
    """The scale as it was; `levels` run from 1 upwards without gaps."""

    key: str
    name: str
    levels: tuple[ReleaseLevel, ...]

    def level(self, number: int) -> ReleaseLevel:
        """Return a step by its number.

        Raises:
            ValueError: the scale has no such step.
        """
        if not 1 <= number <= len(self.levels):
            raise ValueError(f"The scale {self.key} has no level {number}.")
        return self.levels[number - 1]


@dataclass(frozen=True)
class Requirement:
    """What is asked, of whom and when.

    `horizon` is "now" or "future"; `kind` "everyone", "min_count" or "min_share". `amount` counts persons or per cent
    and is None for everyone. `year` is set for the future only.
    """

    horizon: str
    kind: str
    level: int
    amount: int | None = None
    year: int | None = None

    @property
    def is_personal(self) -> bool:
        """Tell whether it is a demand on each person; the team kinds never are."""
        return self.kind == "everyone"


@dataclass(frozen=True)
class ReleaseItem:
    """One competence that the profile asks for, with all its words."""

    uuid: UUID
    competence_uuid: UUID
    competence_key: str
    name: str
    kind: str
    description: str
    importance: str
    requirements: tuple[Requirement, ...]
    level_texts: tuple[str, ...]
    text_hash: str
    slug: str
    mark: str = "new"

    @property
    def wording(self) -> str:
        """Return the hash of everything that the competence says here."""
        return wording_hash(self.name, self.kind, self.description, self.level_texts)

    def _personal(self, horizon: str) -> Requirement | None:
        return next((r for r in self.requirements if r.is_personal and r.horizon == horizon), None)

    @property
    def now(self) -> int | None:
        """Return the level asked of everyone now, if any."""
        found = self._personal("now")
        return found.level if found else None

    @property
    def future(self) -> int | None:
        """Return the level asked of everyone in future, if any."""
        found = self._personal("future")
        return found.level if found else None

    @property
    def future_year(self) -> int | None:
        """Return the year of the first requirement in future, if any."""
        return next((r.year for r in self.requirements if r.horizon == "future"), None)

    @property
    def team_requirements(self) -> tuple[Requirement, ...]:
        """Return what is asked of the team and of nobody in person."""
        return tuple(r for r in self.requirements if not r.is_personal)


@dataclass(frozen=True)
class ReleaseGroup:
    """A heading with its items."""

    uuid: UUID
    title: str
    items: tuple[ReleaseItem, ...]


@dataclass(frozen=True)
class VoiceText:
    """A quotation and who said it, as a function and never a name."""

    quote: str
    who: str


@dataclass(frozen=True)
class SourceText:
    """What the profile rests on."""

    title: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class ProfileRef:
    """Another profile, by its outside identity and the title it had."""

    uuid: UUID
    title: str
    note: str = ""


@dataclass(frozen=True)
class RetiredItem:
    """An item of the release before that is gone, and by which competence it was replaced, if it was."""

    uuid: UUID
    competence_uuid: UUID
    name: str
    replaced_by: str = ""


@dataclass(frozen=True)
class CompetenceNeed:
    """One competence of a profile with the highest personal level of each horizon, however often it stands in it."""

    item: ReleaseItem
    now: int | None
    future: int | None


@dataclass(frozen=True)
class ReleaseDocument:
    """Everything that the public profile page says."""

    title: str
    summary: str
    kind: str
    sector: str
    target_job: str
    # A profile without items has a scale without levels.
    scale: ReleaseScale = ReleaseScale("", "", ())
    publishers: tuple[str, ...] = ()
    in_short: str = ""
    tasks: tuple[str, ...] = ()
    groups: tuple[ReleaseGroup, ...] = ()
    questions: tuple[str, ...] = ()
    voices: tuple[VoiceText, ...] = ()
    sources: tuple[SourceText, ...] = ()
    builds_on: tuple[ProfileRef, ...] = ()
    next_steps: tuple[ProfileRef, ...] = ()
    retired: tuple[RetiredItem, ...] = field(default=())

    @cached_property
    def items(self) -> tuple[ReleaseItem, ...]:
        """Return all items in the order of the page."""
        return tuple(item for group in self.groups for item in group.items)

    @cached_property
    def needs(self) -> tuple[CompetenceNeed, ...]:
        """Return each competence once, with the highest level asked of a person.

        A competence may stand in several groups (an outside framework with a group per career step); whoever asks or
        answers per competence goes through this list, never through `items`.
        """
        first: dict[UUID, ReleaseItem] = {}
        levels: dict[UUID, tuple[list[int], list[int]]] = {}
        for item in self.items:
            first.setdefault(item.competence_uuid, item)
            now, future = levels.setdefault(item.competence_uuid, ([], []))
            now.extend([item.now] if item.now else [])
            future.extend([item.future] if item.future else [])
        return tuple(
            CompetenceNeed(item, max(levels[key][0], default=None), max(levels[key][1], default=None))
            for key, item in first.items()
        )

    def item_for(self, competence_uuid: UUID) -> ReleaseItem | None:
        """Return the first item that asks for a competence, if any does."""
        return next((item for item in self.items if item.competence_uuid == competence_uuid), None)

    @cached_property
    def content(self) -> str:
        """Return the canonical text, without the marks."""
        data = asdict(self)
        data.pop("retired")
        for group in data["groups"]:
            for item in group["items"]:
                item.pop("mark")
        return canonical(data)

    @property
    def sha256(self) -> str:
        """Return the hash of the canonical text."""
        return sha256(self.content)

    @property
    def changes(self) -> dict[str, Any]:
        """Return the marks and the retired items as JSON values."""
        marks = {str(item.uuid): item.mark for item in self.items}
        retired = [{**asdict(r), "uuid": str(r.uuid), "competence_uuid": str(r.competence_uuid)} for r in self.retired]
        return {"marks": marks, "retired": retired}

    def with_changes(self, changes: Mapping[str, Any]) -> "ReleaseDocument":
        """Lay marks over the content."""
        marks = changes.get("marks", {})
        groups = tuple(
            replace(g, items=tuple(replace(i, mark=marks.get(str(i.uuid), i.mark)) for i in g.items))
            for g in self.groups
        )
        return replace(self, groups=groups, retired=tuple(_retired(row) for row in changes.get("retired", ())))

    @classmethod
    def from_json(cls, content: str, changes: Mapping[str, Any]) -> "ReleaseDocument":
        """Read a stored release."""
        data = json.loads(content)
        typed: dict[str, Any] = {k: data[k] for k in ("title", "summary", "kind", "sector", "target_job", "in_short")}
        typed |= {k: tuple(data[k]) for k in ("publishers", "tasks", "questions")}
        document = cls(
            **typed,
            scale=_scale(data["scale"]),
            groups=tuple(_group(row) for row in data["groups"]),
            voices=tuple(VoiceText(**row) for row in data["voices"]),
            sources=tuple(SourceText(**row) for row in data["sources"]),
            builds_on=tuple(_ref(row) for row in data["builds_on"]),
            next_steps=tuple(_ref(row) for row in data["next_steps"]),
        )
        return document.with_changes(changes)


def _scale(row: dict[str, Any]) -> ReleaseScale:
    return ReleaseScale(row["key"], row["name"], tuple(ReleaseLevel(**level) for level in row["levels"]))


def _group(row: dict[str, Any]) -> ReleaseGroup:
    return ReleaseGroup(UUID(row["uuid"]), row["title"], tuple(_item(item) for item in row["items"]))


def _item(row: dict[str, Any]) -> ReleaseItem:
    typed = {
        "uuid": UUID(row["uuid"]),
        "competence_uuid": UUID(row["competence_uuid"]),
        "requirements": tuple(Requirement(**requirement) for requirement in row["requirements"]),
        "level_texts": tuple(row["level_texts"]),
    }
    return ReleaseItem(**{**row, **typed})


def _ref(row: dict[str, Any]) -> ProfileRef:
    return ProfileRef(UUID(row["uuid"]), row["title"], row["note"])


def _retired(row: Mapping[str, Any]) -> RetiredItem:
    return RetiredItem(**{**row, "uuid": UUID(row["uuid"]), "competence_uuid": UUID(row["competence_uuid"])})
