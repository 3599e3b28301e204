"""What a guest chooses when she accepts: her name and a password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User


class WelcomeForm(forms.Form):
    """The address stands fast: the link has shown whose it is."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, name: str = "", **kwargs: Any) -> None:
        first, _space, last = name.strip().rpartition(" ")
        kwargs["initial"] = {"first_name": first or last, "last_name": last if first else ""}
        super().__init__(*args, **kwargs)
        self.email = email
        # The rules stand there before somebody has broken one.
        self.fields["password"].help_text = lazystr(" ".join(password_validators_help_texts()))

    def clean(self) -> dict[str, Any]:
        """Hold the password against the rules, which look at name and address as well."""
        values: dict[str, Any] = super().clean() or {}
        if password := values.get("password"):
            who = User(email=self.email, first_name=values.get("first_name", ""), last_name=values.get("last_name", ""))
            try:
                validate_password(password, who)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values
