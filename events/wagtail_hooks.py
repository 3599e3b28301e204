"""The meetings in Wagtail's admin: their times in the menu, themes, and a guard for pages that have times."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, PageChooserPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from events.forms import OccurrenceForm
from events.models import EventPage, Occurrence, Theme
from events.planning.admin import QuestionViewSet, series_urls
from events.planning.panels import SeriesPanel
from events.planning.questions import questions_copy
from events.selectors.rows import moment_text
from events.services import occurrence_delete
from portal.seats.admin import CopiedRowMixin, OverCapacityMixin, RefusingDeleteMixin, sign_up_panels


class OccurrenceFilters(WagtailFilterSet):
    """Filters of the list of meeting times."""

    class Meta:
        model = Occurrence
        fields: ClassVar[list[str]] = ["municipality", "region", "online", "cancelled"]


class OccurrenceIndexView(generic.IndexView):
    """The list; each row's meeting and municipality are read along with it."""

    def get_base_queryset(self) -> Any:
        """Read what a row shows in one query."""
        return super().get_base_queryset().for_list()


class OccurrenceCreateView(generic.CreateView):
    """A new time; the page that it was asked for from is chosen already."""

    def get_initial(self) -> dict[str, Any]:
        """Choose the meeting that the link names."""
        page = self.request.GET.get("event", "")
        return {
            **super().get_initial(),
            **({"event": page} if page.isascii() and page.isdigit() and len(page) < 12 else {}),
        }


class OccurrenceCopyView(CopiedRowMixin, generic.CopyView):
    """A copy is a row of its own, whichever address its form is sent to."""


class OccurrenceEditView(OverCapacityMixin, generic.EditView):
    """Change a time; the service tells those who are signed up."""


class OccurrenceDeleteView(RefusingDeleteMixin, generic.DeleteView):
    """Delete through the service, which takes the seats along and writes the audit entry."""

    def delete_action(self) -> None:
        """Delete."""
        occurrence_delete(actor=self.request.user, occurrence=self.object)


class OccurrenceViewSet(ModelViewSet):
    """Meeting times: beside the pages, for a time is no part of a draft."""

    model = Occurrence
    icon = "time"
    menu_label = gettext_lazy("Meeting times")
    menu_order = 250
    add_to_admin_menu = True
    index_view_class = OccurrenceIndexView
    add_view_class = OccurrenceCreateView
    copy_view_class = OccurrenceCopyView
    edit_view_class = OccurrenceEditView
    delete_view_class = OccurrenceDeleteView
    list_display: ClassVar[list[Any]] = [
        "event",
        # Wagtail's date column counts back from now and calls every coming time "just now".
        Column(
            "starts_at",
            label=gettext_lazy("Begins"),
            accessor=lambda occurrence: moment_text(occurrence.starts_at),
            sort_key="starts_at",
        ),
        Column("where", label=gettext_lazy("Where")),
        BooleanColumn("cancelled", label=gettext_lazy("Called off")),
    ]
    filterset_class = OccurrenceFilters
    search_fields: ClassVar[list[str]] = ["event__title", "place", "municipality__name"]
    search_backend_name = None
    ordering: ClassVar[list[str]] = ["-starts_at", "-id"]
    edit_handler = ObjectList(
        [
            PageChooserPanel("event", "events.EventPage"),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])], heading=gettext_lazy("When?")
            ),
            SeriesPanel(heading=gettext_lazy("Series of meetings")),
            MultiFieldPanel(
                [
                    FieldPanel("place"),
                    FieldPanel("address"),
                    FieldRowPanel([FieldPanel("municipality"), FieldPanel("region")]),
                    FieldPanel("access_notes"),
                    FieldPanel("online"),
                    FieldRowPanel([FieldPanel("link"), FieldPanel("participants_link")]),
                ],
                heading=gettext_lazy("Where?"),
            ),
            MultiFieldPanel(sign_up_panels(), heading=gettext_lazy("Seats and sign-up")),
            MultiFieldPanel(
                [
                    FieldPanel("asks_list"),
                    FieldRowPanel([FieldPanel("remind_days"), FieldPanel("keep_days")]),
                    FieldPanel("asks_pulse"),
                ],
                heading=gettext_lazy("Those who come"),
            ),
            MultiFieldPanel(
                [FieldPanel("cancelled"), FieldPanel("cancel_reason")],
                heading=gettext_lazy("Is it cancelled?"),
                help_text=gettext_lazy(
                    "Cancel a meeting that people know about; delete only what was made by mistake."
                ),
            ),
        ],
        base_form_class=OccurrenceForm,
    )


class ThemeViewSet(SnippetViewSet):
    """Themes that meetings share."""

    model = Theme
    icon = "tag"
    search_fields: ClassVar[list[str]] = ["name"]
    search_backend_name = None


register_snippet(ThemeViewSet)


@hooks.register("register_admin_viewset")
def register_occurrences() -> OccurrenceViewSet:
    """Put the meeting times into the admin."""
    return OccurrenceViewSet("occurrence")


@hooks.register("register_admin_viewset")
def register_questions() -> QuestionViewSet:
    """Put the questions into the admin; the way to them is the meeting's page."""
    return QuestionViewSet("eventquestion")


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """Mount the screens of series."""
    return [path("moedeserier/", include(series_urls))]


class SeriesMenuItem(MenuItem):
    """The way to the series, for whoever may change meeting times."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide it from others."""
        return request.user.has_perms(["events.add_occurrence", "events.change_occurrence"])


@hooks.register("register_admin_menu_item")
def series_menu_item() -> MenuItem:
    """Put the series below the meeting times."""
    title = gettext_lazy("Series of meetings")
    return SeriesMenuItem(title, reverse_lazy("series_admin:index"), name="series", icon_name="calendar", order=251)


@hooks.register("after_copy_page")
def copy_questions(request: HttpRequest, page: Any, new_page: Any) -> None:
    """Let a copied meeting ask what its original asks. Times, seats and people are the original's own."""
    source, target = page.specific, new_page.specific
    if isinstance(source, EventPage) and isinstance(target, EventPage):
        questions_copy(actor=request.user, source=source, target=target)


@hooks.register("before_delete_page")
def keep_meetings_with_times(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Refuse to delete a page, or a tree of pages, that has meeting times: people may have them in their calendars."""
    events = EventPage.objects.descendant_of(page, inclusive=True)
    count = Occurrence.objects.filter(event__in=events).count()
    if not count:
        return None
    text = _(
        "“%(page)s” has meeting times. Cancel them, or delete those made by mistake, and unpublish the page instead."
    )
    messages.error(request, text % {"page": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)
