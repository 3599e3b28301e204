"""Users in Wagtail's admin."""

from typing import Any

from wagtail.users.views.users import CreateView, UserViewSet

from portal.accounts.forms import PortalUserCreationForm, PortalUserEditForm
from portal.core import audit


class PortalCreateView(CreateView):
    """A new user, and who made her."""

    def save_instance(self) -> Any:
        """Note who opened the account; the address is proven when the person chooses her password."""
        user = super().save_instance()
        audit.record(actor=self.request.user, action="account.create", obj=user, after={"verified": False})
        return user


class PortalUserViewSet(UserViewSet):
    """Wagtail's own screens with our forms, without the page of roles."""

    add_view_class = PortalCreateView
    create_template_name = "wagtailadmin/generic/create.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        """Return the form that knows no user name."""
        return PortalUserEditForm if for_update else PortalUserCreationForm
