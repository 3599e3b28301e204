"""Choosing a municipality's login, and leaving for it."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_not_required
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.ratelimit import respond_429
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts import limits
from portal.accounts.connections.adapter import app_of
from portal.accounts.connections.configuration import Connection, connection_named
from portal.accounts.connections.forms import OwnLoginForm
from portal.accounts.connections.providers import process_asked
from portal.accounts.connections.provisioning import identity_disconnect
from portal.accounts.connections.refusals import LoginRefusedError, refuse
from portal.accounts.connections.selectors import identities_of
from portal.accounts.models import User
from portal.core.errors import RefusedError


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Ask for the municipality; the login page has the same form."""
    form = OwnLoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _leave(request, form.chosen())
    context = {"form": form, "next": get_next_redirect_url(request) or "", "process": process_asked(request)}
    return render(request, "accounts/connections/choose.html", context, status=400 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Begin the login of one connection, which a municipality may link to; a link alone changes nothing."""
    connection = connection_named(provider_id)
    if connection is None:
        raise Http404(provider_id)
    if request.method == "POST":
        return _leave(request, connection)
    form = OwnLoginForm(initial={"connection": connection.key})
    context = {"form": form, "next": get_next_redirect_url(request) or "", "process": process_asked(request)}
    return render(request, "accounts/connections/choose.html", context)


@login_required
@never_cache
@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "POST"])
def identities(request: HttpRequest) -> HttpResponse:
    """Show the outside identities of the person who looks, and take one away."""
    user = get_object_or_404(User, pk=request.user.pk or 0)
    if request.method == "POST":
        wanted = request.POST.get("account", "")
        try:
            account = get_object_or_404(SocialAccount, user=user, pk=wanted if wanted.isdecimal() else 0)
            identity_disconnect(user=user, account=account)
            messages.success(request, _("The login is connected no more."))
        except RefusedError as error:
            messages.error(request, str(error))
        return redirect("socialaccount_connections")
    return render(request, "accounts/connections/identities.html", {"identities": identities_of(user)})


def _leave(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Show a page that goes on to the provider at once.

    A redirect would not do: browsers hold the answer to a form to the page's `form-action`, and so do all further
    redirects of the provider, whose addresses we cannot list.
    """
    if not limits.allows(request, "own_login"):
        return respond_429(request)
    try:
        answer = app_of(connection).get_provider(request).redirect_from_request(request)
    except LoginRefusedError as error:
        return refuse(request, connection, error)
    if not isinstance(answer, HttpResponseRedirect):
        return answer
    return render(request, "accounts/connections/leave.html", {"target": answer.url, "name": connection.name})
