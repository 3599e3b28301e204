"""The courses' page types: the list and a course."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel, Panel

from learning.models.providers import Provider
from learning.querysets import CourseManager
from portal.core.keys import KeyedPageMixin
from portal.core.mixins import BodyMixin, LeadMixin
from portal.core.models import BasePage
from portal.seats.panels import DatesPanel


class CourseIndexPage(LeadMixin, BasePage):
    """The list of all courses, with filters."""

    template = "learning/course_index_page.html"
    page_description = _("The list of courses with filters. There is one, right below the home page.")
    icon = "open-book"
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["learning.CoursePage"]
    max_count = 1

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, *LeadMixin.lead_panels]

    class Meta:
        verbose_name = _("list of courses")
        verbose_name_plural = _("lists of courses")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the courses that the address asks for."""
        from learning.selectors.listing import course_list

        context = super().get_context(request, *args, **kwargs)
        return {**context, "screen": course_list(self, request)}


class CoursePage(KeyedPageMixin, LeadMixin, BodyMixin, BasePage):
    """A course: its words and what it lifts. When it is held stands in its runs, beside the page."""

    template = "learning/course_page.html"
    page_description = _("A course: target audience, content, outcome, price. Dates are added under “Course runs”.")
    icon = "doc-full"
    parent_page_types: ClassVar[list[str]] = ["learning.CourseIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    provider = models.ForeignKey(Provider, verbose_name=_("provider"), on_delete=models.PROTECT, related_name="courses")
    audience = models.TextField(
        _("target audience"), blank=True, max_length=600, help_text=_("Who is the course for? One or two sentences.")
    )
    prerequisites = models.TextField(
        _("prerequisites"), blank=True, max_length=600, help_text=_("What one should have or know before.")
    )
    duration = models.CharField(
        _("duration"), max_length=120, blank=True, help_text=_("For example “12 dage over tre måneder”.")
    )
    ects = models.DecimalField(
        _("ECTS points"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(0, _("Write a number above 0, or leave the field empty.")),
            MaxValueValidator(300, _("Write a number of at most 300.")),
        ],
        help_text=_("Leave empty if the course gives none."),
    )
    qualifying = models.BooleanField(
        _("formally qualifying"), default=False, help_text=_("The course ends with a recognised exam.")
    )
    price_dkk = models.PositiveIntegerField(
        _("price in kroner"),
        null=True,
        blank=True,
        help_text=_(
            "Per participant, in whole kroner without VAT. 0 means free; leave empty if the price is not known."
        ),
    )
    order_of_admission = models.TextField(
        _("order of admission"), blank=True, max_length=400, help_text=_("How seats are given when there are too few.")
    )
    exam_form = models.TextField(_("exam"), blank=True, max_length=400)
    external_url = models.URLField(
        _("the provider's page"), blank=True, help_text=_("Where one reads more or signs up, if it happens elsewhere.")
    )
    project = models.ForeignKey(
        "pages.ProjectPage",
        verbose_name=_("project"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The project that the course grew out of."),
    )
    publication = models.ForeignKey(
        "pages.PublicationPage",
        verbose_name=_("publication"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The publication that the course grew out of."),
    )
    featured = models.BooleanField(
        _("show on the home page"),
        default=False,
        help_text=_("The course is shown as “course in focus”. With several, the one published last is shown."),
    )

    objects: ClassVar[Any] = CourseManager()

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        *LeadMixin.lead_panels,
        MultiFieldPanel(
            [FieldPanel("provider"), FieldPanel("audience"), FieldPanel("prerequisites")], heading=_("Who is it for?")
        ),
        DatesPanel("runs", add_query="course", heading=_("Course runs")),
        *BodyMixin.body_panels,
        InlinePanel("outcomes", heading=_("Outcome"), label=_("Outcome")),
        InlinePanel("competence_links", heading=_("What the course lifts"), label=_("Competence")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("duration"), FieldPanel("ects")]),
                FieldRowPanel([FieldPanel("qualifying"), FieldPanel("price_dkk")]),
                FieldPanel("exam_form"),
                FieldPanel("order_of_admission"),
                FieldPanel("external_url"),
            ],
            heading=_("Facts"),
        ),
        MultiFieldPanel(
            [PageChooserPanel("project"), PageChooserPanel("publication")], heading=_("Why the course exists")
        ),
        InlinePanel(
            "chosen_profiles",
            heading=_("Profiles"),
            label=_("Profile"),
            help_text=_("Profiles that ask for what the course lifts are shown by themselves. Add others here."),
        ),
        FieldPanel("featured"),
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            # An import finds the page by its key; pages made by hand have none.
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="learning_page_key_unique"),
            models.CheckConstraint(
                condition=Q(ects__isnull=True) | Q(ects__gt=0),
                name="learning_page_ects_positive",
                violation_error_message=_("Write ECTS points above 0, or leave the field empty."),
            ),
        ]

    @property
    def runs_of_id(self) -> int:
        """Return the page whose runs are shown: an alias shows those of its original."""
        return self.alias_of_id or self.pk

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the course's runs, and where it leads."""
        from learning.selectors.detail import course_screen

        context = super().get_context(request, *args, **kwargs)
        return {**context, "screen": course_screen(self, request, timezone.localdate())}


__all__ = ["CourseIndexPage", "CoursePage"]
