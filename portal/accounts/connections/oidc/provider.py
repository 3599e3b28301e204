"""Allauth's OpenID Connect provider, with what it leaves open closed: see `docs/decisions/0017-own-login.md`."""

import secrets
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from portal.accounts.connections.configuration import OidcConnection, openid_named
from portal.accounts.connections.oidc.tokens import statement_of, verified_claims
from portal.accounts.connections.providers import StatementProvider
from portal.accounts.connections.refusals import LoginRefusedError, Reason

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class MunicipalityOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """The conversation with one tenant's provider."""

    @property
    def connection(self) -> OidcConnection:
        """Return what is configured."""
        return openid_named(self.provider_id)

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's own description, if it is really the configured issuer's."""
        if not hasattr(self, "_openid_config"):
            self._openid_config = self._described()
        return self._openid_config

    def _described(self) -> dict[str, Any]:
        found = fetch(self.connection.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.connection.issuer:
            raise LoginRefusedError(Reason.NOT_TRUSTED, "the provider's description names another issuer")
        for name in _ENDPOINTS:
            if urlsplit(str(found.get(name))).scheme != urlsplit(self.connection.issuer).scheme:
                raise LoginRefusedError(Reason.NOT_TRUSTED, f"the provider's description: {name}")
        return found

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Return the one address that is registered with the provider, whatever language the page is in."""
        with translation.override("da"):
            return request.build_absolute_uri(reverse("openid_connect_callback", args=[self.provider_id]))

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Believe the ID token alone, after checking it; the user info endpoint would only repeat it, unsigned."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise LoginRefusedError(Reason.NOT_TRUSTED, "no ID token")
        claims = verified_claims(self.connection, id_token, fetch(self.openid_config["jwks_uri"]))
        statement = statement_of(self.connection, claims)
        login = self.get_provider().sociallogin_from_response(request, statement)
        login.statement, login.nonce = statement, claims["nonce"]
        return login


class MunicipalityOidc(StatementProvider, OpenIDConnectProvider):
    """One tenant."""

    package = "portal.accounts.connections.oidc"
    oauth2_adapter_class = MunicipalityOAuth2Adapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Send a nonce along and remember it beside the state: a token that was made for another login is refused."""
        nonce = secrets.token_urlsafe(32)
        return super().redirect(request, process, next_url, data, nonce=nonce, auth_params={"nonce": nonce})


def fetch(address: str) -> dict[str, Any]:
    """Return a JSON object that a provider publishes.

    Raises:
        LoginRefusedError: it does not answer, or not with an object.
    """
    try:
        with get_adapter().get_requests_session() as session:
            # Where a provider lives stands in the file; it cannot send us elsewhere.
            answer = session.get(address, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise LoginRefusedError(Reason.UNREACHABLE, f"{address}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise LoginRefusedError(Reason.UNREACHABLE, f"{address}: no object")
    return found
