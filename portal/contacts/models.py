"""Contact cards: a function that one can write to, for one municipality, one region or the whole country."""

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel

from portal.contacts.querysets import ContactCardQuerySet
from portal.core.mixins import UuidModel
from portal.organisations.api import Municipality, Party, Region
from portal.workflows.api import Case

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

    # The reviews of the consent, one after the other; they go with the card.
    cases = GenericRelation(Case)

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
        if self.active and self.is_withdrawn:
            raise ValidationError(
                {"active": _("The consent has been withdrawn. Note under “Review” that it has been given again.")}
            )

    @property
    def review(self) -> Case | None:
        """Return the newest review of the consent; lists fetch them all at once by `with_review`."""
        if "cases" in getattr(self, "_prefetched_objects_cache", {}):
            return next(iter(self.cases.all()), None)
        return self.cases.select_related("definition").order_by("-started_at", "-id").first() if self.pk else None

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether those behind the card have taken their consent back."""
        review = self.review
        return review is not None and not review.is_open

    @property
    def dial(self) -> str:
        """Return the number as a telephone link wants it: without spaces."""
        return self.phone.replace(" ", "")


class ReviewLink(models.Model):
    """The link in a mail to a card's mailbox. Only the hash of its token is kept; it dies with the step it was sent for."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    # The case's number when the link was sent: whoever moves the case otherwise takes the link's sense away.
    case_number = models.PositiveIntegerField()
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=60, blank=True)

    objects: ClassVar[models.Manager["ReviewLink"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("link to a review")
        verbose_name_plural = _("links to reviews")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def works(self) -> bool:
        """Tell whether the link still leads to a question that nobody has answered."""
        fresh = self.used_at is None and self.expires_at > timezone.now()
        return fresh and self.case.is_open and self.case.number == self.case_number
