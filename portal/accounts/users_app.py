"""Wagtail's users app, told to use our viewset; stands in `INSTALLED_APPS` in its place."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """See `portal.accounts.viewsets`."""

    user_viewset = "portal.accounts.viewsets.PortalUserViewSet"
