"""Allauth's views where the portal adds something: audit entries, the way on after setting up a factor."""

import json
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django import forms
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from portal.accounts.factors import has_gone_on, lacks_factor, note_shown, way_on
from portal.core import audit


def _noted(request: HttpRequest, action: str, **told: str) -> None:
    audit.record(actor=request.user, action=f"account.{action}", obj=request.user, after=told or None)


@method_decorator([never_cache, login_required], name="dispatch")
class SecurityView(mfa.IndexView):
    """Everything that has to do with the login on one page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether roles wait for a factor, and where she was going."""
        waits = lacks_factor(self.request)
        return super().get_context_data(waits=waits, way_on="" if waits else way_on(self.request), **kwargs)


class ActivateAppView(totp.ActivateTOTPView):
    """Set up an app that shows codes."""

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Count the first code as shown."""
        response: HttpResponse = super().form_valid(form)
        note_shown(self.request, Authenticator.Type.TOTP)
        _noted(self.request, "factor_add", kind="totp")
        return response


class DeactivateAppView(totp.DeactivateTOTPView):
    """Remove the app."""

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Note who did it."""
        response: HttpResponse = super().form_valid(form)
        _noted(self.request, "factor_remove", kind="totp")
        return response


class _OptionsMixin:
    """Puts what the browser is to be asked into a data attribute: the policy for scripts allows no inline ones."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add `options` as JSON."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        asked = context.get("js_data", {})
        options = asked.get("creation_options") or asked.get("request_options")
        return {**context, "options": json.dumps(options, cls=DjangoJSONEncoder) if options else ""}


class AuthenticateView(_OptionsMixin, mfa.AuthenticateView):
    """The second step of the login."""


class ReauthenticatePasskeyView(_OptionsMixin, webauthn.ReauthenticateWebAuthnView):
    """The passkey once more."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Say what went wrong where it did."""
        return self.render_to_response(self.get_context_data(form=form))


class AddPasskeyView(_OptionsMixin, webauthn.AddWebAuthnView):
    """Add a passkey: one with which she can log in alone, where her device can make such a one (see account.js)."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Show the form again with what was typed."""
        return self.render_to_response({**self.get_context_data(), "form": form})

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Count making the key as showing it."""
        response: HttpResponse = super().form_valid(form)
        note_shown(self.request, Authenticator.Type.WEBAUTHN)
        _noted(self.request, "factor_add", kind="webauthn")
        return response


class RemovePasskeyView(webauthn.RemoveWebAuthnView):
    """Remove a passkey."""

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Note who did it."""
        response: HttpResponse = super().form_valid(form)
        _noted(self.request, "factor_remove", kind="webauthn")
        return response


class RecoveryCodesView(recovery.ViewRecoveryCodesView):
    """The codes for the day on which the telephone is gone."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where she was going before she was asked to set up a factor."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        onward = way_on(self.request)
        has_gone_on(self.request)
        return {**context, "way_on": onward}


@method_decorator([never_cache, login_required], name="dispatch")
class ChangePasswordView(account.PasswordChangeView):
    """Choose another password; the other sessions end."""

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Note that it was done."""
        response: HttpResponse = super().form_valid(form)
        _noted(self.request, "password_change")
        return response
