"""The page of one place, and what can be done about it. `links.place_for` lets in, by account or by a link in a mail."""

from typing import Any

from allauth.core.internal.ratelimit import respond_429
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.signup.answers import answers_save, consent_of, consent_save
from events.signup.asking import SHOWN, answers_in, answers_of
from events.signup.forms import AnswersForm, ConsentForm, MoveForm
from events.signup.gate import answers_offer, is_herself
from events.signup.links import link_open, place_for, place_opened
from events.signup.selectors import PlaceScreen, dates_to_move, other_dates, place_screen
from events.signup.services import date_move, place_cancel, refuse_begun
from events.signup.views.base import Screen, dead
from portal.accounts.limits import allows
from portal.core.unlisted import unlisted
from portal.seats.api import Participant, PlaceState, SeatsError, offer_accept, offer_decline

RATE = "open_link"


@never_cache
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Note what the link opens, and leave the token behind; only links that do not work are counted."""
    link = link_open(request, token)
    if link is None:
        return dead(request) if allows(request, RATE) else unlisted(respond_429(request))
    if link.participant is not None:
        return unlisted(redirect("signup:place", link.participant.uuid))
    if link.sign_up.is_group:
        return unlisted(redirect("groups:group", link.sign_up.uuid))
    return unlisted(redirect("signup:place", link.sign_up.participants.order_by("pk")[0].uuid))


class OfPlace(Screen):
    """A screen about one place that the visitor may change."""

    place: Participant
    done = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who has the place, who signed her up, and who looks after her."""
        self.place = place_for(request, kwargs.pop("uuid"))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the place."""
        return self.show()

    @property
    def screen(self) -> PlaceScreen:
        """Return the place as it stands now."""
        return place_screen(self.place, self.request)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """Draw the screen."""
        return self.page(status, screen=self.screen, **context)

    def back(self, said: str = "") -> HttpResponse:
        """Lead to the place, which shows what has become of it."""
        if said:
            messages.success(self.request, said)
        return redirect("signup:place", self.place.uuid)

    def refused(self, error: SeatsError) -> HttpResponse:
        """Show the place as it is now, with the reason why nothing was changed."""
        self.template = PlaceView.template
        self.place = place_for(self.request, self.place.uuid)
        return self.show(409, problem=str(error))


class PlaceView(OfPlace):
    """The place: the state in words, and the ways to change it."""

    http_method_names = ["get", "head", "options"]
    template = "events/signup/place.html"


class CancelView(OfPlace):
    """Ask first, then give up the place or leave the line."""

    template = "events/signup/cancel.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask; of a place that is given up already there is nothing to ask."""
        return self.show() if self.screen.may_change else self.back()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Give it up; a second press changes nothing more."""
        try:
            place_cancel(actor=self.actor, place=self.place)
        except SeatsError as error:
            return self.refused(error)
        return self.back()


class OfferView(OfPlace):
    """The answer to an offer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the offer, which stands on the place's page."""
        return self.back()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the seat, or let it go to the next in line. Of a group only who speaks for it answers."""
        answer, offer = request.POST.get("answer", ""), self.place.offer
        if offer is None or answer not in {"accept", "decline"}:
            return self.back()
        if not answers_offer(request, self.place):
            if self.place.state == PlaceState.OFFERED:
                raise Http404
            return self.back()
        try:
            if answer == "accept":
                offer_accept(actor=self.actor, offer=offer)
            else:
                offer_decline(actor=self.actor, offer=offer)
        except SeatsError as error:
            return self.refused(error)
        return self.back()


class MoveView(OfPlace):
    """Move to another date of the same meeting, where there are seats at once."""

    template = "events/signup/move.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the dates."""
        return self.show(form=self._form()) if self.screen.may_move else self.back()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Move; without a free seat there the place stays where it is."""
        # Whether there is room the seats say: a second click finds the last seat taken, by the first one.
        targets = {str(date.occurrence.uuid): date for date in other_dates(self.place, timezone.now())}
        form = MoveForm(request.POST, choices=[(key, date.text) for key, date in targets.items()])
        if not form.is_valid():
            return self.show(400, form=form) if targets else self.back()
        try:
            moved = date_move(
                actor=self.actor,
                sign_up=self.place.sign_up,
                target=targets[form.cleaned_data["target"]].occurrence,
                key=f"move:{form.cleaned_data['key']}",
                places=[self.place.uuid],
            )
        except SeatsError as error:
            return self.refused(error)
        messages.success(request, _("You have been moved to this date."))
        return self._new_home(moved)

    def _new_home(self, moved: Any) -> HttpResponse:
        """Lead to the new place; who came by a link gets one to it."""
        place = moved.participants.order_by("pk")[0]
        if self.actor is not None:
            return redirect("signup:place", place.uuid)
        hers = is_herself(self.request, self.place)
        place_opened(
            self.request,
            sign_up=moved,
            participant=place if hers else None,
            email=(place.email or "") if hers else moved.contact_email,
            ends_at=place.offering.occurrence.ends_at,
        )
        return redirect("signup:place", place.uuid)

    def _form(self) -> MoveForm:
        found = dates_to_move(self.place, timezone.now())
        return MoveForm(choices=[(str(date.occurrence.uuid), date.text) for date in found])


class AnswersView(OfPlace):
    """Change what was answered, until the meeting."""

    template = "events/signup/answers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the answers in the form."""
        screen = self.screen
        if not (screen.asks and screen.may_change):
            return self.back()
        return self.show(form=AnswersForm(occurrence=screen.occurrence, initial=answers_of(self.place)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write them."""
        form = AnswersForm(request.POST, occurrence=self.place.offering.occurrence)
        if not form.is_valid():
            return self.show(400, form=form)
        try:
            refuse_begun(self.place.offering.occurrence)
            answers_save(participant=self.place, values=answers_in(form.cleaned_data), actor=self.actor)
        except SeatsError as error:
            return self.refused(error)
        return self.back(_("Your answers are saved."))


class ConsentView(OfPlace):
    """Say who may see her on the list: she herself, and nobody for her."""

    template = "events/signup/consent.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in the person only, and only where there is a list."""
        place = place_for(request, kwargs["uuid"])
        if not is_herself(request, place) or not place.offering.occurrence.asks_list:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the choice."""
        return self.show(form=ConsentForm(initial={SHOWN: consent_of(self.place)}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write it."""
        form = ConsentForm(request.POST)
        if not form.is_valid():
            return self.show(400, form=form)
        try:
            consent_save(participant=self.place, shown=form.cleaned_data[SHOWN], actor=self.actor)
        except SeatsError as error:
            return self.refused(error)
        return self.back(_("Your choice is saved."))
