"""A group's page, and what its contact, coordinator or manager can do on it. No GET changes anything: what is given up is
asked about on a page of its own."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.groups import services
from events.groups.behalf import accounts_at, behalves
from events.groups.forms import LONGEST_WRITTEN, new_key
from events.groups.known import refusal_text
from events.groups.meeting import meeting_of
from events.groups.permissions import GatedView
from events.groups.selectors import group_screen, other_dates
from events.models import Occurrence
from events.signup.limits import too_many_text
from events.signup.links import sign_up_for
from events.signup.services import date_move
from portal.core.breadcrumbs import Crumb
from portal.seats.api import ACTIVE, Participant, Person, PersonError, PlaceState, SeatsError, SignUp, normal_email


class SignUpView(GatedView):
    """A screen of one sign-up, by account or by the link in its contact's mail."""

    sign_up: SignUp
    occurrence: Occurrence

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Note which sign-up it is about; the gate is asked in `prepare`."""
        self.uuid: UUID = kwargs.pop("uuid")
        return super().dispatch(request, *args, **kwargs)

    def prepare(self) -> None:
        """Pass the gate.

        Raises:
            Http404: there is none, it is not the visitor's, or it is no meeting's.
        """
        self.sign_up = sign_up_for(self.request, self.uuid)
        try:
            found: Occurrence = self.sign_up.offering.occurrence
        except ObjectDoesNotExist as error:
            raise Http404 from error
        self.occurrence = found

    @property
    def actor(self) -> Any:
        """Return who acts: an account, or None for who came by a link."""
        return self.request.user if self.request.user.is_authenticated else None

    @property
    def back(self) -> str:
        """Return the group's page."""
        return reverse("groups:group", args=[self.uuid])

    def done(self, text: str) -> HttpResponse:
        """Say what has come of it on the group's page."""
        messages.success(self.request, text)
        return redirect(self.back)

    def refused(self, error: SeatsError) -> HttpResponse:
        """Say why nothing has been changed."""
        messages.warning(self.request, str(error))
        return redirect(self.back)

    def too_many(self, people: Iterable[Person] = ()) -> str:
        """Return why no more mails may be caused now, and no more strangers tried out, or nothing."""
        return too_many_text(self.request, [one.email for one in people if not one.user], sign_up=self.sign_up)

    def why(self, error: SeatsError) -> str:
        """Return why the seats refused, without a word about strangers."""
        return refusal_text(self.request, error, offering=self.sign_up.offering, sign_up=self.sign_up)

    def draw(self, template: str, context: dict[str, Any], *, title: str = "", status: int = 200) -> HttpResponse:
        """Draw a screen below the meeting; `title` is the last step of the breadcrumb, below the group's page."""
        meeting = meeting_of(self.occurrence, self.request, timezone.now())
        crumbs = [Crumb(_("Home"), "/"), Crumb(meeting.title, meeting.url)]
        crumbs += [Crumb(_("Your group"), self.back), Crumb(title)] if title else [Crumb(_("Your group"))]
        shared = {"meeting": meeting, "back": self.back, "title": title, "breadcrumbs": crumbs}
        return render(self.request, template, {**shared, **context}, status=status)

    def named(self) -> list[Participant]:
        """Return the active places that the address or the form names: those marked, or all of them.

        Raises:
            Http404: one of them is not of this sign-up.
        """
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        here = self.sign_up.participants.order_by("pk")
        if "all" in sent:
            return list(here.filter(state__in=ACTIVE))
        try:
            uuids = {UUID(text) for text in sent.getlist("p")}
        except ValueError as error:
            raise Http404 from error
        found = list(here.filter(uuid__in=uuids))
        if len(found) != len(uuids):
            raise Http404
        return found


class GroupView(SignUpView):
    """The people of the group with their places, and the ways on."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw it."""
        self.prepare()
        return self.page()

    def page(self, *, written: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        """Draw the page; `written` is what stands in the fields for names, with what is wrong."""
        screen = group_screen(self.sign_up, self.occurrence, timezone.now())
        more = bool(behalves(self.principal)) and screen.may_change
        context = {
            "group": screen,
            "can_add": more,
            **(written or {"slots": [(row, "", "") for row in screen.open_slots]}),
        }
        return self.draw("events/groups/group.html", context, status=status)


class NamesView(GroupView):
    """Names for open slots: those that were written, now or later."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write them, or show the page again with what is wrong and what was written."""
        self.prepare()
        names = self._names()
        if not names:
            return self._again(_("Write at least one name."), "")
        if problem := self.too_many(names.values()):
            return self._again(problem, "")
        try:
            services.group_names(actor=self.actor, sign_up=self.sign_up, names=names)
        except PersonError as error:
            place = list(names)[error.index]
            return self._again(str(error), f"{error.field}-{place}")
        except SeatsError as error:
            return self._again(self.why(error), "")
        text = ngettext("%(count)s name is saved.", "%(count)s names are saved.", len(names))
        return self.done(text % {"count": len(names)})

    def _names(self) -> dict[UUID, Person]:
        here = self.sign_up.participants.active().order_by("pk")
        written = {place.uuid: self._written(place.uuid) for place in here}
        accounts = accounts_at(self.principal, [email for _name, email in written.values()])
        return {
            place: Person(name, email, accounts.get(normal_email(email)))
            for place, (name, email) in written.items()
            if name or email
        }

    def _written(self, place: UUID) -> tuple[str, str]:
        name, email = (self.request.POST.get(f"{field}-{place}", "") for field in ("name", "email"))
        return name.strip()[:LONGEST_WRITTEN], email.strip()[:LONGEST_WRITTEN]

    def _again(self, problem: str, field: str) -> HttpResponse:
        screen = group_screen(self.sign_up, self.occurrence, timezone.now())
        slots = [(row, *self._written(row.uuid)) for row in screen.open_slots]
        return self.page(written={"slots": slots, "problem": problem, "problem_field": field})


class CancelView(SignUpView):
    """Give up one, some or all: asks, then does."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask, with the names."""
        self.prepare()
        gone = [place for place in self.named() if place.state in ACTIVE]
        if not gone:
            messages.warning(request, _("Mark those whom it is about first."))
            return redirect(self.back)
        holding = any(place.state in (PlaceState.BOOKED, PlaceState.OFFERED) for place in gone)
        context = {"places": gone, "holding": holding}
        return self.draw("events/groups/cancel.html", context, title=_("Cancel the sign-up"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Give them up; the second click finds them gone and changes nothing."""
        self.prepare()
        places = [place.uuid for place in self.named()]
        try:
            gone = services.group_cancel(actor=self.actor, sign_up=self.sign_up, places=places)
        except SeatsError as error:
            return self.refused(error)
        text = ngettext(
            "The sign-up of %(count)s person is cancelled.",
            "The sign-up of %(count)s people is cancelled.",
            len(gone),
        )
        return self.done(text % {"count": len(gone)} if gone else _("They were cancelled already."))


class LeaveView(SignUpView):
    """Leave the waiting list: asks, then does."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        self.prepare()
        if not group_screen(self.sign_up, self.occurrence, timezone.now()).in_line:
            return redirect(self.back)
        return self.draw("events/groups/leave.html", {}, title=_("Leave the waiting list"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Leave."""
        self.prepare()
        try:
            services.group_leave(actor=self.actor, sign_up=self.sign_up)
        except SeatsError as error:
            return self.refused(error)
        return self.done(_("You have left the waiting list. Whoever has a seat keeps it."))


class OfferView(SignUpView):
    """The answer to an offer. No is asked about first; yes is what was waited for."""

    def get(self, request: HttpRequest, offer: UUID) -> HttpResponse:
        """Ask whether the seats shall go to others."""
        self.prepare()
        found = self._find(offer)
        screen = group_screen(self.sign_up, self.occurrence, timezone.now())
        row = next((one for one in screen.offers if one.uuid == found.uuid), None)
        if row is None:
            return redirect(self.back)
        return self.draw("events/groups/decline.html", {"offer": row}, title=_("Say no to the seats"))

    def post(self, request: HttpRequest, offer: UUID) -> HttpResponse:
        """Take the answer."""
        self.prepare()
        found, takes = self._find(offer), request.POST.get("answer") == "yes"
        if not takes and request.POST.get("answer") != "no":
            messages.warning(request, _("Choose one of the two answers."))
            return redirect(self.back)
        try:
            services.group_answer(actor=self.actor, offer=found, takes=takes)
        except SeatsError as error:
            return self.refused(error)
        return self.done(
            _("The seats are yours.") if takes else _("You have said no. The seats go to the next in line.")
        )

    def _find(self, uuid: UUID) -> Any:
        found = self.sign_up.offers.filter(uuid=uuid).select_related("sign_up").first()
        if found is None:
            raise Http404
        return found


class SubstituteView(SignUpView):
    """Another person in the same place."""

    def get(self, request: HttpRequest, place: UUID) -> HttpResponse:
        """Draw the form."""
        self.prepare()
        return self._form(self._find(place))

    def post(self, request: HttpRequest, place: UUID) -> HttpResponse:
        """Let the other person have it."""
        self.prepare()
        found = self._find(place)
        name, email = (request.POST.get(field, "").strip()[:LONGEST_WRITTEN] for field in ("name", "email"))
        person = self._person(name, email)
        if problem := self.too_many([person]):
            return self._form(found, name=name, email=email, problem=problem, field="email")
        try:
            services.group_substitute(actor=self.actor, sign_up=self.sign_up, place=place, person=person)
        except SeatsError as error:
            field = error.field if isinstance(error, PersonError) else "name"
            return self._form(found, name=name, email=email, problem=self.why(error), field=field)
        return self._handed_over(_("%(name)s has the place now.") % {"name": name or email})

    def _handed_over(self, text: str) -> HttpResponse:
        """Say it on the group's page, or on her own if it was her only place: there is no way to it any more."""
        try:
            self.prepare()
        except Http404:
            messages.success(self.request, text)
            return redirect(settings.LOGIN_REDIRECT_URL)
        return self.done(text)

    def _find(self, uuid: UUID) -> Participant:
        found: Participant | None = self.sign_up.participants.active().filter(uuid=uuid).first()
        if found is None or found.is_unnamed:
            raise Http404
        return found

    def _person(self, name: str, email: str) -> Person:
        return Person(name, email, accounts_at(self.principal, [email]).get(normal_email(email)))

    def _form(self, place: Participant, **written: str) -> HttpResponse:
        title = _("Another person instead of %(name)s") % {"name": place}
        return self.draw("events/groups/substitute.html", {"place": place, **written}, title=title)


class MoveView(SignUpView):
    """Some or all to another date of the same meeting."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the dates."""
        self.prepare()
        moving = [place for place in self.named() if place.state in ACTIVE]
        if not moving:
            messages.warning(request, _("Mark those whom it is about first."))
            return redirect(self.back)
        return self._form(moving, new_key())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Move them; without seats there they stay."""
        self.prepare()
        places, key = self.named(), request.POST.get("key", "")
        target = self._target(request.POST.get("target", ""))
        if target is None:
            return self._form(places, key, problem=_("Choose a date."))
        if problem := self.too_many():
            return self._form(places, key, problem=problem)
        try:
            moved = date_move(
                actor=self.actor,
                sign_up=self.sign_up,
                target=target,
                key=services.key_of(f"move:{key}"),
                places=[place.uuid for place in places],
            )
        except SeatsError as error:
            return self._form(places, new_key(), problem=str(error))
        messages.success(request, _("They are moved. This is their new date."))
        # A link opens only the sign-up that it was sent for; the new one has its own mail.
        return redirect("groups:group", moved.uuid) if self.actor is not None else redirect(self.back)

    def _target(self, text: str) -> Occurrence | None:
        try:
            uuid = UUID(text)
        except ValueError:
            return None
        rows = Occurrence.objects.filter(event=self.occurrence.event_id).exclude(pk=self.occurrence.pk)
        found: Occurrence | None = rows.filter(uuid=uuid).select_related("offering").first()
        return found

    def _form(self, moving: list[Participant], key: str, *, problem: str = "") -> HttpResponse:
        dates = other_dates(self.occurrence, size=len(moving), now=timezone.now())
        context = {"places": moving, "dates": dates, "key": key, "problem": problem}
        return self.draw("events/groups/move.html", context, title=_("Move to another date"))
