"""Regions and municipalities as facts with dates, settings per municipality, and the parties behind the profiles.

Codes are what official sources assign; they are unique but never the key, since mergers create organisations whose code is
not known yet (two regions become one on 1 January 2027).
"""

from datetime import date
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.mixins import UuidModel
from portal.organisations.validators import validate_origins

MUNICIPALITY_CODE = RegexValidator(r"^\d{4}$", _("A municipality code has four digits, for example 0101."))
# House floor of disclosure control: below five answers nothing may be shown, whatever a municipality chooses.
SMALLEST_GROUP = 5
DEFAULT_GROUP = 8


class Region(UuidModel):
    """A region. It may begin and end; its code may be unknown."""

    code = models.CharField(_("code"), max_length=4, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("The last day, if any."))

    objects: ClassVar[models.Manager["Region"]] = models.Manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="region_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Municipality(UuidModel):
    """One of the 98. `tile_*` is its place on the schematic map (our own drawing, not geography)."""

    code = models.CharField(_("code"), max_length=4, unique=True, validators=[MUNICIPALITY_CODE])
    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    cvr = models.CharField(_("CVR number"), max_length=8, unique=True, null=True, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=8)
    tile_column = models.PositiveSmallIntegerField(_("column on the map"))
    tile_row = models.PositiveSmallIntegerField(_("row on the map"))

    objects: ClassVar[models.Manager["Municipality"]] = models.Manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tile_column", "tile_row"], name="municipality_own_tile"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{4}$"), name="municipality_code_four_digits"),
        ]

    def __str__(self) -> str:
        return self.name


class RegionMembership(models.Model):
    """Which region a municipality belongs to, from when to when: a merger adds rows and changes none."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="region_memberships")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: ClassVar[models.Manager["RegionMembership"]] = models.Manager()

    class Meta:
        verbose_name = _("region membership")
        verbose_name_plural = _("region memberships")
        ordering = ["municipality", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "valid_from"], name="region_membership_one_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} – {self.region}"

    @staticmethod
    def on(day: date) -> Q:
        """Return the condition "in force on this day"."""
        return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class MunicipalitySettings(models.Model):
    """What a municipality decides for itself; a missing row means the defaults."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="settings")
    embed_origins = models.TextField(
        _("pages that may show the self-assessment"),
        blank=True,
        validators=[validate_origins],
        help_text=_("One address per line, for example https://intranet.kommune.dk. Leave empty to allow none."),
    )
    standing_round_open = models.BooleanField(
        _("the open self-assessment counts for us"),
        default=True,
        help_text=_("Answers from the open self-assessment are gathered each quarter and shown as totals only."),
    )
    min_responses = models.PositiveSmallIntegerField(
        _("fewest answers that are shown"),
        default=DEFAULT_GROUP,
        validators=[MinValueValidator(SMALLEST_GROUP)],
        help_text=_("Totals of fewer answers are never shown. At least 5; 8 is usual."),
    )

    approvals_wanted = models.BooleanField(
        _("managers approve sign-ups"),
        default=False,
        help_text=_(
            "Counts from the day that sign-up opens in the portal: a sign-up for a course or a meeting then waits for the "
            "manager's yes."
        ),
    )
    contact_function = models.CharField(
        _("contact"),
        max_length=120,
        blank=True,
        help_text=_("The function to turn to, not a person: for example “Kompetenceteamet, HR”."),
    )
    contact_email = models.EmailField(_("e-mail of the contact"), blank=True)
    contact_phone = models.CharField(_("phone of the contact"), max_length=20, blank=True)
    retention_months = models.PositiveSmallIntegerField(
        _("months that ended memberships are kept"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("After that they are deleted. Between 1 and 120 months."),
    )

    objects: ClassVar[models.Manager["MunicipalitySettings"]] = models.Manager()

    class Meta:
        verbose_name = _("settings of the municipality")
        verbose_name_plural = _("settings of the municipalities")
        constraints = [
            # The floor of disclosure control holds even against a hand-written UPDATE.
            models.CheckConstraint(
                condition=Q(min_responses__gte=SMALLEST_GROUP), name="municipality_settings_smallest_group"
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)


class Party(UuidModel):
    """An organisation that stands behind profiles: HK Kommunal, KL, Dansk Socialrådgiverforening."""

    key = models.SlugField(_("key"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    short_name = models.CharField(_("short name"), max_length=40)

    objects: ClassVar[models.Manager["Party"]] = models.Manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
