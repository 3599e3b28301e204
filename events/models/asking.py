"""What an organiser asks those who sign up, what they answered, and who may see them on the list.

Questions stand beside the page and not in its drafts: an answer must point to the words that were asked.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.enums import ListShown, QuestionKind
from portal.core.mixins import UuidModel
from portal.seats.api import Participant


class Question(UuidModel):
    """One question of a meeting's sign-up form. One that was answered is retired and never reworded."""

    event = models.ForeignKey(
        "events.EventPage", verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="questions"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.CharField(_("question"), max_length=160, help_text=_("For example “Which workshop do you choose?”"))
    help = models.CharField(_("help text"), max_length=200, blank=True, help_text=_("Say what the answer is used for."))
    kind = models.CharField(_("answer"), max_length=8, choices=QuestionKind, default=QuestionKind.CHOICE)
    choices = models.TextField(
        _("choices"), blank=True, max_length=2000, help_text=_("One per line, for “One of a list”.")
    )
    required = models.BooleanField(_("must be answered"), default=False)
    keep_days = models.PositiveSmallIntegerField(
        _("days to keep the answers"), default=30, help_text=_("Counted from the end of the meeting, at most 365.")
    )
    retired = models.BooleanField(_("no longer asked"), default=False)

    objects: ClassVar[models.Manager["Question"]] = models.Manager()

    class Meta:
        verbose_name = _("question at sign-up")
        verbose_name_plural = _("questions at sign-up")
        ordering = ["event", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="events_question_kind_known"),
            models.CheckConstraint(
                condition=Q(keep_days__lte=365),
                name="events_question_keep_days",
                violation_error_message=_("Answers are kept for 365 days at most."),
            ),
            # A list without choices cannot be answered, and "must be answered" would close the sign-up.
            models.CheckConstraint(
                condition=~Q(kind=QuestionKind.CHOICE) | ~Q(choices=""), name="events_question_has_choices"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def options(self) -> tuple[str, ...]:
        """Return the choices without empty lines."""
        return tuple(line.strip() for line in self.choices.splitlines() if line.strip())


class Answer(models.Model):
    """What one person answered; a retention rule of the question takes it away again."""

    question = models.ForeignKey(Question, verbose_name=_("question"), on_delete=models.PROTECT, related_name="answers")
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="answers"
    )
    value = models.CharField(_("answer"), max_length=300)

    objects: ClassVar[models.Manager["Answer"]] = models.Manager()

    class Meta:
        verbose_name = _("answer at sign-up")
        verbose_name_plural = _("answers at sign-up")
        ordering = ["question", "participant", "id"]
        constraints = [
            # Two tabs of one form: the later answer replaces the earlier one, it does not join it.
            models.UniqueConstraint(fields=["question", "participant"], name="events_answer_once"),
        ]

    def __str__(self) -> str:
        return self.value


class ListConsent(models.Model):
    """Who may see a participant on the list; without a row it is the organiser alone. Another person's consent is gone."""

    participant = models.OneToOneField(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="list_consent"
    )
    shown = models.CharField(_("shown to"), max_length=12, choices=ListShown, default=ListShown.NOBODY)
    at = models.DateTimeField(_("time"), auto_now=True)

    objects: ClassVar[models.Manager["ListConsent"]] = models.Manager()

    class Meta:
        verbose_name = _("consent to the list of participants")
        verbose_name_plural = _("consents to the list of participants")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(shown__in=ListShown.values), name="events_list_shown_known"),
        ]

    def __str__(self) -> str:
        return self.get_shown_display()
