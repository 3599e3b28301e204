"""Contact cards in Wagtail's admin."""

from typing import Any

import django_filters
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, TitleColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from portal.contacts.dashboard import review_url
from portal.contacts.models import ContactCard
from portal.contacts.review import KIND, consent_renew, review_begin
from portal.workflows.admin import CaseAdminView
from portal.workflows.api import Case, definition_for

RENEW = "renew"


class ReviewView(CaseAdminView):
    """The consent behind one card."""

    template_name = "contacts/admin/review.html"

    def find_case(self) -> Case | None:
        """Return the newest review."""
        case: Case | None = Case.objects.about(self.object).filter(kind=KIND).select_related("definition").first()
        return case

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Note a consent that has been given, for the first time or again; the rest is the case's."""
        if request.POST.get("transition") != RENEW:
            return super().post(request, *args, **kwargs)
        consent_renew(card=self.object, actor=request.user)
        messages.success(request, _("It is noted."))
        return redirect(request.path)

    def get_page_title(self) -> str:
        """Say what this is."""
        return _("Review")

    def more_context(self, case: Case | None) -> dict[str, Any]:
        """Offer to begin where nothing is open."""
        return {"renew": RENEW if case is None or not case.is_open else "", "card": self.object}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the card and the list."""
        viewset = ContactCard.snippet_viewset
        return [
            *self.breadcrumbs_items,
            {"url": reverse(viewset.get_url_name("list")), "label": gettext_lazy("Contact cards")},
            {"url": reverse(viewset.get_url_name("edit"), args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": _("Review")},
        ]


class CardCreateView(CreateView):
    """Whoever makes a card has the consent: the year begins today."""

    def save_instance(self) -> ContactCard:
        """Begin the review with the card."""
        card: ContactCard = super().save_instance()
        review_begin(card=card, actor=self.request.user)
        return card


class CardEditView(EditView):
    """The editor, with the way to the review."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Add the review."""
        review = Button(_("Review"), url=review_url(self.object), icon_name="calendar-check", priority=5)
        return [*super().header_more_buttons, review]


def _states() -> list[tuple[str, str]]:
    return [(state.key, str(state.title)) for state in definition_for(KIND).read().states]


class ContactCardFilterSet(WagtailFilterSet):
    """By whom a card serves, and by where its consent stands."""

    review = django_filters.ChoiceFilter(label=gettext_lazy("Review"), choices=_states, method="in_state")

    class Meta:
        model = ContactCard
        fields = ["active", "party", "region", "municipality"]

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        """Keep the cards whose newest review stands there."""
        return queryset.in_review_state(value)


def _review_title(card: ContactCard) -> str:
    review = card.review
    return str(review.current().title) if review is not None else _("Not begun")


class ContactCardViewSet(SnippetViewSet):
    """The cards, filtered by whom they serve."""

    model = ContactCard
    icon = "mail"
    menu_label = gettext_lazy("Contact cards")
    menu_order = 450
    add_to_admin_menu = True
    # A copy would be a second card on the first one's consent.
    copy_view_enabled = False
    add_view_class = CardCreateView
    edit_view_class = CardEditView
    list_display = [
        "function",
        "organisation",
        "municipality",
        "region",
        BooleanColumn("active", label=gettext_lazy("Shown")),
        TitleColumn("review", label=gettext_lazy("Review"), accessor=_review_title, get_url=review_url),
    ]
    filterset_class = ContactCardFilterSet
    list_per_page = 50
    # The database's own comparison: the cards are few, and any text is safe.
    search_backend_name = None
    search_fields = ["function", "organisation", "about", "email"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch places and reviews along: a list of fifty asks as often as a list of one."""
        cards: Any = ContactCard.objects.select_related("municipality", "region")
        return cards.with_review().in_order()

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the review."""
        view = self.construct_view(ReviewView)
        return [*super().get_urlpatterns(), path("review/<int:pk>/", view, name="review")]


register_snippet(ContactCardViewSet)
