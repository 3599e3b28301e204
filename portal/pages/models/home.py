"""The home page: what the portal is for, the ways in, and what the floors above want to show there."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.fields import RichTextField
from wagtail.models import Page

from portal.core.blocks.body import PARAGRAPH_FEATURES
from portal.core.fields import BodyField
from portal.core.models import BasePage
from portal.core.sections import Section
from portal.pages.blocks import WaysStreamBlock


class HomePage(BasePage):
    """The root of the site.

    `subpage_types` stays open: index pages of the floors above name this page as their parent, so that no string here
    has to name an upper app.
    """

    template = "pages/home_page.html"
    icon = "home"
    page_description = _("The front page of the portal. There is one.")
    sections_place = "pages.home"
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types = None
    max_count = 1

    hero_title = models.CharField(
        _("heading"), max_length=90, help_text=_("The large heading. Say what the visitor gets out of the portal.")
    )
    hero_lead = models.TextField(
        _("lead"), max_length=300, blank=True, help_text=_("One or two sentences below the heading.")
    )
    search_label = models.CharField(
        _("text above the search box"), max_length=90, blank=True, help_text=_("Say what one can search for.")
    )
    ways = BodyField(WaysStreamBlock(), verbose_name=_("ways in"))
    who_title = models.CharField(_("heading"), max_length=90, blank=True)
    who_text = RichTextField(_("text"), blank=True, features=PARAGRAPH_FEATURES)
    who_page = models.ForeignKey(
        Page,
        verbose_name=_("read on"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A page that tells more, if there is one."),
    )
    notice_title = models.CharField(_("heading"), max_length=90, blank=True)
    notice_text = RichTextField(_("text"), blank=True, features=PARAGRAPH_FEATURES)
    notice_page = models.ForeignKey(
        Page,
        verbose_name=_("read on"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A page that tells more, if there is one."),
    )

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("hero_title"), FieldPanel("hero_lead"), FieldPanel("search_label")],
            heading=_("Top of the page"),
        ),
        FieldPanel("ways", heading=_("Ways in"), help_text=_("Three ways stand well beside each other.")),
        MultiFieldPanel(
            [FieldPanel("who_title"), FieldPanel("who_text"), FieldPanel("who_page")], heading=_("Who stands behind")
        ),
        MultiFieldPanel(
            [FieldPanel("notice_title"), FieldPanel("notice_text"), FieldPanel("notice_page")],
            heading=_("Important to know"),
        ),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the ways in whose target is live (a card that leads nowhere is worse than none), and the sections in rows."""
        context = super().get_context(request, *args, **kwargs)
        ways = [block.value for block in self.ways]
        context["ways"] = [way for way in ways if way["page"] is not None and way["page"].live]
        context["rows"] = in_rows(context["sections"])
        return context


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of the home page, and the box beside it if there is one."""

    main: Section
    beside: Section | None = None


def in_rows(sections: list[Section]) -> list[SectionRow]:
    """Put each section that wants to stand beside another into the row of the one before it."""
    rows: list[SectionRow] = []
    for section in sections:
        if section.beside and rows and rows[-1].beside is None:
            rows[-1] = SectionRow(rows[-1].main, section)
        else:
            rows.append(SectionRow(section))
    return rows
