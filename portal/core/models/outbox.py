"""Effects as rows of the caller's transaction: a mail, an index entry or a notice happens if and only if the change does."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.mixins import UuidModel


class OutboxState(models.TextChoices):
    """Where a message stands; `DEAD` waits for an administrator."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    DEAD = "dead", _("gave up")


class OutboxMessage(UuidModel):
    """One effect to bring about, at least once; the uuid makes repeats recognisable (Message-ID, external version)."""

    State = OutboxState

    topic = models.CharField(_("kind"), max_length=60)
    payload = models.JSONField(_("content"), default=dict)
    key = models.CharField(_("key"), max_length=200, blank=True)
    once = models.BooleanField(_("only once"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=OutboxState, default=OutboxState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    available_at = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects: ClassVar[models.Manager["OutboxMessage"]] = models.Manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["-created_at", "-id"]
        constraints = [
            # Two changes of one page before the worker comes: one index job, not two.
            models.UniqueConstraint(
                fields=["topic", "key"], condition=Q(state="waiting") & ~Q(key=""), name="outbox_one_waiting_per_key"
            ),
            # A repeated request must not send the same mail twice, ever.
            models.UniqueConstraint(fields=["topic", "key"], condition=Q(once=True), name="outbox_once_per_key"),
            models.CheckConstraint(condition=Q(once=False) | ~Q(key=""), name="outbox_once_needs_key"),
        ]
        indexes = [
            # The worker's question: the next due message.
            models.Index(
                fields=["available_at", "id"], condition=Q(state__in=["waiting", "running"]), name="outbox_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key or self.uuid}"

    @property
    def message_id(self) -> str:
        """Return the Message-ID of the mail that this row is: the same at every attempt, so a repeat is recognised."""
        return f"<{self.uuid}@kompetenceportalen>"
