"""Synonyms and promoted results in Wagtail's admin, and the menu that they stand in."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.models import Page
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView, SnippetViewSet, SnippetViewSetGroup

from portal.core import audit
from search.editing.preview import preview_of
from search.models import Promotion, Synonym

_LONGEST_PREFILL = 200
# The order of the items in the menu below those of the snippets.
SUBMENU_HOOK = "register_search_menu_item"


def _told(obj: Synonym | Promotion) -> dict[str, Any]:
    """Return a row as the audit trail has it."""
    values: dict[str, Any] = {"is": str(obj), "active": obj.active, "note": obj.note}
    if isinstance(obj, Promotion):
        values |= {"page": obj.page_id, "position": obj.position, "from": obj.starts_on, "to": obj.ends_on}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


class PrefilledCreateView(CreateView):
    """A new row; the words that a link brings stand in the form already."""

    prefilled = ""

    def get_initial(self) -> dict[str, Any]:
        """Take the words from the address."""
        given = self.request.GET.get("words", "").replace("\x00", "")[:_LONGEST_PREFILL]
        return {**super().get_initial(), **({self.prefilled: given} if given else {})}

    def save_instance(self) -> Any:
        """Save, and say so in the audit trail."""
        made = super().save_instance()
        audit.record(actor=self.request.user, action=f"{made._meta.model_name}.created", obj=made, after=_told(made))
        return made


class AuditedEditView(EditView):
    """A change, with what stood there before."""

    def save_instance(self) -> Any:
        """Save, and say so in the audit trail."""
        before = _told(self.model.objects.get(pk=self.object.pk))
        made = super().save_instance()
        action = f"{made._meta.model_name}.changed"
        audit.record(actor=self.request.user, action=action, obj=made, before=before, after=_told(made))
        return made


class AuditedDeleteView(DeleteView):
    """A deletion."""

    def delete_action(self) -> None:
        """Say so in the audit trail, and delete."""
        action = f"{self.object._meta.model_name}.deleted"
        audit.record(actor=self.request.user, action=action, obj=self.object, before=_told(self.object))
        super().delete_action()


class _WithPreview:
    """A second button of the form: it shows what the rule would change, and stores nothing."""

    request: HttpRequest
    form: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the preview under the form as it was typed, or do what the other buttons ask for."""
        if "show-changes" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        form = self.get_form()  # type: ignore[attr-defined]
        if not self.is_valid(form):  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]
        self.form = form
        context = self.get_context_data(form=form, changes=preview_of(form.instance))  # type: ignore[attr-defined]
        return self.render_to_response(context)  # type: ignore[attr-defined]


class SynonymCreateView(_WithPreview, PrefilledCreateView):
    """A new rule."""

    prefilled = "words"


class SynonymEditView(_WithPreview, AuditedEditView):
    """A rule that is there."""


class PromotionCreateView(PrefilledCreateView):
    """A new promotion."""

    prefilled = "queries"


class EditingViewSet(SnippetViewSet):
    """What the two lists share: they are short, and any text is safe in the search box."""

    copy_view_enabled = False
    delete_view_class = AuditedDeleteView
    search_backend_name = None
    list_per_page = 50


class SynonymViewSet(EditingViewSet):
    """The synonyms."""

    model = Synonym
    icon = "resubmit"
    menu_label = gettext_lazy("Synonyms")
    add_view_class = SynonymCreateView
    edit_view_class = SynonymEditView
    create_template_name = "search/admin/synonym_create.html"
    edit_template_name = "search/admin/synonym_edit.html"
    list_display: ClassVar[list[Any]] = [
        "__str__",
        BooleanColumn("active", label=gettext_lazy("In force")),
        Column("note", label=gettext_lazy("Note")),
    ]
    list_filter: ClassVar[list[str]] = ["active", "direction"]
    search_fields: ClassVar[list[str]] = ["words", "means", "note"]


def _standing(promotion: Any) -> str:
    """Say in a word whether people see it today, and why not."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    if not promotion.active:
        return _("Stopped")
    if not promotion.page.live:
        return _("The page is not published")
    if promotion.starts_on and today < promotion.starts_on:
        return _("Begins later")
    if promotion.ends_on and promotion.ends_on < today:
        return _("Is over")
    return _("Stands first") if promotion.is_public else _("Stands first for those who may see the page")


class PromotionViewSet(EditingViewSet):
    """The promoted results."""

    model = Promotion
    icon = "pick"
    menu_label = gettext_lazy("Promoted results")
    add_view_class = PromotionCreateView
    edit_view_class = AuditedEditView
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("page", label=gettext_lazy("Page")),
        "position",
        Column("standing", label=gettext_lazy("Today"), accessor=_standing),
    ]
    list_filter: ClassVar[list[str]] = ["active"]
    search_fields: ClassVar[list[str]] = ["queries", "page__title", "note"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch the pages and their privacy along: a list of fifty asks as often as a list of one."""
        public = Page.objects.public().filter(pk=OuterRef("page_id"))
        promotions = Promotion.objects.select_related("page").annotate(is_public=Exists(public))
        return promotions.order_by(*Promotion._meta.ordering or ())


class UsageMenuItem(MenuItem):
    """For whoever may read the counts."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether she may."""
        return may_see_usage(request.user)


def may_see_usage(user: Any) -> bool:
    """Tell whether somebody may read what people looked for."""
    return bool(user.has_perm("search.view_querycount"))


class SearchGroup(SnippetViewSetGroup):
    """The menu “Search”; other screens of search add themselves by the hook `SUBMENU_HOOK`."""

    menu_label = pgettext_lazy("noun", "Search")
    menu_icon = "search"
    menu_name = "soegning"
    menu_order = 480
    submenu_hook = SUBMENU_HOOK
    items = (SynonymViewSet, PromotionViewSet)

    def get_submenu_items(self) -> list[MenuItem]:
        """Put what people looked for first: it is where a day's work begins."""
        usage = UsageMenuItem(_("What people looked for"), reverse("search_admin:usage"), icon_name="list-ul", order=0)
        return [usage, *super().get_submenu_items()]
