"""What a framework brings, typed: the input of `services.framework.load_framework`.

Rows are matched by key and never by title; a key that is missing from the input is left alone. Groups and items have no
key of their own in the catalogue: their identity is derived from the profile's key, the group's and the competence's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LevelInput:
    """One step of a scale."""

    number: int
    name: str
    description: str = ""


@dataclass(frozen=True)
class ScaleInput:
    """A scale; `text_opening` is the word that every level text begins with, empty for no rule."""

    key: str
    name: str
    levels: tuple[LevelInput, ...]
    description: str = ""
    text_opening: str = ""


@dataclass(frozen=True)
class AreaInput:
    """A competence area."""

    key: str
    name: str
    description: str = ""
    sort_order: int = 100


@dataclass(frozen=True)
class CompetenceInput:
    """A competence with a text for each level, lowest first.

    `kind` is knowledge, skill, competence or attitude. A competence without a text for every level is kept as a draft.
    """

    key: str
    name: str
    kind: str
    area: str
    scale: str
    level_texts: tuple[str, ...]
    description: str = ""
    slug: str = ""


@dataclass(frozen=True)
class TeamInput:
    """A requirement to the team: `kind` is min_count or min_share, `amount` persons or per cent."""

    kind: str
    amount: int
    level: int


@dataclass(frozen=True)
class ItemInput:
    """A competence in a group; `importance` is essential, important or useful."""

    competence: str
    importance: str = "important"
    now: int | None = None
    future: int | None = None
    future_year: int | None = None
    team_now: TeamInput | None = None
    team_future: TeamInput | None = None


@dataclass(frozen=True)
class GroupInput:
    """A heading with items. Give a `key` where one competence stands in several groups of a profile."""

    title: str
    items: tuple[ItemInput, ...]
    key: str = ""


@dataclass(frozen=True)
class VoiceInput:
    """A quotation and the function of who said it."""

    quote: str
    who: str


@dataclass(frozen=True)
class SourceInput:
    """What the profile rests on."""

    title: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class NextStepInput:
    """The key of another profile, and what carries over."""

    profile: str
    note: str = ""


@dataclass(frozen=True)
class ProfileInput:
    """A profile. `release_change` and `release_reason` are used when it becomes a second or later release.

    `kind` is base or specialist; `publishers` are keys of parties, `builds_on` keys of profiles; `in_short` is HTML.
    """

    key: str
    title: str
    groups: tuple[GroupInput, ...] = ()
    kind: str = "specialist"
    slug: str = ""
    sector: str = ""
    target_job: str = ""
    lead: str = ""
    in_short: str = ""
    future_year: int | None = None
    publishers: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    voices: tuple[VoiceInput, ...] = ()
    sources: tuple[SourceInput, ...] = ()
    builds_on: tuple[str, ...] = ()
    next_steps: tuple[NextStepInput, ...] = ()
    release_change: str = ""
    release_reason: str = ""


@dataclass(frozen=True)
class FrameworkInput:
    """Everything that one source brings."""

    scales: tuple[ScaleInput, ...] = ()
    areas: tuple[AreaInput, ...] = ()
    competences: tuple[CompetenceInput, ...] = ()
    profiles: tuple[ProfileInput, ...] = ()


@dataclass(frozen=True)
class FrameworkReport:
    """What loading did: keys, prefixed with the kind ("competence:klar-dialog")."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    # Competences that cannot be published for want of level texts.
    drafts: tuple[str, ...] = ()
