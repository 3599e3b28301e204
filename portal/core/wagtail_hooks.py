"""What the ground adds to Wagtail's admin."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView

from portal.core.admin import OperationsGroup
from portal.core.governance import save_pending_governance
from portal.core.page_editor import PortalPageViewSet
from portal.core.publication import gate
from portal.core.visibility import asker, pages_to_choose_for, refuse_foreign

# The report names the page of each type that was edited last, drafts and closed pages too. Whoever may only propose a course
# or a meeting has no use for it.
PageTypesUsageReportView.any_permission_required = ["publish"]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def keep_governance(request: HttpRequest, page: Any) -> None:
    """The editor saves drafts without touching the live row; the sidecar is stored here instead."""
    save_pending_governance(page)


@hooks.register("before_serve_page")
def refuse_foreign_page(page: Any, request: HttpRequest, args: Any, kwargs: Any) -> None:
    """A page for a group is missing to who is not in it."""
    refuse_foreign(page, request)


@hooks.register("before_serve_document", order=-1)
def refuse_foreign_document(document: Any, request: HttpRequest) -> None:
    """A file for a group likewise."""
    refuse_foreign(document.collection, request)


@hooks.register("construct_page_chooser_queryset")
def offer_her_pages(pages: Any, request: HttpRequest) -> Any:
    """Offer no draft and no closed page of others to who looks for a page to point to."""
    return pages.filter(pages_to_choose_for(request.user, asker(request)))


@hooks.register("construct_page_action_menu")
def offer_no_publishing(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Take "Publish" and "Send in" from the form of a new page that a policy is for: Wagtail asks its parent only."""
    if context["view"] != "create" or request.resolver_match is None:
        return
    asked = request.resolver_match.kwargs
    model = apps.get_model(asked["content_type_app_name"], asked["content_type_model_name"])
    if gate().is_bound_below(context["parent_page"], model):
        menu_items[:] = [item for item in menu_items if item.name not in ("action-publish", "action-submit")]


@hooks.register("register_admin_viewset")
def operations() -> Any:
    """Add the administrators' screens: outgoing messages and the audit trail."""
    return OperationsGroup()


@hooks.register("register_admin_viewset")
def page_editor() -> Any:
    """Put our views in the place of Wagtail's for every page type of ours."""
    return PortalPageViewSet("portal_pages")


@hooks.register("insert_global_admin_css")
def portal_colours() -> SafeString:
    """Give the admin the portal's colours, the login page included."""
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/admin.css"))
