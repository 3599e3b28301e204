"""The forms of login and second factors: allauth's checks, the portal's words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

# Longer passwords cost a hash its time and no attacker anything.
_LONGEST = 256
_WRITE_CODE = {"required": _("Write the code.")}


def email_field() -> forms.EmailField:
    """Return the field for one's own address."""
    return forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write the whole e-mail address, such as kim@kommune.dk."),
        },
    )


def password_field(*, label: Any, new: bool = False, hint: Any = "") -> forms.CharField:
    """Return a field for a password; spaces in it are part of it."""
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=_LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
        error_messages={"required": _("Write a password.") if new else _("Write your password.")},
    )


def new_password_field() -> forms.CharField:
    """Return the field for a password that is being chosen."""
    return password_field(
        label=_("Choose a password"),
        new=True,
        hint=_("At least 12 characters. A few words in a row are easy to remember."),
    )


def code_field(*, label: Any, hint: Any) -> forms.CharField:
    """Return the field for a code that one reads elsewhere."""
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(label=label, help_text=hint, max_length=20, widget=widget, error_messages=_WRITE_CODE)


class LoginForm(account.LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = email_field()
        self.fields["password"] = password_field(label=_("Password"))
        self.order_fields(["login", "password"])


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more."""

    password = password_field(label=_("Password"))


class ChangePasswordForm(account.ChangePasswordForm):
    """A new password for the present one; typed once, since it can be reset."""

    oldpassword = password_field(label=_("Your present password"))
    password1 = new_password_field()
    password2 = None

    def clean_password1(self) -> str:
        """Check the new password against the rules and the person's own data."""
        return checked(self.cleaned_data["password1"], self.user)


class SetPasswordForm(account.SetPasswordForm):
    """A first password for whoever comes by her municipality's login."""

    password1 = new_password_field()
    password2 = None

    def clean_password1(self) -> str:
        """Check the password against the rules and the person's own data."""
        return checked(self.cleaned_data["password1"], self.user)


def checked(password: str, user: Any = None) -> str:
    """Return the password if it keeps the rules.

    Raises:
        ValidationError: it does not; the messages say how.
    """
    validate_password(password, user)
    return password


class _OnceMixin:
    """A code of the app works for a minute and a half, and allauth remembers used ones for half a minute."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Accept each code once."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type != Authenticator.Type.TOTP:
            return code
        works_for = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
        digits = "".join(filter(str.isdigit, code))
        if not cache.add(f"account.code:{self.user.pk}:{digits}", True, timeout=works_for):
            raise get_adapter().validation_error("incorrect_code")
        return code


_SHOW_CODE = {
    "label": _("Code"),
    "hint": _("The six digits that your app shows now, or one of your recovery codes."),
}


class AuthenticateForm(_OnceMixin, mfa.AuthenticateForm):
    """The code at login."""

    code = code_field(**_SHOW_CODE)


class ReauthenticateCodeForm(_OnceMixin, mfa.ReauthenticateForm):
    """The code once more."""

    code = code_field(**_SHOW_CODE)


class ActivateAppForm(totp.ActivateTOTPForm):
    """The first code of an app."""

    code = code_field(label=_("Code from the app"), hint=_("The six digits that your app shows now."))


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_("What you call it"),
        help_text=_("For example “Work phone”, so that you know it again."),
        max_length=60,
        error_messages={"required": _("Write a name for it.")},
    )


class _SentMixin:
    """What a browser sends may be anything; allauth trips over some of it."""

    def clean_credential(self) -> Any:
        """Call whatever cannot be read a wrong key."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginPasskeyForm(_SentMixin, webauthn.LoginWebAuthnForm):
    """A passkey instead of a password."""


class AuthenticatePasskeyForm(_SentMixin, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class ReauthenticatePasskeyForm(_SentMixin, webauthn.ReauthenticateWebAuthnForm):
    """A passkey once more."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """A new passkey; what the browser answers comes in the hidden field."""

    passwordless = None
    name = _name_field()
    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={"required": _("No passkey came. Try again, and follow what your browser says.")},
    )

    def clean(self) -> dict[str, Any]:
        """Call whatever cannot be read a wrong key."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    name = _name_field()
