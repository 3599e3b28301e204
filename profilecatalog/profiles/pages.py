"""The catalogue's page types: the list of profiles, a profile, the list of competences."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField

from portal.core.mixins import LeadMixin
from portal.core.models import BasePage
from profilecatalog.profiles.approval import ApprovedAsRelease
from profilecatalog.profiles.enums import CHOSEN_CHANGES, ProfileKind
from profilecatalog.profiles.forms import ProfilePageForm
from profilecatalog.profiles.identity import OwnIdentity
from profilecatalog.profiles.models.parts import MAX_YEAR, MIN_YEAR
from profilecatalog.profiles.panels import LevelsInlinePanel, ListPanel

if TYPE_CHECKING:
    from profilecatalog.profiles.models import ProfileRelease

SHORT_TEXT = ["bold", "italic", "ol", "ul", "link"]


class ProfileIndexPage(LeadMixin, BasePage):
    """The list of all profiles."""

    template = "profiles/profile_index_page.html"
    page_description = _("The list of competence profiles. There is one, right below the home page.")
    icon = "group"
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["profiles.ProfilePage"]
    max_count = 1

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, *LeadMixin.lead_panels]

    class Meta:
        verbose_name = _("list of profiles")
        verbose_name_plural = _("lists of profiles")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the list that the address asks for."""
        from profilecatalog.profiles.screens.lists import profile_list

        return {**super().get_context(request, *args, **kwargs), "screen": profile_list(self, request)}

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find the profile in one query: below this page there is nothing else."""
        if path_components:
            page = ProfilePage.objects.child_of(self).filter(slug=path_components[0]).first()
            if page is not None:
                # For the breadcrumb, which would read it again.
                page._cached_parent_obj = self
                return page.route(request, path_components[1:])
        return super().route(request, path_components)


class ProfilePage(ApprovedAsRelease, OwnIdentity, RoutablePageMixin, LeadMixin, BasePage):
    """A competence profile.

    The page's rows are the editors' workshop. What the public sees is the latest release, frozen inside the transaction
    of publishing (`services.releases`): no change of a competence, and no unpublished row, reaches it.
    """

    template = "profiles/profile_page.html"
    base_form_class = ProfilePageForm
    page_description = _(
        "A competence profile: tasks, competences with requirements now and in future, voices, questions."
    )
    icon = "user"
    sections_place = "profiles.profile"
    parent_page_types: ClassVar[list[str]] = ["profiles.ProfileIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    # A copy is a profile of its own: it says nothing about the original's next release.
    exclude_fields_in_copy: ClassVar[list[str]] = ["uuid", "key", "release_change", "release_reason"]

    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=ProfileKind,
        default=ProfileKind.SPECIALIST,
        help_text=_("Base competences are what everybody needs; specialist profiles build on them."),
    )
    sector = models.CharField(_("sector"), max_length=120, blank=True, help_text=_("For example “Borgerservice”."))
    target_job = models.CharField(
        _("job"), max_length=160, blank=True, help_text=_("For example “Medarbejder i borgerservice”.")
    )
    in_short = RichTextField(
        _("in short"),
        blank=True,
        features=SHORT_TEXT,
        help_text=_("What is changing in the job, and why? Two or three short paragraphs."),
    )
    future_year = models.PositiveSmallIntegerField(
        _("year of the future"),
        null=True,
        blank=True,
        help_text=_("The year that requirements in future are about, unless a competence says otherwise."),
    )
    release_change = models.CharField(
        _("what kind of change?"),
        max_length=10,
        blank=True,
        choices=CHOSEN_CHANGES,
        help_text=_(
            "Choose when you publish changed content. “Only clarified” is for wording: no requirement, no importance and no "
            "competence may have changed."
        ),
    )
    release_reason = models.TextField(
        _("reason for the new release"),
        blank=True,
        max_length=600,
        help_text=_("Shown in the change log: what is new, and why? One to three sentences."),
    )

    overview_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        *LeadMixin.lead_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("kind"), FieldPanel("future_year")]),
                FieldRowPanel([FieldPanel("sector"), FieldPanel("target_job")]),
            ],
            heading=_("Which job?"),
        ),
        FieldPanel("in_short"),
        InlinePanel("tasks", heading=_("Tasks"), label=_("Task")),
        InlinePanel("publishers", heading=_("Published by"), label=_("Party")),
    ]
    competence_panels: ClassVar[list[Panel]] = [
        LevelsInlinePanel(
            "groups",
            heading=_("Competences in groups"),
            label=_("Group"),
            help_text=_("Each group is a heading on the page with its competences below."),
        ),
    ]
    talk_panels: ClassVar[list[Panel]] = [
        InlinePanel("questions", heading=_("Questions to talk about"), label=_("Question")),
        InlinePanel("voices", heading=_("Voices from the job"), label=_("Voice")),
        InlinePanel("sources", heading=_("Sources"), label=_("Source")),
        InlinePanel("builds_on", heading=_("Builds on"), label=_("Profile")),
        InlinePanel("next_steps", heading=_("Next steps"), label=_("Profile")),
    ]

    class Meta:
        verbose_name = _("competence profile")
        verbose_name_plural = _("competence profiles")
        constraints = [
            # An import finds the page by its key; pages made by hand have none.
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="profiles_profile_key_unique"),
            models.CheckConstraint(
                condition=Q(future_year__isnull=True) | Q(future_year__gte=MIN_YEAR, future_year__lte=MAX_YEAR),
                name="profiles_profile_year_range",
                violation_error_message=_("Write a year between 2020 and 2100."),
            ),
        ]

    @classmethod
    def get_edit_handler(cls) -> Any:
        """Spread the many fields over tabs in the order in which a profile is written."""
        from profilecatalog.profiles.screens.editor import editor_releases

        release_panels = [
            ListPanel("profiles/admin/panel_releases.html", editor_releases, heading=_("Releases")),
            MultiFieldPanel(
                [FieldPanel("release_change"), FieldPanel("release_reason")], heading=_("The next release")
            ),
        ]
        tabs = [
            (cls.overview_panels, _("The job")),
            (cls.competence_panels, _("Competences")),
            (cls.talk_panels, _("To talk about")),
            (release_panels, _("Release")),
            (cls.promote_panels, _("Visibility")),
            (cls.settings_panels, _("Settings")),
        ]
        handler = TabbedInterface(
            [ObjectList(panels, heading=heading) for panels, heading in tabs], base_form_class=cls.base_form_class
        )
        return handler.bind_to_model(cls)

    @transaction.atomic
    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Copy together with the first release of a live copy, or not at all."""
        return super().copy(*args, **kwargs)

    @property
    def releases_of_id(self) -> int:
        """Return the page whose releases are shown: an alias shows those of its original."""
        return self.alias_of_id or self.pk

    def shown_releases(self) -> list["ProfileRelease"]:
        """Return the releases that the page shows, newest first; while it is drawn they are read once for all sections."""
        from profilecatalog.profiles.models.releases import ProfileRelease

        drawn: list[ProfileRelease] | None = self.__dict__.get("drawn_releases")
        return drawn if drawn is not None else list(ProfileRelease.objects.of([self.releases_of_id]))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Draw the release that is asked for, the latest by default, and in a preview what would become of the draft.

        Raises:
            Http404: the page has no release of that number.
        """
        from profilecatalog.profiles.screens.profile import preview_screen, profile_screen

        self.__dict__["drawn_releases"] = self.shown_releases()
        context = super().get_context(request, *args, **kwargs)
        if getattr(request, "is_preview", False):
            screen: Any = preview_screen(self, request, context["sections"])
        else:
            screen = profile_screen(self, request, context["sections"], kwargs.get("number"))
        # The object may outlive the newest release.
        del self.__dict__["drawn_releases"]
        if screen is None:
            raise Http404
        return {**context, "screen": screen}

    @path("udgave/<int:number>/", name="release")
    def release_route(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show one release; old ones keep their address for ever."""
        context = self.get_context(request, number=number)
        return TemplateResponse(request, self.get_template(request), context)

    def release_url(self, number: int, request: HttpRequest | None = None) -> str:
        """Return the address of a release."""
        return f"{self.get_url(request) or ''}{self.reverse_subpage('release', args=[number])}"


class CompetenceIndexPage(RoutablePageMixin, LeadMixin, BasePage):
    """The list of all competences; each has an address below it."""

    template = "profiles/competence_index_page.html"
    page_description = _("The list of competences. There is one; each competence gets its page below it by itself.")
    icon = "list-ul"
    sections_place = ""
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, *LeadMixin.lead_panels]

    class Meta:
        verbose_name = _("list of competences")
        verbose_name_plural = _("lists of competences")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the competences under their areas."""
        from profilecatalog.profiles.screens.catalogue import competence_list

        return {**super().get_context(request, *args, **kwargs), "screen": competence_list(self, request)}

    @path("<str:slug>/", name="competence")
    def competence_route(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show one published competence.

        Raises:
            Http404: no published competence has this address.
        """
        from profilecatalog.profiles.screens.competence import competence_screen

        screen = competence_screen(self, request, slug)
        if screen is None:
            raise Http404
        context = {**BasePage.get_context(self, request), "screen": screen}
        return TemplateResponse(request, "profiles/competence_page.html", context)

    def competence_url(self, slug: str, request: HttpRequest | None = None) -> str:
        """Return the address of a competence."""
        return f"{self.get_url(request) or ''}{self.reverse_subpage('competence', args=[slug])}"


__all__ = ["CompetenceIndexPage", "ProfileIndexPage", "ProfilePage"]
