"""What is searched for, by week and without persons. Why it is built so: docs/decisions/0029-searches-without-persons.md."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class UsageWeek(models.Model):
    """A week that is being counted, with half of the key of its digests; deleted with them when the week is over.

    Also the row that is locked while counts are written, so that two processes do not count past each other.
    """

    week = models.DateField(_("week"), unique=True, help_text=_("The Monday with which it begins."))
    salt = models.CharField(max_length=64, editable=False)

    objects: ClassVar[models.Manager["UsageWeek"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("week that is being counted")
        verbose_name_plural = _("weeks that are being counted")
        ordering = ["week"]

    def __str__(self) -> str:
        return self.week.isoformat()


class RareQuery(models.Model):
    """A search that has not been made often enough this week for its words to be kept: a digest that nobody can read."""

    week = models.ForeignKey(UsageWeek, on_delete=models.CASCADE, related_name="rare")
    digest = models.CharField(max_length=64, editable=False)
    # The minutes of the hour in which it was asked, a bit for each: somebody who repeats herself within a minute counts once
    # towards the threshold, whatever process answers. Neither the hour nor the day is kept.
    minutes = models.BigIntegerField(default=0)
    times = models.PositiveIntegerField(_("times"), default=0)
    misses = models.PositiveIntegerField(_("times without a hit"), default=0)

    objects: ClassVar[models.Manager["RareQuery"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("rare search")
        verbose_name_plural = _("rare searches")
        constraints = [models.UniqueConstraint(fields=["week", "digest"], name="search_rare_query_once")]

    def __str__(self) -> str:
        return self.digest[:8]


class QueryCount(models.Model):
    """How often a search was made in one week, and how often it found nothing; nothing finer, and nothing about anybody."""

    week = models.DateField(_("week"), help_text=_("The Monday with which it begins."))
    text = models.CharField(_("search"), max_length=80)
    times = models.PositiveIntegerField(_("times"), default=0)
    misses = models.PositiveIntegerField(_("times without a hit"), default=0)

    objects: ClassVar[models.Manager["QueryCount"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("search of a week")
        verbose_name_plural = _("searches of a week")
        ordering = ["-week", "-times", "text"]
        constraints = [
            models.UniqueConstraint(fields=["week", "text"], name="search_query_once_a_week"),
            models.CheckConstraint(
                condition=models.Q(misses__lte=models.F("times")), name="search_no_more_misses_than_times"
            ),
        ]

    def __str__(self) -> str:
        return self.text
