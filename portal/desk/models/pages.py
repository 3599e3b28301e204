"""The municipalities: a list by region, and a page for each that gathers what the floors below know about it."""

from typing import ClassVar

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField

from portal.core.blocks.body import PARAGRAPH_FEATURES
from portal.core.breadcrumbs import Crumb, trail
from portal.core.mixins import LeadMixin
from portal.core.models import BasePage
from portal.core.sections import collect
from portal.organisations.api import Municipality

MUNICIPALITY_PLACE = "desk.municipality"


class MunicipalityIndexPage(RoutablePageMixin, LeadMixin, BasePage):
    """All municipalities by region, and below it one address for each."""

    template = "desk/municipality_index_page.html"
    icon = "site"
    page_description = _("The list of municipalities. Each of them gets a page of its own below it.")
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1

    municipality_lead = models.CharField(
        _("lead on a municipality's page"),
        max_length=240,
        blank=True,
        help_text=_("Stands below the heading of every municipality's page."),
    )
    safety_title = models.CharField(
        _("heading"),
        max_length=90,
        blank=True,
        help_text=_("Stands above the figures, for example “Figures show groups”."),
    )
    safety_text = RichTextField(
        _("text"),
        blank=True,
        features=PARAGRAPH_FEATURES,
        help_text=_("Say when a figure is shown and when it is not. Leave it empty for the portal's own text."),
    )

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        *LeadMixin.lead_panels,
        FieldPanel("municipality_lead"),
        MultiFieldPanel([FieldPanel("safety_title"), FieldPanel("safety_text")], heading=_("Note above the figures")),
    ]

    class Meta:
        verbose_name = _("list of municipalities")
        verbose_name_plural = _("lists of municipalities")

    @path("")
    def index(self, request: HttpRequest) -> HttpResponse:
        """Show the list and, after it, the map."""
        from portal.desk.screens.municipalities import municipality_list

        return self.render(request, context_overrides={"list": municipality_list(self, request, on=localdate())})

    @path("<slug:slug>/", name="municipality")
    def municipality(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show one municipality; an unknown name is a page that does not exist."""
        from portal.desk.screens.municipality import municipality_screen

        found = Municipality.objects.filter(slug=slug).first()
        if found is None:
            raise Http404(slug)
        context = {
            "screen": municipality_screen(found, on=localdate()),
            "sections": collect(MUNICIPALITY_PLACE, request, found),
            "breadcrumbs": trail(self, request, Crumb(found.name)),
        }
        return self.render(request, context_overrides=context, template="desk/municipality.html")

    def url_of(self, municipality: Municipality, request: HttpRequest | None = None) -> str:
        """Return the address of a municipality's page."""
        return f"{self.get_url(request) or ''}{municipality.slug}/"
