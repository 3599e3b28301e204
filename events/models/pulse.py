"""Three questions after a meeting. Who was asked and what was answered stand apart, and nothing joins them.

An answer holds no time, no person and no link; a ticket says only whether it has been used. What is shown is the result that
was counted once, when the pulse closed, and only if enough people answered.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.occurrences import Occurrence


class PulseTicket(models.Model):
    """The right to answer once. It names no participant."""

    occurrence = models.ForeignKey(
        Occurrence, verbose_name=_("meeting time"), on_delete=models.CASCADE, related_name="pulse_tickets"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    used = models.BooleanField(_("used"), default=False)

    objects: ClassVar[models.Manager["PulseTicket"]] = models.Manager()

    class Meta:
        verbose_name = _("right to answer")
        verbose_name_plural = _("rights to answer")
        ordering = ["token_hash"]

    def __str__(self) -> str:
        return str(self.occurrence_id)


class PulseAnswer(models.Model):
    """Three answers from 1 (no) to 4 (yes), 0 for "do not know"; deleted when the pulse has been counted."""

    # A random key: the order of the rows would tell who answered when.
    id = models.UUIDField(primary_key=True, editable=False)
    occurrence = models.ForeignKey(
        Occurrence, verbose_name=_("meeting time"), on_delete=models.CASCADE, related_name="pulse_answers"
    )
    worthwhile = models.PositiveSmallIntegerField(_("worth the time"))
    usable = models.PositiveSmallIntegerField(_("usable at work"))
    again = models.PositiveSmallIntegerField(_("would come again"))

    objects: ClassVar[models.Manager["PulseAnswer"]] = models.Manager()

    class Meta:
        verbose_name = _("answer to the pulse")
        verbose_name_plural = _("answers to the pulse")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(worthwhile__lte=4, usable__lte=4, again__lte=4), name="events_pulse_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.occurrence_id)


class PulseResult(models.Model):
    """What the pulse came to, counted once; `figures` is empty when too few answered."""

    occurrence = models.OneToOneField(
        Occurrence, verbose_name=_("meeting time"), on_delete=models.CASCADE, related_name="pulse_result"
    )
    closed_at = models.DateTimeField(_("closed"))
    figures = models.JSONField(_("figures"), default=dict, blank=True)

    objects: ClassVar[models.Manager["PulseResult"]] = models.Manager()

    class Meta:
        verbose_name = _("result of the pulse")
        verbose_name_plural = _("results of the pulse")
        ordering = ["occurrence"]

    def __str__(self) -> str:
        return str(self.occurrence_id)
