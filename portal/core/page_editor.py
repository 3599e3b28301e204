"""The editor of pages and snippets, where Wagtail's own lets an editor down."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page
from wagtail.snippets.views.snippets import CreateView as SnippetCreateView

from portal.core.models import BasePage
from portal.core.publication import gate


class PortalPageCreateView(CreateView):
    """A new page is first saved by hand; from then on Wagtail saves it by itself.

    Wagtail's autosave sends the form of a new page to the address that creates. An editor who presses a button while
    that is under way creates the page twice, and is told that its address is taken — by her own page.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave the autosave out of the form and out of the header."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "autosave_enabled": False, "autosave_indicator": None}

    @cached_property
    def action_name_and_method(self) -> tuple[str, Any]:
        """Save a page that a policy is for as a draft, whichever button came: it is sent in from the editor."""
        if gate().is_bound_below(self.parent_page, self.page_class):
            return ("save", self.save_action)
        chosen: tuple[str, Any] = super().action_name_and_method
        return chosen


class PortalPageEditView(EditView):
    """Editing under a policy: whoever changes a page holds its row, so that nothing is approved or published meanwhile."""

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        """Lock the page before Wagtail reads it; the admin's middleware holds a transaction around the view."""
        if request.method == "POST":
            list(Page.objects.select_for_update().filter(pk=page_id).values_list("pk"))
        response: HttpResponse = super().dispatch(request, page_id, **kwargs)
        return response

    def submit_action(self) -> HttpResponse:
        """Send in; a page that was returned and would go another way now begins anew, instead of on the old way."""
        if gate().before_sending(self.form.save(commit=False), self.request.user):
            self.workflow_state = None
        response: HttpResponse = super().submit_action()
        return response


class PortalPageViewSet(PageViewSet):
    """The views of every page type of ours."""

    model = BasePage
    add_view_class = PortalPageCreateView
    edit_view_class = PortalPageEditView
    # Wagtail works these out from a concrete page type; the explorer keeps its own lists.
    parent_models = ()

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Let the views ask the table of all pages, as Wagtail's own do: an abstract class has none to be asked.

        History, use, locking and workflow of every page would fail otherwise.
        """
        common: dict[str, Any] = super().get_common_view_kwargs(**{"model": Page, **kwargs})
        return common


class PortalSnippetCreateView(SnippetCreateView):
    """A new snippet with drafts is first saved by hand, for the same reason."""

    def setup(self, *args: Any, **kwargs: Any) -> None:
        """Leave the autosave out."""
        super().setup(*args, **kwargs)
        self.autosave_enabled = False
