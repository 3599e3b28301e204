"""Links in mails, which open a page with buttons for whoever has them. Only hashes of their tokens are kept."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.occurrences import Occurrence
from portal.core.mixins import UuidModel
from portal.seats.api import Participant, SignUp


class GuestWish(UuidModel):
    """What a guest wrote, until she has shown that the address is hers. It keeps no seat, and says so."""

    occurrence = models.ForeignKey(
        Occurrence, verbose_name=_("meeting time"), on_delete=models.CASCADE, related_name="guest_wishes"
    )
    email = models.EmailField(_("e-mail"))
    # Name, municipality, answers and consent as written; emptied when it has become a sign-up or has run out.
    wish = models.JSONField(_("wish"), default=dict)
    language = models.CharField(_("language"), max_length=5, default="da")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("runs out"))
    sign_up = models.OneToOneField(
        SignUp,
        verbose_name=_("sign-up"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="guest_wish",
    )

    objects: ClassVar[models.Manager["GuestWish"]] = models.Manager()

    class Meta:
        verbose_name = _("guest's wish")
        verbose_name_plural = _("guests' wishes")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return str(self.uuid)


class PlaceLink(models.Model):
    """A link to one place, or to a whole sign-up for its contact. It dies with the meeting, or with a substitute."""

    sign_up = models.ForeignKey(SignUp, verbose_name=_("sign-up"), on_delete=models.CASCADE, related_name="links")
    participant = models.ForeignKey(
        Participant,
        verbose_name=_("participant"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="links",
    )
    email = models.EmailField(_("sent to"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("runs out"))

    objects: ClassVar[models.Manager["PlaceLink"]] = models.Manager()

    class Meta:
        verbose_name = _("link to a place")
        verbose_name_plural = _("links to places")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class DoorLink(UuidModel):
    """A link to the check-in page of one meeting time, for helpers at the door who have no account."""

    occurrence = models.ForeignKey(
        Occurrence, verbose_name=_("meeting time"), on_delete=models.CASCADE, related_name="door_links"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("runs out"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects: ClassVar[models.Manager["DoorLink"]] = models.Manager()

    class Meta:
        verbose_name = _("link to the door")
        verbose_name_plural = _("links to the door")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.uuid)
