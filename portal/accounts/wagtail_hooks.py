"""Roles in Wagtail's menu."""

from typing import Any

from django.urls import URLPattern, path
from wagtail import hooks

from portal.accounts import user_admin
from portal.accounts.membership_admin import MembershipViewSet


@hooks.register("register_admin_viewset")
def memberships() -> Any:
    """Add the list of roles."""
    return MembershipViewSet("memberships")


hooks.register("register_user_listing_buttons", user_admin.listing_buttons)


# After Wagtail's own of the same name, which it replaces.
hooks.register("register_bulk_action", user_admin.RolesByHand, order=100)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Add the page on which an administrator takes away a lost second factor."""
    return [path("users/<int:pk>/factors/", user_admin.reset_factors, name="account_factors_reset")]
