"""What the organiser may see of a pulse."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.models import Occurrence, PulseResult, PulseTicket
from events.pulse.questions import FIELDS, QUESTIONS, Said
from events.pulse.services import closes_at
from portal.core.formats import long_date
from portal.organisations.api import SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question with how many gave each answer; without rows it is hidden."""

    text: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PulseScreen:
    """A pulse as it stands: a sentence, and the figures once it has been counted."""

    said: str
    questions: tuple[QuestionResult, ...] = ()


def pulse_screen(occurrence: Occurrence) -> PulseScreen:
    """Return it. While it is open nothing is shown, not even how many have answered: two looks would tell who."""
    if not occurrence.asks_pulse:
        return PulseScreen(_("The three questions are switched off for this meeting."))
    result = PulseResult.objects.filter(occurrence=occurrence).first()
    if result is None and not PulseTicket.objects.filter(occurrence=occurrence).exists():
        return PulseScreen(_("Those who came are asked the day after the meeting, if it was noted who came."))
    if result is None:
        text = _("Those who came have been asked. The answers are counted on %(day)s and shown here then.")
        return PulseScreen(text % {"day": long_date(closes_at(occurrence))})
    if not result.figures:
        text = _("Fewer than %(count)s people answered, so nothing is shown.")
        return PulseScreen(text % {"count": SMALLEST_GROUP})
    text = _("%(answered)s of %(asked)s answered.")
    values = {"answered": result.figures["answered"], "asked": result.figures["asked"]}
    return PulseScreen(text % values, tuple(_question(name, result.figures[name]) for name in FIELDS))


def _question(name: str, counts: list[int] | None) -> QuestionResult:
    labels = [str(label) for label in Said.labels]
    return QuestionResult(str(QUESTIONS[name]), tuple(zip(labels, counts, strict=True)) if counts else ())
