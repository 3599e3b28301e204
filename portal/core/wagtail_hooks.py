"""What the ground adds to Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView

from portal.core.admin import OperationsGroup
from portal.core.governance import save_pending_governance
from portal.core.page_editor import PortalPageViewSet
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
