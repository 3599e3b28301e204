"""What the approvals add to Wagtail's admin: their screens, a menu item, and nothing of Wagtail's that would mislead."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.permissions import page_permission_policy

from portal.core.visibility import asker


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """Mount our screens."""
    return [path("redaktion/", include("portal.editorial.urls"))]


class ApprovalsMenuItem(MenuItem):
    """For whoever edits pages or acts for a party."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether something could ever stand in her list."""
        acts = bool(asker(request).parties())
        return acts or bool(page_permission_policy.user_has_any_permission(request.user, {"add", "change", "publish"}))


@hooks.register("register_admin_menu_item")
def approvals() -> MenuItem:
    """Add "Approvals"."""
    return ApprovalsMenuItem(_("Approvals"), reverse("editorial:index"), name="approvals", icon_name="check", order=150)


@hooks.register("construct_homepage_panels", order=100)
def leave_out_wagtails_moderation(request: HttpRequest, panels: list[Any]) -> None:
    """Take Wagtail's two lists away: their buttons are closed here, and ours say what they would."""
    ours = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, ours)]
