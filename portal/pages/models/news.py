"""News: articles below one index."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel

from portal.core.fields import BodyField
from portal.core.mixins import LeadMixin
from portal.core.models import BasePage
from portal.core.visibility import asker
from portal.pages.blocks import PageStreamBlock
from portal.pages.querysets import ArticleManager
from portal.pages.selectors import result_page

ARTICLES_PER_PAGE = 10


class ArticleIndexPage(LeadMixin, BasePage):
    """The list of articles, newest first."""

    template = "pages/article_index_page.html"
    icon = "list-ul"
    page_description = _("The list of news. Articles are written below it.")
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.ArticlePage"]
    max_count = 1

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, *LeadMixin.lead_panels]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of articles."""
        context = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.objects.child_of(self).visible_to(asker(request)).newest_first()
        context["articles"] = result_page(articles, request.GET.get("side"), ARTICLES_PER_PAGE)
        return context


class ArticlePage(LeadMixin, BasePage):
    """One article."""

    template = "pages/article_page.html"
    icon = "pilcrow"
    page_description = _("A piece of news or a story from a workplace.")
    parent_page_types: ClassVar[list[str]] = ["pages.ArticleIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    date = models.DateField(_("date"), default=localdate, help_text=_("The date that readers see."))
    topic = models.CharField(
        _("topic"), max_length=60, blank=True, help_text=_("One or two words, for example “Assessment”.")
    )
    body = BodyField(PageStreamBlock(), verbose_name=_("text"))

    objects: ClassVar[Any] = ArticleManager()

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("topic")]),
        *LeadMixin.lead_panels,
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            # The list's order, newest first.
            models.Index(fields=["-date"], name="article_newest_first"),
        ]
