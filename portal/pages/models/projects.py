"""Projects and publications: what the profiles and courses grew out of, who paid and who took part."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel, Panel
from wagtail.documents import get_document_model_string
from wagtail.models import Orderable

from portal.core.fields import BodyField
from portal.core.mixins import LeadMixin
from portal.core.models import BasePage
from portal.core.visibility import asker
from portal.pages.blocks import PageStreamBlock
from portal.pages.querysets import WorkManager

FIRST_YEAR, LAST_YEAR = 1990, 2100


class WorkMixin(models.Model):
    """What a project and a publication have in common."""

    year = models.PositiveSmallIntegerField(
        _("year"),
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
        help_text=_("The year when it ended or came out."),
    )
    paid_by = models.CharField(_("who paid"), max_length=200, blank=True)
    took_part = models.CharField(
        _("who took part"), max_length=300, blank=True, help_text=_("Organisations and functions, no person's name.")
    )

    work_panels: ClassVar[list[Panel]] = [
        MultiFieldPanel([FieldPanel("year"), FieldPanel("paid_by"), FieldPanel("took_part")], heading=_("Facts")),
    ]

    class Meta:
        abstract = True


class ProjectIndexPage(LeadMixin, BasePage):
    """The list of projects and publications."""

    template = "pages/project_index_page.html"
    icon = "folder-open-1"
    page_description = _("The list of projects and publications. Both are written below it.")
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.ProjectPage", "pages.PublicationPage"]
    max_count = 1

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, *LeadMixin.lead_panels]

    class Meta:
        verbose_name = _("list of projects")
        verbose_name_plural = _("lists of projects")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the projects and the publications, newest first."""
        context = super().get_context(request, *args, **kwargs)
        context["projects"] = ProjectPage.objects.child_of(self).visible_to(asker(request)).newest_first()
        context["publications"] = PublicationPage.objects.child_of(self).visible_to(asker(request)).newest_first()
        return context


class ProjectPage(WorkMixin, LeadMixin, BasePage):
    """A project; floors above add what grew out of it."""

    template = "pages/project_page.html"
    icon = "folder"
    page_description = _("A project that profiles or courses grew out of.")
    sections_place = "pages.project"
    parent_page_types: ClassVar[list[str]] = ["pages.ProjectIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    body = BodyField(PageStreamBlock(), verbose_name=_("text"))

    objects: ClassVar[Any] = WorkManager()

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        *LeadMixin.lead_panels,
        *WorkMixin.work_panels,
        FieldPanel("body"),
        InlinePanel("publication_links", heading=_("Publications"), label=_("Publication")),
    ]

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")

    def __str__(self) -> str:
        return self.title

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the publications that are live; a preview shows those chosen but not yet saved."""
        context = super().get_context(request, *args, **kwargs)
        chosen = [link.publication_id for link in self.publication_links.all()]
        context["publications"] = (
            PublicationPage.objects.visible_to(asker(request)).filter(pk__in=chosen).newest_first()
        )
        return context


class PublicationPage(WorkMixin, LeadMixin, BasePage):
    """A publication, with the document itself where there is one."""

    template = "pages/publication_page.html"
    icon = "doc-full-inverse"
    page_description = _("A report, booklet or guide that came out of a project.")
    sections_place = "pages.project"
    parent_page_types: ClassVar[list[str]] = ["pages.ProjectIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    page_count = models.PositiveSmallIntegerField(_("number of pages"), null=True, blank=True)
    document = models.ForeignKey(
        get_document_model_string(),
        verbose_name=_("document"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The publication as a file. Write on the page whether the file is accessible."),
    )
    body = BodyField(PageStreamBlock(), verbose_name=_("text"))

    objects: ClassVar[Any] = WorkManager()

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        *LeadMixin.lead_panels,
        *WorkMixin.work_panels,
        FieldRowPanel([FieldPanel("document"), FieldPanel("page_count")], heading=_("The publication itself")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return self.title

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the projects that the publication came out of."""
        context = super().get_context(request, *args, **kwargs)
        context["projects"] = (
            ProjectPage.objects.visible_to(asker(request))
            .filter(publication_links__publication_id=self.pk)
            .distinct()
            .newest_first()
        )
        return context


class ProjectPublication(Orderable):
    """A publication that came out of a project."""

    project = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="publication_links")
    publication = models.ForeignKey(
        PublicationPage, verbose_name=_("publication"), on_delete=models.CASCADE, related_name="project_links"
    )

    panels: ClassVar[list[Panel]] = [PageChooserPanel("publication")]

    class Meta(Orderable.Meta):
        verbose_name = _("publication of a project")
        verbose_name_plural = _("publications of a project")
        constraints = [
            models.UniqueConstraint(fields=["project", "publication"], name="project_publication_once"),
        ]

    def __str__(self) -> str:
        return str(self.publication)
