"""The closed vocabularies of self-assessment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundMode(models.TextChoices):
    """How a round is held; the public widget only knows the anonymous one."""

    ANONYMOUS = "anonymous", _("Anonymous")
    DEVELOPMENT_TALK = "mus", _("Development talk (MUS)")
    TABLE = "table", _("Around a table")


class RoundStatus(models.TextChoices):
    """`ENDED` takes no more answers and waits for the command that counts and closes it."""

    OPEN = "open", _("Open for answers")
    ENDED = "ended", _("Ended, not yet counted")
    CLOSED = "closed", _("Counted and closed")


class KeyState(models.TextChoices):
    """Where an embed key stands; `ENDING` still works, since its successor has been made a short while ago."""

    WORKS = "works", _("Works")
    ENDING = "ending", _("Works for a while yet")
    ENDED = "ended", _("Ended")
    REVOKED = "revoked", _("Closed")


class AnswerKind(models.TextChoices):
    """What a person said about one competence; the two last stand apart from the levels and are never counted as one."""

    LEVEL = "level", _("A level")
    NOT_RELEVANT = "not_relevant", _("Not relevant for my job")
    DONT_KNOW = "dont_know", _("Don't know")


class Suppression(models.TextChoices):
    """Why a total is hidden.

    "Too alike" is deliberately not a reason of its own: to say that everybody answered the same would tell each of
    them what all the others said.
    """

    TOO_FEW = "too_few", _("Too few answers")
    PROTECTED = "protected", _("Could reveal somebody's answer")
