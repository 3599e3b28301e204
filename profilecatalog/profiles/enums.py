"""The catalogue's closed vocabularies, with named groups of states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CompetenceKind(models.TextChoices):
    """What sort of thing a person can be good at."""

    KNOWLEDGE = "knowledge", _("Knowledge")
    SKILL = "skill", _("Skill")
    COMPETENCE = "competence", _("Competence")
    ATTITUDE = "attitude", _("Attitude")


class ProfileKind(models.TextChoices):
    """Profiles are building blocks: a base series, and specialist profiles on top."""

    BASE = "base", _("Base competences")
    SPECIALIST = "specialist", _("Specialist profile")


class Importance(models.TextChoices):
    """How much a competence weighs in the job."""

    ESSENTIAL = "essential", _("Essential")
    IMPORTANT = "important", _("Important")
    USEFUL = "useful", _("Useful")


class Horizon(models.TextChoices):
    """When a requirement holds."""

    NOW = "now", _("Now")
    FUTURE = "future", _("In future")


class RequirementKind(models.TextChoices):
    """Whom a requirement concerns. The two team kinds never become a personal demand."""

    EVERYONE = "everyone", _("Everyone")
    MIN_COUNT = "min_count", _("At least a number of persons")
    MIN_SHARE = "min_share", _("At least a share of the team (%)")


TEAM_KINDS: tuple[tuple[str, object], ...] = (
    (RequirementKind.MIN_COUNT.value, RequirementKind.MIN_COUNT.label),
    (RequirementKind.MIN_SHARE.value, RequirementKind.MIN_SHARE.label),
)


class ReleaseChange(models.TextChoices):
    """What the editor says about a new release; `FIRST` is given by the service and never chosen."""

    FIRST = "first", _("First release")
    CLARIFIED = "clarified", _("Only clarified")
    CHANGED = "changed", _("Changed content")


CHOSEN_CHANGES: tuple[tuple[str, object], ...] = (
    (ReleaseChange.CLARIFIED.value, ReleaseChange.CLARIFIED.label),
    (ReleaseChange.CHANGED.value, ReleaseChange.CHANGED.label),
)


class Mark(models.TextChoices):
    """What happened to one item since the release before."""

    UNCHANGED = "unchanged", _("Unchanged")
    CLARIFIED = "clarified", _("Clarified")
    CHANGED = "changed", _("Changed")
    NEW = "new", _("New")
    REPLACED = "replaced", _("Replaced")


class ProposalStatus(models.TextChoices):
    """Where the question "new release?" stands."""

    WAITING = "waiting", _("Waiting")
    POSTPONED = "postponed", _("Postponed")
    ADOPTED = "adopted", _("Adopted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def open_states(cls) -> tuple["ProposalStatus", ...]:
        """Return the states in which somebody may still act."""
        return (cls.WAITING, cls.POSTPONED)
