"""A meeting's questions as fields of a form, and the fields' values as answers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.enums import ListShown, QuestionKind
from events.models import EventPage, Question
from events.signup.answers import LARGEST_NUMBER, NO, YES, asked
from portal.seats.api import Participant

PREFIX = "question_"
SHOWN = "shown"
# A longer list is easier to search as a menu than to read as buttons.
_MOST_BUTTONS = 6
TEXT_LENGTH = 200


def field_name(question: Question) -> str:
    """Return what the question's field is called."""
    return f"{PREFIX}{question.uuid}"


def question_fields(event: EventPage) -> dict[str, forms.Field]:
    """Return a field for each question that the meeting asks now, in order."""
    return {field_name(question): _field(question) for question in asked(event.occurrences_of_id)}


def _field(question: Question) -> forms.Field:
    words: dict[str, Any] = {"label": question.text, "required": question.required, "help_text": question.help}
    build = {
        QuestionKind.YES_NO: _yes_no,
        QuestionKind.CHOICE: _choice,
        QuestionKind.NUMBER: _number,
        QuestionKind.TEXT: _text,
    }
    return build[QuestionKind(question.kind)](question, words)


def _yes_no(question: Question, words: dict[str, Any]) -> forms.Field:
    return _one_of([(YES, _("Yes")), (NO, _("No"))], words)


def _choice(question: Question, words: dict[str, Any]) -> forms.Field:
    return _one_of([(option, option) for option in question.options], words)


def _one_of(choices: list[tuple[str, Any]], words: dict[str, Any]) -> forms.Field:
    """Return radio buttons or a menu. What need not be answered can also be taken back."""
    buttons = len(choices) <= _MOST_BUTTONS
    if not words["required"]:
        choices = [*choices, ("", _("No answer"))] if buttons else [("", _("No answer")), *choices]
    elif not buttons:
        choices = [("", _("Choose from the list")), *choices]
    return forms.ChoiceField(
        choices=choices,
        widget=forms.RadioSelect if buttons else forms.Select,
        error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose an answer from the list.")},
        **words,
    )


def _number(question: Question, words: dict[str, Any]) -> forms.Field:
    text = _("Write a whole number from 0 to %(limit)s.") % {"limit": LARGEST_NUMBER}
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(min_value=0, max_value=LARGEST_NUMBER, error_messages=dict.fromkeys(names, text), **words)


def _text(question: Question, words: dict[str, Any]) -> forms.Field:
    words["help_text"] = words["help_text"] or _("Write nothing about anybody's health.")
    return forms.CharField(
        max_length=TEXT_LENGTH,
        error_messages={
            "required": _("Write an answer."),
            "max_length": _("The answer is too long: write at most %(limit_value)s characters."),
        },
        **words,
    )


def consent_field() -> forms.ChoiceField:
    """Return the choice of who may see her on the list: nobody, until she says something else."""
    return forms.ChoiceField(
        label=_("Who may see you on the list of participants?"),
        help_text=_("You can change your mind until the meeting."),
        choices=ListShown.choices,
        initial=ListShown.NOBODY,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who may see you on the list."),
            "invalid_choice": _("Choose who may see you on the list."),
        },
    )


def answers_in(cleaned: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers of a valid form, by the question's uuid, as `answers_save` takes them."""
    found = {name.removeprefix(PREFIX): value for name, value in cleaned.items() if name.startswith(PREFIX)}
    return {name: "" if value is None else str(value) for name, value in found.items()}


def answers_of(participant: Participant) -> dict[str, str]:
    """Return what has been answered, by field, for a form that shows it again."""
    answers = participant.answers.select_related("question")
    return {field_name(answer.question): answer.value for answer in answers}
