"""The addresses of a SAML connection: receive the answer, finish the login, and tell who we are."""

from allauth.account.internal.decorators import login_not_required
from allauth.core.internal.ratelimit import respond_429
from allauth.socialaccount.helpers import complete_social_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from portal.accounts import limits
from portal.accounts.connections.adapter import app_of
from portal.accounts.connections.configuration import SamlConnection, connection_named
from portal.accounts.connections.refusals import LoginRefusedError, Reason, refuse, refuse_on_record
from portal.accounts.connections.saml.arrivals import arrival_fetch, arrival_keep
from portal.accounts.connections.saml.attributes import statement_of
from portal.accounts.connections.saml.library import address, entity_id, library_settings
from portal.accounts.connections.saml.responses import verified


def connection_or_404(key: str) -> SamlConnection:
    """Return the connection of an address."""
    connection = connection_named(key)
    if not isinstance(connection, SamlConnection):
        raise Http404(key)
    return connection


# The form stands on the provider's page and can hold no token of ours; what it carries is signed, and only the session
# that asked for it can finish with it.
@csrf_exempt
@login_not_required
@never_cache
@require_POST
def receive(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Verify the provider's answer and send the browser on to fetch it with its session."""
    connection = connection_or_404(provider_id)
    if not limits.allows(request, "own_login"):
        return respond_429(request)
    try:
        answer = verified(request, connection)
    except LoginRefusedError as error:
        return refuse(request, connection, error)
    try:
        token = arrival_keep(answer=answer, statement=statement_of(connection, answer.attributes))
    except LoginRefusedError as error:
        return refuse_on_record(request, connection, error).response
    return HttpResponseRedirect(reverse("saml_finish_acs", args=[connection.key, token]))


@login_not_required
@never_cache
@require_GET
def finish(request: HttpRequest, provider_id: str, token: str) -> HttpResponse:
    """Finish the login in the session that began it."""
    connection = connection_or_404(provider_id)
    provider = app_of(connection).get_provider(request)
    try:
        statement, in_response_to = arrival_fetch(connection=connection.key, token=token)
        login = provider.sociallogin_from_response(request, statement)
        login.statement = statement
        login.state = provider.unstash_redirect_state(request, in_response_to)
    except LoginRefusedError as error:
        return refuse(request, connection, error)
    except PermissionDenied:
        return refuse(request, connection, LoginRefusedError(Reason.STALE, "this session did not ask"))
    return complete_social_login(request, login)


@login_not_required
@require_GET
def metadata(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Tell the provider who we are, signed."""
    connection = connection_or_404(provider_id)
    settings = library_settings(
        connection,
        own_name=entity_id(request, connection),
        receives_at=address(request, "saml_acs", connection),
    )
    # The library tells our key for encryption only where encryption is demanded; a provider may always use it.
    settings["security"]["wantAssertionsEncrypted"] = True
    text = OneLogin_Saml2_Settings(settings, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(text, content_type="application/samlmetadata+xml")
