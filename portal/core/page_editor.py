"""The editor of pages and snippets, where Wagtail's own lets an editor down."""

from typing import Any

from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page
from wagtail.snippets.views.snippets import CreateView as SnippetCreateView

from portal.core.models import BasePage


class PortalPageCreateView(CreateView):
    """A new page is first saved by hand; from then on Wagtail saves it by itself.

    Wagtail's autosave sends the form of a new page to the address that creates. An editor who presses a button while
    that is under way creates the page twice, and is told that its address is taken — by her own page.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave the autosave out of the form and out of the header."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "autosave_enabled": False, "autosave_indicator": None}


class PortalPageViewSet(PageViewSet):
    """The views of every page type of ours."""

    model = BasePage
    add_view_class = PortalPageCreateView
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
