"""The planning in Wagtail's admin: addresses, menu, and the questions of the sign-up form."""

from typing import Any, ClassVar

from django.urls import path
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, PageChooserPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from events.models import Question
from events.planning import views
from events.planning.forms import QuestionForm
from events.planning.questions import question_delete
from portal.seats.admin import RefusingDeleteMixin

series_urls = (
    [
        path("", views.IndexView.as_view(), name="index"),
        path("ny/<int:pk>/", views.MakeView.as_view(), name="make"),
        path("foelg/<int:pk>/", views.FollowView.as_view(), name="follow"),
        path("<int:pk>/", views.DetailView.as_view(), name="series"),
    ],
    "series_admin",
)


class QuestionFilters(WagtailFilterSet):
    """Filters of the list of questions."""

    class Meta:
        model = Question
        fields: ClassVar[list[str]] = ["kind", "retired"]


class QuestionIndexView(generic.IndexView):
    """The list; each row's meeting is read along with it."""

    def get_base_queryset(self) -> Any:
        """Read what a row shows in one query."""
        return super().get_base_queryset().select_related("event")


class QuestionCreateView(generic.CreateView):
    """A new question; the page that it was asked for from is chosen already."""

    def get_initial(self) -> dict[str, Any]:
        """Choose the meeting that the link names."""
        page = self.request.GET.get("event", "")
        known = page.isascii() and page.isdigit() and len(page) < 12
        return {**super().get_initial(), **({"event": page} if known else {})}


class QuestionDeleteView(RefusingDeleteMixin, generic.DeleteView):
    """Delete through the service, which keeps what was answered."""

    def delete_action(self) -> None:
        """Delete."""
        question_delete(actor=self.request.user, question=self.object)


class QuestionViewSet(ModelViewSet):
    """Questions at sign-up: beside the pages, for an answer points to the words that were asked."""

    model = Question
    icon = "help"
    menu_label = gettext_lazy("Questions at sign-up")
    add_to_admin_menu = False
    copy_view_enabled = False
    index_view_class = QuestionIndexView
    add_view_class = QuestionCreateView
    delete_view_class = QuestionDeleteView
    list_display: ClassVar[list[Any]] = [
        "text",
        "event",
        "kind",
        BooleanColumn("retired", label=gettext_lazy("No longer asked")),
    ]
    filterset_class = QuestionFilters
    search_fields: ClassVar[list[str]] = ["text", "event__title"]
    search_backend_name = None
    ordering: ClassVar[list[str]] = ["event__title", "position", "id"]
    edit_handler = ObjectList(
        [
            PageChooserPanel("event", "events.EventPage"),
            MultiFieldPanel(
                [FieldPanel("text"), FieldPanel("help"), FieldPanel("kind"), FieldPanel("choices")],
                heading=gettext_lazy("What is asked?"),
                help_text=gettext_lazy(
                    "Ask for what you need to hold the meeting. A list is better than a text: it can be counted, "
                    "and nobody writes more than you may keep. Never ask for anything about health in a text."
                ),
            ),
            FieldRowPanel([FieldPanel("required"), FieldPanel("position")]),
            FieldRowPanel([FieldPanel("keep_days"), FieldPanel("retired")]),
        ],
        base_form_class=QuestionForm,
    )
