"""The admin's forms for users: the e-mail address is the name one signs in with, and roles are given elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm

from portal.accounts.models import User

_TAKEN = _("Somebody has this e-mail address already.")


class _EmailAsName(forms.ModelForm):
    """Wagtail's forms look for an equal user name; ours is an address, and its case does not matter.

    Groups and "superuser" are no choices: a group follows from memberships, and a superuser is made by a command only.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("groups", "is_superuser"):
            self.fields.pop(name, None)
        # Wagtail names its fields in a set, and a set has no order.
        self.order_fields(["email", "first_name", "last_name", "is_active"])

    def _clean_username(self) -> str | None:
        email: str | None = self.cleaned_data.get("email")
        if email is None:
            return None
        others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if others.exists():
            self.add_error("email", forms.ValidationError(_TAKEN, code="duplicate_username"))
        return email


class PortalUserCreationForm(_EmailAsName, UserCreationForm):
    """A new user; she chooses her password herself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "What the user signs in with. She chooses a password by “I have forgotten my password”."
        )

    def save(self, commit: bool = True) -> User:
        """Leave her without a password: nobody but she knows it, ever."""
        self.instance.set_unusable_password()
        user: User = super().save(commit=commit)
        return user


class PortalUserEditForm(_EmailAsName, UserEditForm):
    """A user that exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail's own form takes these two fields away by name when somebody edits herself.
        editing_self = kwargs.pop("editing_self", False)
        super().__init__(*args, **kwargs)
        if editing_self:
            self.fields.pop("is_active", None)
