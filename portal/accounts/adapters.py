"""What allauth asks of the portal: words, mails, where to go, and when to ask again who somebody is."""

import time
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.accounts.factors import has_factors, lacks_factor, to_factors
from portal.accounts.seals import BrokenSealError, seal, unseal
from portal.accounts.services import letters

_TOO_OFTEN = frozenset({"too_many_login_attempts", "rate_limited"})
# One message for every reason: which of the two is wrong, or that the account is closed, is nobody's business.
_MISMATCH = _("The e-mail address or the password is not right. Try again, or choose a new password.")
_CODE = _("The code is not right, or it has been used. Write the code that is shown now.")


class _Words:
    """Errors in the portal's words; too many tries are a page of their own."""

    error_messages: ClassVar[dict[str, Any]]

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the error for a field, or stop with 429."""
        if code in _TOO_OFTEN:
            raise ImmediateHttpResponse(respond_429(context.request))
        error: ValidationError = super().validation_error(code, *args)  # type: ignore[misc]
        return error


class PortalAccountAdapter(_Words, DefaultAccountAdapter):
    """Accounts."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _MISMATCH,
        "invalid_login": _MISMATCH,
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The present password is not right."),
        "incorrect_code": _CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Keep allauth's own registration shut: ours asks for the address alone and proves it first."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: our letters leave through the outbox, and allauth's would say more than they should."""

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Tell the person that something about her login has changed; from where, the mail does not say or know."""
        letters.tell_change(user=user, change=template_prefix.rpartition("/")[2])

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **kwargs: Any
    ) -> None:
        """Pass on errors only: the pages say themselves what has been done."""
        if message:
            super().add_message(request, level, message=message)

    def is_safe_url(self, url: str) -> bool:
        """Tell whether `next` stays on this host; other hosts of the portal are other houses."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the page of everything that has to do with the login."""
        return reverse("mfa_index")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponseBase:
        """Go on, by way of enrolling a second factor where her roles wait for one."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        if lacks_factor(request):
            return to_factors(request, response["Location"])
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a change, except right after a login that showed all that the person has."""
        request = context.request
        wanted = "mfa" if has_factors(request.user) else ""
        since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, request.user)
        return not any(record["at"] > since and wanted in ("", record["method"]) for record in records)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to show again who one is; where there is a second factor, a password is not one of them."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if has_factors(user):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods


class PortalMFAAdapter(_Words, DefaultMFAAdapter):
    """Second factors; their secrets are sealed in the database."""

    error_messages: ClassVar[dict[str, Any]] = {**DefaultMFAAdapter.error_messages, "incorrect_code": _CODE}

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal("factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret; one that no key opens any more makes no codes, so that the factor must be reset."""
        try:
            return str(unseal("factor", encrypted_text))
        except BrokenSealError as error:
            raise self.validation_error("incorrect_code") from error

    def _get_site_name(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)
