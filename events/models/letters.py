"""Which mails a meeting has caused, and who wants to hear about new meetings."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.enums import LetterKind, Scope
from events.models.occurrences import Occurrence
from portal.core.mixins import UuidModel
from portal.seats.api import Participant, SignUp


class Letter(UuidModel):
    """One mail about one sign-up. Whether it has left is said by the outbox, under the same key."""

    occurrence = models.ForeignKey(
        Occurrence, verbose_name=_("meeting time"), on_delete=models.CASCADE, related_name="letters"
    )
    sign_up = models.ForeignKey(
        SignUp, verbose_name=_("sign-up"), null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    participant = models.ForeignKey(
        Participant,
        verbose_name=_("participant"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="letters",
    )
    kind = models.CharField(_("kind"), max_length=16, choices=LetterKind)
    email = models.EmailField(_("sent to"))
    # SEQUENCE of the calendar file in it: a later file to the same receiver has a higher one.
    sequence = models.PositiveIntegerField(_("number of the calendar file"), null=True, blank=True)
    key = models.CharField(max_length=160, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects: ClassVar[models.Manager["Letter"]] = models.Manager()

    class Meta:
        verbose_name = _("mail about a meeting")
        verbose_name_plural = _("mails about meetings")
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["occurrence", "email"], name="events_letters_to")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LetterKind.values), name="events_letter_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Subscription(UuidModel):
    """An address that wants to hear about new meetings. It counts from the confirmation on, and holds nothing else."""

    email = models.EmailField(_("e-mail"))
    scope = models.CharField(_("about"), max_length=12, choices=Scope)
    # A region's or municipality's uuid, a theme's or profile's uuid or slug, a kind's value; empty for all.
    scope_key = models.CharField(_("which"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=5, default="da")
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects: ClassVar[models.Manager["Subscription"]] = models.Manager()

    class Meta:
        verbose_name = _("subscription to meetings")
        verbose_name_plural = _("subscriptions to meetings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="events_subscription_scope_known"),
            # The form sent twice: one subscription, one mail.
            models.UniqueConstraint(fields=["email", "scope", "scope_key"], name="events_subscription_once"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class News(models.Model):
    """That a subscriber has been told of a meeting time: nobody is told twice."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="news")
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[models.Manager["News"]] = models.Manager()

    class Meta:
        verbose_name = _("news of a meeting")
        verbose_name_plural = _("news of meetings")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "occurrence"], name="events_news_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
