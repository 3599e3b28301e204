"""My page and what hangs on it. Everything here is the asker's own; nothing takes a person's number from an address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.api import is_last_administrator, person_erase
from portal.core.errors import RefusedError
from portal.core.principal import ANONYMOUS
from portal.core.sections import collect
from portal.desk.my_page import selectors
from portal.desk.my_page.forms import EraseForm
from portal.desk.my_page.inventory import inventory
from portal.desk.my_page.sections import PLACE
from portal.desk.my_page.services import hand_over

View = Callable[..., HttpResponse]
READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


def own(view: View) -> View:
    """Show a view to whoever is signed in, and let no browser or proxy keep what it shows."""
    return never_cache(login_required(view))


def confirmed(view: View) -> View:
    """Ask for the password or the second factor again, unless that was a moment ago; then come back to the same page."""

    @wraps(view)
    def ask_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_reauthentication_required(request, app="my_page"):
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return ask_first


@own
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show what the packages have registered."""
    sections = collect(PLACE, request, request.user)
    return render(request, "desk/my_page/front.html", {"sections": sections})


@own
@require_safe
def lookups(request: HttpRequest) -> HttpResponse:
    """Show the whole log of who looked."""
    page = selectors.looks_at(request.user, request.GET.get("side"))  # type: ignore[arg-type]
    return render(request, "desk/my_page/lookups.html", {"page": page})


@own
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Show what is stored, why, how long, and what erasing does to it."""
    return render(request, "desk/my_page/data.html", {"kinds": inventory(request.user)})


@own
@confirmed
@READ_OR_SEND
def data_export(request: HttpRequest) -> HttpResponse:
    """Offer the file with GET, hand it over with POST: that is noted."""
    if request.method != "POST":
        return render(request, "desk/my_page/export.html")
    headers = {"Content-Disposition": 'attachment; filename="mine-data.zip"'}
    return HttpResponse(hand_over(person=request.user), content_type="application/zip", headers=headers)


@own
@confirmed
@READ_OR_SEND
def data_erase(request: HttpRequest) -> HttpResponse:
    """Ask with GET; erase, sign out and say so with POST."""
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        address = request.user.email  # type: ignore[union-attr]
        try:
            person_erase(person=request.user)  # type: ignore[arg-type]
        except RefusedError as error:
            form.add_error(None, ValidationError(str(error)))
        else:
            # The session's row is gone already; this forgets it in the browser as well.
            logout(request)
            request.principal = ANONYMOUS  # type: ignore[attr-defined]
            return render(request, "desk/my_page/erased.html", {"address": address})
    context = {
        "form": form,
        "kinds": inventory(request.user),
        "is_last": is_last_administrator(request.user),  # type: ignore[arg-type]
    }
    return render(request, "desk/my_page/erase.html", context)
