"""Accepting an invitation.

The link in the mail is a door: it is looked up once, noted in the visitor's session by its hash, and left behind at once,
so that the token stands neither in the address line nor in what the next page tells others about where she came from.
The page behind it asks; only its button does anything.
"""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from portal.accounts.addresses import holders
from portal.accounts.factors import to_factors
from portal.accounts.invitations.forms import WelcomeForm
from portal.accounts.limits import allows
from portal.accounts.models import Invitation, Membership, User, hashed
from portal.accounts.services.accounts import AddressTakenError
from portal.accounts.services.invitations import (
    DeadLinkError,
    invitation_accept,
    invitation_accept_as_new,
    invitation_find,
    inviter,
    place,
)
from portal.accounts.strength import is_strong
from portal.core.roles import PRIVILEGED
from portal.core.unlisted import unlisted

# In the session: the hash of the token, never the token; and the role that was accepted last.
OPENED, ACCEPTED = "invitation", "invitation_accepted"
RATE = "invitation"
ACCEPT, SWITCH = "accept", "switch"


@never_cache
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Note which invitation the visitor holds, and leave its token behind.

    Only links that do not work are counted: a whole municipality may come from one address on its first day.
    """
    token_hash = hashed(token)
    if invitation_find(token_hash=token_hash) is None:
        return unlisted(_dead(request) if allows(request, RATE) else _too_many(request))
    request.session[OPENED] = token_hash
    return unlisted(redirect("invitations:answer"))


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class AnswerView(View):
    """Who invites to what, and the button. For a guest with a form, for somebody who is signed in with a choice."""

    http_method_names = ["get", "head", "post"]
    invitation: Invitation
    token_hash: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let nobody in without a link that works."""
        self.token_hash = request.session.get(OPENED, "")
        found = invitation_find(token_hash=self.token_hash) if self.token_hash else None
        if found is None:
            request.session.pop(OPENED, None)
            return _dead(request)
        self.invitation = found
        if request.method == "POST" and not allows(request, RATE):
            return _too_many(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        return self._page(self._form() if self._is_guest else None)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accept, or change the account and ask again."""
        try:
            if not request.user.is_authenticated:
                return self._accept_as_guest()
            if request.POST.get("act") == SWITCH:
                return self._switch()
            if request.POST.get("act") == ACCEPT:
                return self._accept_as(request.user)
        except DeadLinkError:
            return _dead(request)
        except AddressTakenError:
            return redirect("invitations:answer")
        return self._page(None, status=400)

    @property
    def _membership(self) -> Membership:
        membership: Membership = self.invitation.membership
        return membership

    @property
    def _is_guest(self) -> bool:
        """Tell whether the visitor can open an account: nobody is signed in, and nobody has the address."""
        return not self.request.user.is_authenticated and not self._has_account

    @property
    def _has_account(self) -> bool:
        return bool(self._membership.user_id) or holders(self._membership.email).exists()

    def _form(self, data: Any = None) -> WelcomeForm:
        return WelcomeForm(data, email=self._membership.email, name=self._membership.name)

    def _accept_as_guest(self) -> HttpResponse:
        if not self._is_guest:
            return self._page(None)
        form = self._form(self.request.POST)
        if not form.is_valid():
            return self._page(form, status=400)
        user = invitation_accept_as_new(token_hash=self.token_hash, **form.cleaned_data)
        self._note()
        login = Login(user=user, signup=True, redirect_url=reverse("invitations:welcome"))
        return perform_password_login(self.request, {"email": user.email}, login)

    def _accept_as(self, user: User) -> HttpResponse:
        invitation_accept(user=user, token_hash=self.token_hash)
        self._note()
        return redirect("invitations:welcome")

    def _switch(self) -> HttpResponse:
        logout(self.request)
        self.request.session[OPENED] = self.token_hash
        return redirect("invitations:answer")

    def _note(self) -> None:
        self.request.session.pop(OPENED, None)
        self.request.session[ACCEPTED] = str(self._membership.uuid)

    def _page(self, form: WelcomeForm | None, *, status: int = 200) -> HttpResponse:
        user, membership = self.request.user, self._membership
        login = reverse(settings.LOGIN_URL)
        context = {
            "form": form,
            "who": inviter(self.invitation),
            "role": membership.get_role_display(),
            "place": place(membership),
            "email": membership.email,
            "until": self.invitation.expires_at,
            "login_url": f"{login}?{urlencode({'next': reverse('invitations:answer')})}",
            "signed_in_as": user.email or str(user) if user.is_authenticated else "",
            "is_own": user.is_authenticated and (user.email or "").lower() == membership.email,
            # What an account holds already, no other account can take.
            "is_takable": user.is_authenticated and membership.user_id in (None, user.pk),
        }
        return render(self.request, "accounts/invitations/answer.html", context, status=status)


@never_cache
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Say what she can do now, and lead whoever needs a second factor to it."""
    uuid = request.session.get(ACCEPTED)
    mine = Membership.objects.filter(user=request.user, uuid=uuid) if uuid and request.user.is_authenticated else None
    membership = mine.select_related("unit", "municipality").first() if mine is not None else None
    if membership is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    needs_factor = membership.role in PRIVILEGED and not is_strong(request.session)
    context = {
        "role": membership.get_role_display(),
        "place": place(membership),
        "needs_factor": needs_factor,
        "factor_url": reverse("invitations:factor" if needs_factor else "mfa_index"),
        "on_url": resolve_url(settings.LOGIN_REDIRECT_URL),
    }
    return render(request, "accounts/invitations/welcome.html", context)


@never_cache
@login_required
@require_safe
def factor(request: HttpRequest) -> HttpResponse:
    """Lead her to where a second factor is set up or shown, and from there to where she can use her role."""
    return to_factors(request, resolve_url(settings.LOGIN_REDIRECT_URL))


def _dead(request: HttpRequest) -> HttpResponse:
    """Draw the same page for a link that is unknown, used, withdrawn or too old."""
    context = {
        "title": _("The link does not work any more"),
        "text": _("It may have been used, it may be too old, or a newer one has been sent. Look for the newest mail."),
        "hint": _("Have you said yes already? Then sign in. Otherwise ask whoever invited you for a new link."),
        "login_url": reverse(settings.LOGIN_URL),
    }
    return render(request, "accounts/invitations/dead.html", context, status=404)


def _too_many(request: HttpRequest) -> HttpResponse:
    context = {"title": _("Too many tries"), "text": _("Wait a minute, and then try again.")}
    return render(request, "accounts/invitations/dead.html", context, status=429)
