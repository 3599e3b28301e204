"""Users in Wagtail's admin."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from wagtail.users.views.users import CreateView, DeleteView, EditView, IndexView, UserViewSet

from portal.accounts.forms import PortalUserCreationForm, PortalUserEditForm
from portal.core import audit


class PortalCreateView(CreateView):
    """A new user, and who made her."""

    def save_instance(self) -> Any:
        """Note who opened the account; the address is proven when the person chooses her password."""
        user = super().save_instance()
        audit.record(actor=self.request.user, action="account.create", obj=user, after={"verified": False})
        return user


class PortalEditView(EditView):
    """A user that exists; deleting her is not offered."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Offer no deletion, to superusers neither."""
        super().setup(request, *args, **kwargs)
        self.can_delete = False

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who changes the user."""
        return {**super().get_form_kwargs(), "editor": self.request.user}


class PortalIndexView(IndexView):
    """The list of users, without a way to delete them."""

    def get_delete_url(self, instance: Any) -> None:
        """Return none."""


class NoDeleteView(DeleteView):
    """Wagtail's way to delete a user, for nobody: it would leave behind what `person_erase` takes away."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse everybody, superusers too."""
        raise PermissionDenied


class PortalUserViewSet(UserViewSet):
    """Wagtail's own screens with our forms, without the page of roles."""

    index_view_class = PortalIndexView
    add_view_class = PortalCreateView
    edit_view_class = PortalEditView
    delete_view_class = NoDeleteView
    create_template_name = "wagtailadmin/generic/create.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        """Return the form that knows no user name."""
        return PortalUserEditForm if for_update else PortalUserCreationForm
