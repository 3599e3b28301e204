"""The admin's forms for users: the e-mail address is the name one signs in with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from portal.accounts.models import User

_TAKEN = _("Somebody has this e-mail address already.")


class _EmailAsName(forms.ModelForm):
    """Wagtail's forms look for an equal user name; ours is an address, and its case does not matter."""

    def _clean_username(self) -> str | None:
        email: str | None = self.cleaned_data.get("email")
        if email is None:
            return None
        others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if others.exists():
            self.add_error("email", forms.ValidationError(_TAKEN, code="duplicate_username"))
        return email


class PortalUserCreationForm(_EmailAsName, UserCreationForm):
    """A new user."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("What the user signs in with.")


class PortalUserEditForm(_EmailAsName, UserEditForm):
    """A user that exists."""


class PortalLoginForm(LoginForm):
    """Wagtail's login form; its password field has no label of its own, and Django's made-up one stays English."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
