"""The courses in Wagtail's admin: runs in the menu, providers, and a guard for pages that have runs."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, PageChooserPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from learning.forms import CourseRunForm
from learning.models import CoursePage, CourseRun, Provider
from learning.services import course_run_delete
from portal.core.formats import long_date
from portal.seats.admin import CopiedRowMixin, RefusingDeleteMixin


class CourseRunFilters(WagtailFilterSet):
    """Filters of the list of course runs."""

    class Meta:
        model = CourseRun
        fields: ClassVar[list[str]] = ["municipality", "online", "cancelled"]


class CourseRunIndexView(generic.IndexView):
    """The list; each row's course and municipality are read along with it."""

    def get_base_queryset(self) -> Any:
        """Read what a row shows in one query."""
        return super().get_base_queryset().for_list().select_related("course").defer("course__body")


class CourseRunCreateView(generic.CreateView):
    """A new run; the page that it was asked for from is chosen already."""

    def get_initial(self) -> dict[str, Any]:
        """Choose the course that the link names."""
        page = self.request.GET.get("course", "")
        named = page.isascii() and page.isdigit() and len(page) < 12
        return {**super().get_initial(), **({"course": page} if named else {})}


class CourseRunCopyView(CopiedRowMixin, generic.CopyView):
    """A copy is a row of its own, whichever address its form is sent to."""


class CourseRunDeleteView(RefusingDeleteMixin, generic.DeleteView):
    """Delete through the service, which takes the seats along and writes the audit entry."""

    def delete_action(self) -> None:
        """Delete."""
        course_run_delete(actor=self.request.user, run=self.object)


class CourseRunViewSet(ModelViewSet):
    """Course runs: beside the pages, for a date is no part of a draft."""

    model = CourseRun
    icon = "calendar"
    menu_label = gettext_lazy("Course runs")
    menu_order = 260
    add_to_admin_menu = True
    index_view_class = CourseRunIndexView
    add_view_class = CourseRunCreateView
    copy_view_class = CourseRunCopyView
    delete_view_class = CourseRunDeleteView
    list_display: ClassVar[list[Any]] = [
        "course",
        # Wagtail's date column counts back from now and calls every coming day "just now".
        Column(
            "starts", label=gettext_lazy("First day"), accessor=lambda run: long_date(run.starts), sort_key="starts"
        ),
        Column("where", label=gettext_lazy("Where")),
        BooleanColumn("cancelled", label=gettext_lazy("Called off")),
    ]
    filterset_class = CourseRunFilters
    search_fields: ClassVar[list[str]] = ["course__title", "place", "municipality__name"]
    search_backend_name = None
    ordering: ClassVar[list[str]] = ["-starts", "-id"]
    edit_handler = ObjectList(
        [
            PageChooserPanel("course", "learning.CoursePage"),
            MultiFieldPanel([FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")])], heading=gettext_lazy("When?")),
            MultiFieldPanel(
                [FieldPanel("place"), FieldPanel("municipality"), FieldPanel("online")], heading=gettext_lazy("Where?")
            ),
            MultiFieldPanel(
                [FieldPanel("capacity"), FieldRowPanel([FieldPanel("opens_at"), FieldPanel("deadline")])],
                heading=gettext_lazy("Seats and sign-up"),
            ),
            MultiFieldPanel(
                [FieldPanel("cancelled"), FieldPanel("cancel_reason")],
                heading=gettext_lazy("Is it cancelled?"),
                help_text=gettext_lazy("Cancel a run that people know about; delete only what was made by mistake."),
            ),
        ],
        base_form_class=CourseRunForm,
    )


class ProviderViewSet(SnippetViewSet):
    """Providers."""

    model = Provider
    icon = "group"
    list_display: ClassVar[list[str]] = ["name", "url"]
    search_fields: ClassVar[list[str]] = ["name"]
    search_backend_name = None


register_snippet(ProviderViewSet)


@hooks.register("register_admin_viewset")
def register_course_runs() -> CourseRunViewSet:
    """Put the course runs into the admin."""
    return CourseRunViewSet("courserun")


@hooks.register("before_delete_page")
def keep_courses_with_runs(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Refuse to delete a page, or a tree of pages, that has course runs: people may have planned for them."""
    courses = CoursePage.objects.descendant_of(page, inclusive=True)
    if not CourseRun.objects.filter(course__in=courses).exists():
        return None
    text = _(
        "“%(page)s” has course runs. Cancel them, or delete those made by mistake, and unpublish the page instead."
    )
    messages.error(request, text % {"page": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)
