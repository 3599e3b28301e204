"""Allauth's SAML provider, reduced to the identity: everything about the protocol is in `responses`."""

from typing import Any

from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from onelogin.saml2.auth import OneLogin_Saml2_Auth

from portal.accounts.connections.configuration import saml_named
from portal.accounts.connections.providers import StatementProvider
from portal.accounts.connections.saml.library import address, entity_id, library_settings, request_data


class MunicipalitySaml(StatementProvider, SAMLProvider):
    """One identity provider."""

    package = "portal.accounts.connections.saml"

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Return where a login begins."""
        return reverse("saml_login", args=[self.app.provider_id])

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Send a signed request, and remember its id: only an answer to it counts, in this session, once."""
        connection = saml_named(self.app.provider_id)
        settings = library_settings(
            connection,
            own_name=entity_id(request, connection),
            receives_at=address(request, "saml_acs", connection),
        )
        auth = OneLogin_Saml2_Auth(request_data(request), settings)
        # The library always sends a RelayState; an empty one is left out of the signature by some providers.
        target = auth.login(return_to="login")
        self.stash_redirect_state(request, process, next_url, data, state_id=auth.get_last_request_id())
        return HttpResponseRedirect(target)
