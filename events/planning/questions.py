"""Changes of the questions that a meeting asks at sign-up. What was answered keeps its words."""

import re
from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.enums import QuestionKind
from events.models import EventPage, Question
from portal.core import audit
from portal.core.errors import RefusedError

# Beginnings of words that ask for what nobody may write freely in a form of ours.
_DANISH = (
    r"\b(?:astma|diabetes|diagnose|diæt|funktionsnedsættelse|gravid|helbred|intolerance|(?:kost|mad)hensyn"
    r"|lidelse|medicin|psykisk|syg|særlige (?:behov|hensyn))"
)
_ENGLISH = r"\b(?:diet|disab|health|illness|impairment|medical|pregnan|special needs)"
_HEALTH = re.compile(f"{_DANISH}|{_ENGLISH}|allergi|handicap|sygdom", re.IGNORECASE)
WORDING = ("text", "kind", "choices")


class AnsweredError(RefusedError):
    """Somebody has answered the question: it can be retired, and neither reworded nor deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpec:
    """What may be said about a question; `choices` has one choice per line."""

    text: str
    kind: str = QuestionKind.CHOICE.value
    choices: str = ""
    help: str = ""
    required: bool = False
    position: int = 1
    keep_days: int = 30
    retired: bool = False


_NAMES = tuple(field.name for field in fields(QuestionSpec))


def question_spec(question: Question) -> QuestionSpec:
    """Return what the row says now."""
    return QuestionSpec(**{name: getattr(question, name) for name in _NAMES})


def check(spec: QuestionSpec) -> None:
    """Refuse a list that gives no choice, and a free text about health.

    Raises:
        ValidationError: with the field that is wrong.
    """
    choices = [line.strip() for line in spec.choices.splitlines() if line.strip()]
    if spec.kind == QuestionKind.CHOICE and len({choice.casefold() for choice in choices}) < 2:
        raise ValidationError({"choices": _("Write at least two different choices, one per line.")})
    if spec.kind == QuestionKind.CHOICE and any(len(choice) > 300 for choice in choices):
        raise ValidationError({"choices": _("Write at most 300 characters in each choice.")})
    if spec.kind == QuestionKind.TEXT and _HEALTH.search(f"{spec.text} {spec.help}"):
        text = _(
            "This asks for something about people's health in their own words, and the portal must not keep that. "
            "Ask with a list instead, for example of meals, or let them write to the contact person."
        )
        raise ValidationError({"text": text}, code="health")


@transaction.atomic
def question_save(
    *, actor: Any, spec: QuestionSpec, event: EventPage | None = None, question: Question | None = None
) -> Question:
    """Add a question to a meeting, or change one; nothing is written when nothing changes.

    Raises:
        ValidationError: a rule of the question is broken.
        AnsweredError: it has been answered, and its words or the time that answers are kept would change.
    """
    check(spec)
    if question is None or question.pk is None:
        if event is None:
            raise ValueError("A new question needs its meeting.")
        made = _write(Question(event=event), spec)
        audit.record(actor=actor, action="question.created", obj=made, after=_json(spec))
        return made
    # Whoever answers holds a share of this row, so nobody answers words that change meanwhile.
    stored = Question.objects.select_for_update().get(pk=question.pk)
    before = question_spec(stored)
    if before == spec:
        return stored
    keep_the_promise(stored, before, spec)
    _write(stored, spec)
    audit.record(actor=actor, action="question.changed", obj=stored, before=_json(before), after=_json(spec))
    return stored


def keep_the_promise(stored: Question, before: QuestionSpec, spec: QuestionSpec) -> None:
    """Refuse what those who have answered were not told."""
    if not stored.answers.exists():
        return
    if any(getattr(before, name) != getattr(spec, name) for name in WORDING):
        raise AnsweredError(
            _("This question has been answered and keeps its words. Tick “no longer asked”, and add a new question.")
        )
    if spec.keep_days > before.keep_days:
        text = _(
            "Those who have answered were promised that it is kept for %(days)s days. It can only be made shorter."
        )
        raise AnsweredError(text % {"days": before.keep_days})


def _write(question: Question, spec: QuestionSpec) -> Question:
    for name in _NAMES:
        setattr(question, name, getattr(spec, name))
    question.full_clean()
    question.save()
    return question


def _json(spec: QuestionSpec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in _NAMES}


@transaction.atomic
def question_delete(*, actor: Any, question: Question) -> None:
    """Remove a question that nobody has answered.

    Raises:
        AnsweredError: somebody has.
    """
    stored = Question.objects.select_for_update().get(pk=question.pk)
    if stored.answers.exists():
        raise AnsweredError(_("This question has been answered. Tick “no longer asked” instead of deleting it."))
    audit.record(actor=actor, action="question.deleted", obj=stored, before=_json(question_spec(stored)))
    stored.delete()


@transaction.atomic
def questions_copy(*, actor: Any, source: EventPage, target: EventPage) -> list[Question]:
    """Ask at another meeting what is asked at this one; answers belong to those who gave them and stay."""
    rows = Question.objects.filter(event=source, retired=False).order_by("position", "pk")
    return [question_save(actor=actor, event=target, spec=question_spec(row)) for row in rows]
