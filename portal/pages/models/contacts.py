"""The page that lists the contact cards; the cards themselves live a floor below and know no page."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel

from portal.contacts.api import contact_directory
from portal.core.fields import BodyField
from portal.core.mixins import LeadMixin
from portal.core.models import BasePage


class ContactIndexPage(LeadMixin, BasePage):
    """All functions that one can write to: nationwide first, then by region and municipality."""

    template = "pages/contact_index_page.html"
    icon = "mail"
    page_description = _("The list of contact cards. The cards are kept under “Contact cards”.")
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1

    body = BodyField(verbose_name=_("text below the list"))

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        *LeadMixin.lead_panels,
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("list of contacts")
        verbose_name_plural = _("lists of contacts")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the active cards by reach."""
        context = super().get_context(request, *args, **kwargs)
        context["directory"] = contact_directory()
        return context
