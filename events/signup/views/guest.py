"""Signing up without an account: a form, a mail, and a page with a button behind the link in it."""

from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import respond_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.models import GuestWish, Occurrence
from events.permissions import occurrence_to_join
from events.signup.answers import answer_text, asked
from events.signup.forms import GuestForm
from events.signup.links import hashed, place_opened
from events.signup.selectors import AnswerRow, head_of
from events.signup.services import guest_ask, guest_sign_up, place_of_address, wish_find
from events.signup.views.base import Screen, dead, received_text
from portal.accounts.limits import allows
from portal.core.unlisted import unlisted
from portal.core.visibility import asker
from portal.organisations.api import Municipality
from portal.seats.api import KeyReusedError, SeatsError

# In the session: the hash of the link's token, never the token; and the address that the last mail went to.
OPENED, SENT = "guest_wish", "guest_wish_sent"
RATE, LINK_RATE = "guest_sign_up", "open_link"


class GuestView(Screen):
    """The form. Its answer is the same whether the address is known, has a place already, or is new."""

    template = "events/signup/guest.html"
    occurrence: Occurrence

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who has an account to her own form."""
        self.occurrence = occurrence_to_join(asker(request), kwargs.pop("uuid"))
        if request.user.is_authenticated:
            return redirect("signup:person", self.occurrence.uuid)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._page(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the link; no seat is taken."""
        form, head = self._form(request.POST), head_of(self.occurrence, request, timezone.now())
        if not head.door.open:
            return self._page(form, status=409)
        if not form.is_valid():
            if "key" in form.errors:
                form.renew_key()
            return self._page(form, status=400)
        wish = form.wish()
        if not allows(request, RATE, wish.email.lower()):
            return respond_429(request)
        try:
            made = guest_ask(occurrence=self.occurrence, uuid=UUID(wish.key), wish=wish)
        except KeyReusedError as error:
            form.refuse(error)
            form.renew_key()
            return self._page(form, status=409)
        request.session[SENT] = {"email": made.email, "occurrence": str(self.occurrence.uuid)}
        return redirect("signup:guest_sent")

    def _form(self, data: Any = None) -> GuestForm:
        return GuestForm(data, occurrence=self.occurrence)

    def _page(self, form: GuestForm, status: int = 200) -> HttpResponse:
        return self.page(status, form=form, head=head_of(self.occurrence, self.request, timezone.now()))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say where the mail went, and that no seat is taken yet."""
    said = request.session.get(SENT)
    if said is None:
        return dead(request)
    occurrence = occurrence_to_join(asker(request), UUID(said["occurrence"]))
    context = {"email": said["email"], "head": head_of(occurrence, request, timezone.now())}
    return unlisted(render(request, "events/signup/guest_sent.html", context))


@never_cache
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Note which wish the visitor confirms, and leave the token behind; only links that do not work are counted."""
    token_hash = hashed(token)
    if wish_find(token_hash) is None:
        return dead(request) if allows(request, LINK_RATE) else unlisted(respond_429(request))
    request.session[OPENED] = token_hash
    return unlisted(redirect("signup:guest_answer"))


class ConfirmView(Screen):
    """What the guest wrote, and the button that takes the seat. Mail filters open links, and press no buttons."""

    template = "events/signup/confirm.html"
    wish: GuestWish

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let nobody in without a link."""
        found = wish_find(request.session.get(OPENED, ""))
        if found is None:
            return dead(request)
        self.wish = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the seat, or the next place in line; pressed once more it leads to the same place."""
        try:
            place = guest_sign_up(wish=self.wish)
        except SeatsError as error:
            return self._page(problem=str(error), status=409)
        messages.success(request, received_text())
        # She has shown that the address is hers: a link of her own opens the place for this visit.
        ends_at = self.wish.occurrence.ends_at
        place_opened(request, sign_up=place.sign_up, participant=place, email=self.wish.email, ends_at=ends_at)
        return redirect("signup:place", place.uuid)

    def _page(self, problem: str = "", status: int = 200) -> HttpResponse:
        wish = self.wish
        return self.page(
            status,
            wish=wish,
            head=head_of(wish.occurrence, self.request, timezone.now()),
            name=wish.wish.get("name", ""),
            municipality=Municipality.objects.filter(code=wish.wish.get("municipality", "")).first(),
            answers=_answers(wish),
            has_place=bool(wish.sign_up_id) or place_of_address(wish) is not None,
            problem=problem,
        )


def _answers(wish: GuestWish) -> list[AnswerRow]:
    given = wish.wish.get("answers", {})
    rows = [(question, given.get(str(question.uuid), "")) for question in asked(wish.occurrence.event_id)]
    return [AnswerRow(question.text, answer_text(question, value)) for question, value in rows if value]
