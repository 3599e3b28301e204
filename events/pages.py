"""The meetings' page types: the list and a meeting."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel

from events.enums import EventKind
from events.models.parts import Theme
from events.page_forms import EventPageForm
from events.planning.panels import QuestionsPanel
from portal.contacts.api import ContactCard
from portal.core.keys import KeyedPageMixin
from portal.core.mixins import BodyMixin, LeadMixin
from portal.core.models import BasePage
from portal.organisations.api import Party
from portal.seats.panels import DatesPanel


class EventIndexPage(LeadMixin, BasePage):
    """The list of all meetings, with filters, a calendar and a map."""

    template = "events/event_index_page.html"
    page_description = _(
        "The list of meetings with filters, calendar and map. There is one, right below the home page."
    )
    icon = "calendar-alt"
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["events.EventPage"]
    max_count = 1

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, *LeadMixin.lead_panels]

    class Meta:
        verbose_name = _("list of meetings")
        verbose_name_plural = _("lists of meetings")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the address asks for."""
        from events.selectors.listing import event_list

        context = super().get_context(request, *args, **kwargs)
        return {**context, "screen": event_list(self, request, timezone.now())}


class EventPage(KeyedPageMixin, LeadMixin, BodyMixin, BasePage):
    """A meeting: its words. When and where it is held stands in its occurrences, beside the page."""

    template = "events/event_page.html"
    base_form_class = EventPageForm
    page_description = _(
        "An after-work meeting, theme day, webinar or conference. Times are added under “Meeting times”."
    )
    icon = "date"
    parent_page_types: ClassVar[list[str]] = ["events.EventIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    kind = models.CharField(_("type"), max_length=12, choices=EventKind, default=EventKind.AFTERWORK)
    organiser = models.CharField(
        _("organiser"), max_length=160, blank=True, help_text=_("For example “HK Kommunal, Region Syddanmark”.")
    )
    parties = ParentalManyToManyField(
        Party,
        verbose_name=_("parties"),
        blank=True,
        related_name="+",
        help_text=_("The organisations behind the portal that hold the meeting."),
    )
    contact = models.ForeignKey(
        ContactCard,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Whom one asks about the meeting."),
    )
    themes = ParentalManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="+")
    signup_here = models.BooleanField(
        _("sign-up in the portal"),
        default=False,
        help_text=_(
            "People sign up here, alone or as a group. Seats, deadline and questions stand with the meeting times."
        ),
    )
    signup_url = models.URLField(
        _("address for sign-up"), blank=True, help_text=_("Where one signs up, if it happens on another site.")
    )
    signup_email = models.EmailField(
        _("e-mail for sign-up"), blank=True, help_text=_("A shared mailbox, if one signs up by e-mail.")
    )

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("kind"), *LeadMixin.lead_panels], heading=_("What is it?")),
        DatesPanel("occurrences", add_query="event", heading=_("Meeting times")),
        *BodyMixin.body_panels,
        InlinePanel("programme", heading=_("Programme"), label=_("Programme item")),
        InlinePanel("speakers", heading=_("Speakers"), label=_("Speaker")),
        MultiFieldPanel(
            [FieldPanel("organiser"), FieldPanel("parties"), FieldPanel("contact")], heading=_("Who holds it?")
        ),
        MultiFieldPanel(
            [FieldPanel("signup_here"), FieldRowPanel([FieldPanel("signup_url"), FieldPanel("signup_email")])],
            heading=_("Sign-up"),
            help_text=_("One of the three, or none if one just turns up."),
        ),
        QuestionsPanel(heading=_("Questions at sign-up")),
        MultiFieldPanel(
            [
                InlinePanel("related_profiles", heading=_("Profiles"), label=_("Profile")),
                InlinePanel("related_competences", heading=_("Competences"), label=_("Competence")),
                FieldPanel("themes"),
            ],
            heading=_("What is it about?"),
        ),
        InlinePanel("materials", heading=_("Materials"), label=_("Material")),
    ]

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            # An import finds the page by its key; pages made by hand have none.
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="events_page_key_unique"),
            # A participant must not have to guess which of two ways counts.
            models.CheckConstraint(
                condition=Q(signup_url="") | Q(signup_email=""),
                name="events_page_one_signup",
                violation_error_message=_("Give an address or an e-mail for sign-up, not both."),
            ),
            models.CheckConstraint(
                condition=Q(signup_here=False) | Q(signup_url="", signup_email=""),
                name="events_page_signup_here_alone",
                violation_error_message=_("Sign-up is here, or at an address outside: choose one."),
            ),
        ]

    @property
    def occurrences_of_id(self) -> int:
        """Return the page whose times are shown: an alias shows those of its original."""
        return self.alias_of_id or self.pk

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the meeting's times and what it is about."""
        from events.selectors.detail import event_screen

        context = super().get_context(request, *args, **kwargs)
        return {**context, "screen": event_screen(self, request, timezone.now())}


__all__ = ["EventIndexPage", "EventPage"]
