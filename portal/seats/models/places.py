"""Who wants to come, who may, and how it came to that.

A person, or an open slot of a group, is one row with a state; who waits is a row in the state "waiting". So seats are
counted and never stored, and a group that waits is as large as its rows. The line is the sign-ups in the order of
`placed_at`, ties broken by primary key.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.mixins import UuidModel
from portal.organisations.api import Municipality, Unit
from portal.seats.enums import ACTIVE, OfferState, PlaceState, Reason
from portal.seats.models.offerings import Offering
from portal.seats.querysets import OfferQuerySet, ParticipantQuerySet, SignUpQuerySet

NAME_LENGTH, KEY_LENGTH = 120, 64


class SignUp(UuidModel):
    """One act of signing up: one person, or a group with one place in line."""

    offering = models.ForeignKey(Offering, verbose_name=_("seats"), on_delete=models.PROTECT, related_name="sign_ups")
    is_group = models.BooleanField(_("group"), default=False)
    contact_name = models.CharField(_("contact"), max_length=NAME_LENGTH, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("signed up by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("on behalf of the municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("on behalf of the unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    may_split = models.BooleanField(
        _("may be split"), default=False, help_text=_("The group takes the seats that there are; the others wait.")
    )
    names_by = models.DateTimeField(_("names by"), null=True, blank=True)
    # What the mails are written in, long after the form was sent.
    language = models.CharField(_("language"), max_length=5, default="da")
    placed_at = models.DateTimeField(_("in line since"), default=timezone.now)
    # The form's own random word: the same wish sent twice is one wish. It opens no door.
    key = models.CharField(max_length=KEY_LENGTH, editable=False)
    # What the key was used for, so that it cannot be used for anything else.
    fingerprint = models.CharField(max_length=64, editable=False)

    objects: ClassVar[SignUpQuerySet] = SignUpQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["placed_at", "id"]
        indexes = [models.Index(fields=["offering", "placed_at", "id"], name="seats_line")]
        constraints = [
            # Two clicks at one form, at two objects: no common lock, so only the index sees both.
            models.UniqueConstraint(fields=["key"], name="seats_sign_up_once"),
            models.CheckConstraint(condition=~Q(key=""), name="seats_sign_up_has_key"),
            # A municipality's list must hold what its units signed up; two writers could otherwise fill only one.
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(municipality__isnull=False), name="seats_unit_has_municipality"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def on_behalf_of(self) -> str:
        """Return for whom the sign-up was made, in words for the history."""
        return ", ".join(str(part) for part in (self.municipality, self.unit) if part is not None)[:120]


class Offer(UuidModel):
    """Seats that are kept for those next in line until they answer, or until the deadline."""

    sign_up = models.ForeignKey(SignUp, verbose_name=_("sign-up"), on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(_("state"), max_length=12, choices=OfferState, default=OfferState.OPEN)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    deadline = models.DateTimeField(_("answer by"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects: ClassVar[OfferQuerySet] = OfferQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["deadline"], condition=Q(state="open"), name="seats_offers_due")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="seats_offer_state_known"),
            # "Accept" beside the clock: whoever is second finds an answer there and cannot add another.
            models.CheckConstraint(
                condition=Q(state=OfferState.OPEN, answered_at__isnull=True)
                | (~Q(state=OfferState.OPEN) & Q(answered_at__isnull=False)),
                name="seats_offer_answered_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Participant(UuidModel):
    """One person who wants to come, or a slot of a group whose name comes later."""

    # Repeated from the sign-up: an index cannot look into another table.
    offering = models.ForeignKey(
        Offering, verbose_name=_("seats"), on_delete=models.PROTECT, related_name="participants"
    )
    sign_up = models.ForeignKey(
        SignUp, verbose_name=_("sign-up"), on_delete=models.CASCADE, related_name="participants"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Written small and trimmed: two spellings of an address are one person. NULL, because "" would be one person too.
    email = models.EmailField(_("e-mail"), null=True, blank=True)  # noqa: DJ001
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=PlaceState)
    offer = models.ForeignKey(
        Offer, verbose_name=_("offer"), null=True, blank=True, on_delete=models.RESTRICT, related_name="participants"
    )

    objects: ClassVar[ParticipantQuerySet] = ParticipantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["id"]
        indexes = [models.Index(fields=["offering", "state"], name="seats_by_state")]
        constraints = [
            # One person signs up twice at the same moment, or is signed up by herself and by her coordinator.
            models.UniqueConstraint(
                fields=["offering", "user"],
                condition=Q(state__in=ACTIVE, user__isnull=False),
                name="seats_one_place_per_account",
            ),
            models.UniqueConstraint(
                fields=["offering", "email"],
                condition=Q(state__in=ACTIVE, email__isnull=False),
                name="seats_one_place_per_address",
            ),
            models.CheckConstraint(condition=Q(state__in=PlaceState.values), name="seats_place_state_known"),
            # An offer that expires while it is made: a seat that no deadline gives back would be lost.
            models.CheckConstraint(
                condition=~Q(state=PlaceState.OFFERED) | Q(offer__isnull=False), name="seats_offered_has_offer"
            ),
            models.CheckConstraint(condition=~Q(email=""), name="seats_email_null_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(_("name follows"))

    @property
    def is_unnamed(self) -> bool:
        """Tell whether the slot still waits for its name."""
        return not (self.name or self.email or self.user_id)


class PlaceChange(models.Model):
    """One step of one place; names of persons are no part of it."""

    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="changes"
    )
    source = models.CharField(_("from"), max_length=12, blank=True)
    target = models.CharField(_("to"), max_length=12, choices=PlaceState)
    reason = models.CharField(_("why"), max_length=16, choices=Reason)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("change of a place")
        verbose_name_plural = _("changes of places")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="seats_change_reason_known"),
            models.CheckConstraint(condition=Q(target__in=PlaceState.values), name="seats_change_target_known"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
