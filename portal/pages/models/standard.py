"""Pages of free text."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from portal.core.fields import BodyField
from portal.core.mixins import LeadMixin
from portal.core.models import BasePage
from portal.core.visibility import asker
from portal.pages.blocks import PageStreamBlock


class StandardPage(LeadMixin, BasePage):
    """A page of free text, with pages below it where a subject needs several."""

    template = "pages/standard_page.html"
    icon = "doc-empty"
    page_description = _("Free text, for example about the portal, privacy or accessibility.")
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage", "pages.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["pages.StandardPage"]

    body = BodyField(PageStreamBlock(), verbose_name=_("text"))

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, *LeadMixin.lead_panels, "body"]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the live pages below, in the order of the tree."""
        context = super().get_context(request, *args, **kwargs)
        context["children"] = StandardPage.objects.child_of(self).visible_to(asker(request)).order_by("path")
        return context
