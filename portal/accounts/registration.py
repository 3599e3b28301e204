"""Ask for an account, a new password or another address; and open the links that come back by mail.

Whoever asks is told the same for every address, after the same work: the form, the limits, one row in the outbox. Opening a
link changes nothing (scanners open links); the button on the page does.
"""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.core.internal.ratelimit import respond_429
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from portal.accounts import limits
from portal.accounts.addresses import holders
from portal.accounts.login import sign_in
from portal.accounts.login_forms import checked, email_field, new_password_field
from portal.accounts.models import User
from portal.accounts.seals import BrokenSealError, unseal
from portal.accounts.services import letters
from portal.accounts.services.accounts import AddressTakenError, account_register, email_change, password_reset

DAY = 24 * 60 * 60
_VALID_FOR = {letters.SIGNUP: 3 * DAY, letters.RESET: DAY, letters.MOVE: DAY}


class AddressForm(forms.Form):
    """One's own address."""

    email = email_field()


class NewPersonForm(forms.Form):
    """Name and password of somebody whose address is proven."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Write your first name.")},
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": gettext_lazy("Write your last name.")},
    )
    password = new_password_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Hold the password against the rules and the person's own data."""
        for name in ("first_name", "last_name"):
            setattr(self.user, name, self.cleaned_data.get(name, ""))
        return checked(self.cleaned_data["password"], self.user)


class NewPasswordForm(forms.Form):
    """A new password."""

    password = new_password_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Hold the password against the rules and the person's own data."""
        return checked(self.cleaned_data["password"], self.user)


@method_decorator(never_cache, name="dispatch")
class AskView(FormView):
    """Take an address and promise a letter, whatever address it is."""

    form_class = AddressForm
    kind = letters.SIGNUP
    action = "signup"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send whoever is signed in to her own page: she has an account."""
        if request.user.is_authenticated:
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Count the try, and leave the rest to the worker."""
        email = form.cleaned_data["email"]
        if not limits.allows(self.request, self.action, email.lower()):
            return respond_429(self.request)
        letters.ask(self.kind, email)
        return super().form_valid(form)


class SignupView(AskView):
    """Ask for an account."""

    template_name = "account/signup.html"
    success_url = reverse_lazy("account_email_verification_sent")


class ResetView(AskView):
    """Ask for a new password."""

    template_name = "account/password_reset.html"
    success_url = reverse_lazy("account_reset_password_done")
    kind = letters.RESET
    action = "reset_password"


@method_decorator([never_cache, login_required, reauthentication_required], name="dispatch")
class MoveView(FormView):
    """Ask to move one's account to another address; whether somebody has it is told to its owner only."""

    form_class = AddressForm
    template_name = "account/email.html"
    success_url = reverse_lazy("account_email_sent")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Count the try, and leave the rest to the worker."""
        user: Any = self.request.user
        if not limits.allows(self.request, "manage_email"):
            return respond_429(self.request)
        more = {"user": str(user.uuid), "from": user.email or ""}
        letters.ask(letters.MOVE, form.cleaned_data["email"], **more)
        return super().form_valid(form)


class SentView(TemplateView):
    """Say that a letter is on its way: the same for all."""

    template_name = "account/sent.html"


def dead_link(request: HttpRequest, again: str) -> HttpResponse:
    """Say that a link no longer works, and where to ask for another."""
    return render(request, "account/dead_link.html", {"again": again}, status=410)


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class LinkView(FormView):
    """A page behind a link: what the seal holds, the person it is about, and a form."""

    kind = ""
    again = ""
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open the seal, or say that the link is dead."""
        if not limits.allows(request, "open_link"):
            return respond_429(request)
        try:
            content = unseal(self.kind, kwargs["token"], max_age=_VALID_FOR[self.kind])
        except BrokenSealError:
            content = None
        user = self.person(content) if content is not None else None
        if user is None:
            return dead_link(request, self.again)
        self.user = user
        return super().dispatch(request, *args, **kwargs)

    def person(self, content: Any) -> User | None:
        """Return who the link is about, or None if it has been used."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the person, for the rules about passwords."""
        return {**super().get_form_kwargs(), "user": self.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whose link it is."""
        return super().get_context_data(email=self.user.email, **kwargs)


class ConfirmSignupView(LinkView):
    """Choose name and password: only then is there an account."""

    template_name = "account/signup_confirm.html"
    form_class = NewPersonForm
    kind = letters.SIGNUP
    again = "account_signup"

    def person(self, content: Any) -> User | None:
        """Return who she will be, unless she is there already."""
        taken = holders(content).exists()
        return None if taken else User(email=content)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Open the account and sign her in."""
        email: Any = self.user.email
        try:
            user = account_register(email=email, **form.cleaned_data)
        except AddressTakenError:
            # The link was opened twice, and the other one was faster.
            return dead_link(self.request, self.again)
        return sign_in(self.request, user)


class ConfirmResetView(LinkView):
    """Choose a new password."""

    template_name = "account/password_reset_confirm.html"
    form_class = NewPasswordForm
    kind = letters.RESET
    again = "account_reset_password"

    def person(self, content: Any) -> User | None:
        """Return whose password it is, while the link is the link of this moment."""
        user = User.objects.filter(uuid=UUID(content["user"]), is_active=True).first()
        return user if user is not None and letters.mark(user) == content["mark"] else None

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Set the password; she signs in with it, and with her second factor if she has one."""
        with transaction.atomic():
            held = User.objects.select_for_update().get(pk=self.user.pk)
            if letters.mark(held) != letters.mark(self.user):
                return dead_link(self.request, self.again)
            password_reset(user=held, password=form.cleaned_data["password"])
            letters.tell_change(user=held, change="password_reset")
        messages.success(self.request, _("Your new password is in force. Log in with it."))
        return redirect("account_login")


@method_decorator(login_required, name="dispatch")
class ConfirmMoveView(LinkView):
    """Move the account to the address that the link was sent to."""

    template_name = "account/email_confirm.html"
    form_class = forms.Form
    kind = letters.MOVE
    again = "account_email"
    to = ""

    def person(self, content: Any) -> User | None:
        """Return the asker, if the link is hers and she has not moved since."""
        user: Any = self.request.user
        self.to = content["to"]
        return user if str(user.uuid) == content["user"] and (user.email or "") == content["from"] else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Leave the person out: the form is a button."""
        kwargs = super().get_form_kwargs()
        del kwargs["user"]
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where the account moves."""
        return super().get_context_data(to=self.to, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Move it, and tell the address that was left."""
        before = self.user.email or ""
        try:
            with transaction.atomic():
                email_change(user=self.user, email=self.to)
                letters.tell_change(user=self.user, change="email_moved", email=before)
        except AddressTakenError:
            return dead_link(self.request, self.again)
        messages.success(self.request, _("You now log in with your new e-mail address."))
        return redirect("mfa_index")
