"""The two addresses of a connection: begin, and come back."""

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.accounts.connections.configuration import OidcConnection, connection_named
from portal.accounts.connections.oidc.provider import MunicipalityOAuth2Adapter
from portal.accounts.connections.refusals import LoginRefusedError, refuse


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Receive the provider's answer."""
    connection = connection_named(provider_id)
    if not isinstance(connection, OidcConnection):
        raise Http404(provider_id)
    view = OAuth2CallbackView.adapter_view(MunicipalityOAuth2Adapter(request, provider_id))
    try:
        return view(request)
    except LoginRefusedError as error:
        return refuse(request, connection, error)
