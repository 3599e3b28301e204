"""Contact cards: a function that one can write to, for one municipality, one region or the whole country."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel

from portal.contacts.querysets import ContactCardQuerySet
from portal.core.mixins import UuidModel
from portal.organisations.api import Municipality, Party, Region

PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ]{6,18}[0-9]$", _("Write the number with digits and spaces only, for example +45 70 10 00 01.")
)


class ContactCard(index.Indexed, UuidModel):
    """A function, never a person: cards outlive the people, and no name has to be erased when somebody leaves."""

    function = models.CharField(
        _("function"),
        max_length=120,
        help_text=_("The function, for example “Consultant for citizen service”. Never a person's name."),
    )
    organisation = models.CharField(
        _("organisation"), max_length=120, help_text=_("Where the function belongs, for example “HK Kommunal”.")
    )
    about = models.TextField(
        _("what one can ask about"), blank=True, max_length=300, help_text=_("One or two short sentences.")
    )
    party = models.ForeignKey(
        Party,
        verbose_name=_("party"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contact_cards",
        help_text=_("Choose a party if the function belongs to one of those who stand behind the portal."),
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contact_cards",
        help_text=_("The card then stands on this municipality's page."),
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contact_cards",
        help_text=_("The card then stands on the page of every municipality in the region."),
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("A shared mailbox, not a person's own address."))
    phone = models.CharField(_("telephone"), max_length=20, blank=True, validators=[PHONE])
    active = models.BooleanField(
        _("shown on the portal"), default=True, help_text=_("Take the mark away to hide the card without deleting it.")
    )

    objects: ClassVar[models.Manager["ContactCard"]] = ContactCardQuerySet.as_manager()

    panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [FieldPanel("function"), FieldPanel("organisation"), FieldPanel("about"), FieldPanel("active")],
            heading=_("The function"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("email"), FieldPanel("phone")])], heading=_("How one gets in touch")
        ),
        MultiFieldPanel(
            [FieldPanel("party"), FieldRowPanel([FieldPanel("municipality"), FieldPanel("region")])],
            heading=_("Whom it is for"),
            help_text=_("Leave municipality and region empty for a function that serves the whole country."),
        ),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("function"),
        index.SearchField("organisation"),
        index.AutocompleteField("function"),
        index.AutocompleteField("organisation"),
        index.FilterField("active"),
        index.FilterField("municipality"),
        index.FilterField("region"),
        index.FilterField("party"),
    ]

    class Meta:
        verbose_name = _("contact card")
        verbose_name_plural = _("contact cards")
        ordering = ["function", "organisation", "id"]
        constraints = [
            # A card that nobody can write to or call helps nobody.
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="contact_card_can_be_reached"),
            # "Odense" and "Region Nordjylland" at once has no meaning on either page.
            models.CheckConstraint(
                condition=Q(municipality__isnull=True) | Q(region__isnull=True), name="contact_card_one_reach"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}, {self.organisation}"

    def clean(self) -> None:
        """Say at the field what the constraints would refuse."""
        if not self.email and not self.phone:
            raise ValidationError({"email": _("Write an e-mail address or a telephone number.")})
        if self.municipality_id and self.region_id:
            raise ValidationError({"region": _("Choose a municipality or a region, not both.")})

    @property
    def dial(self) -> str:
        """Return the number as a telephone link wants it: without spaces."""
        return self.phone.replace(" ", "")
