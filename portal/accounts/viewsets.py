"""Users in Wagtail's admin."""

from typing import Any

from wagtail.users.views.users import UserViewSet

from portal.accounts.forms import PortalUserCreationForm, PortalUserEditForm


class PortalUserViewSet(UserViewSet):
    """Wagtail's own screens with our forms."""

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        """Return the form that knows no user name."""
        return PortalUserEditForm if for_update else PortalUserCreationForm
