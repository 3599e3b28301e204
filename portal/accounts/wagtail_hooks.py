"""Roles in Wagtail's menu."""

from typing import Any

from wagtail import hooks

from portal.accounts.membership_admin import MembershipViewSet


@hooks.register("register_admin_viewset")
def memberships() -> Any:
    """Add the list of roles."""
    return MembershipViewSet("memberships")
