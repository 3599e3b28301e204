"""What a meeting's page is made of beside its text, and the themes that meetings share."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel, Panel
from wagtail.models import Orderable

from events.enums import MaterialPhase
from portal.core.mixins import UuidModel


class Theme(UuidModel):
    """A word that several meetings share, for example "Samtalen"."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    objects: ClassVar[models.Manager["Theme"]] = models.Manager()
    panels: ClassVar[list[Panel]] = [FieldPanel("name")]

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class ProgrammeItem(Orderable):
    """A line of the programme."""

    event = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="programme")
    clock = models.TimeField(_("time"), null=True, blank=True)
    text = models.CharField(_("what happens"), max_length=300)

    panels: ClassVar[list[Panel]] = [FieldRowPanel([FieldPanel("clock"), FieldPanel("text")])]

    class Meta(Orderable.Meta):
        verbose_name = _("programme item")
        verbose_name_plural = _("programme items")

    def __str__(self) -> str:
        return self.text


class EventSpeaker(Orderable):
    """Somebody who speaks, told by function and never by name."""

    event = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="speakers")
    function = models.CharField(
        _("function"), max_length=160, help_text=_("A function, never a person's name: “Teamleder, borgerservice”.")
    )
    about = models.CharField(_("speaks about"), max_length=300, blank=True)

    panels: ClassVar[list[Panel]] = [FieldPanel("function"), FieldPanel("about")]

    class Meta(Orderable.Meta):
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def __str__(self) -> str:
        return self.function


class EventMaterial(Orderable):
    """A document or an address that the participants need before or after."""

    event = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("title"), max_length=160)
    phase = models.CharField(_("when"), max_length=8, choices=MaterialPhase, default=MaterialPhase.BEFORE)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("document"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    url = models.URLField(_("address outside the portal"), blank=True)

    panels: ClassVar[list[Panel]] = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("phase")]),
        FieldPanel("document"),
        FieldPanel("url"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [
            # A line without a target is a dead link; with two the reader would get one and miss the other.
            models.CheckConstraint(
                condition=Q(document__isnull=False, url="") | (Q(document__isnull=True) & ~Q(url="")),
                name="events_material_one_target",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Say at the field what is missing.

        Raises:
            ValidationError: there is no target, or there are two.
        """
        super().clean()
        if bool(self.document_id) == bool(self.url):
            raise ValidationError({"document": _("Choose a document or write an address, one of the two.")})

    @property
    def target(self) -> str:
        """Return the address that the title leads to."""
        return str(self.document.url) if self.document else self.url


class EventProfile(Orderable):
    """A profile that the meeting concerns."""

    event = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="related_profiles")
    profile = models.ForeignKey(
        "profiles.ProfilePage", verbose_name=_("profile"), on_delete=models.CASCADE, related_name="+"
    )

    panels: ClassVar[list[Panel]] = [PageChooserPanel("profile", "profiles.ProfilePage")]

    class Meta(Orderable.Meta):
        verbose_name = _("related profile")
        verbose_name_plural = _("related profiles")
        constraints = [
            # A profile's list of meetings shows each meeting once.
            models.UniqueConstraint(fields=["event", "profile"], name="events_profile_once"),
        ]

    def __str__(self) -> str:
        return str(self.profile)


class EventCompetence(Orderable):
    """A competence that the meeting is about."""

    event = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="related_competences")
    competence = models.ForeignKey(
        "profiles.Competence", verbose_name=_("competence"), on_delete=models.PROTECT, related_name="+"
    )

    panels: ClassVar[list[Panel]] = [FieldPanel("competence")]

    class Meta(Orderable.Meta):
        verbose_name = _("related competence")
        verbose_name_plural = _("related competences")
        constraints = [
            # The meeting's page shows each competence once.
            models.UniqueConstraint(fields=["event", "competence"], name="events_competence_once"),
        ]

    def __str__(self) -> str:
        return str(self.competence)
