"""Sign up a group: put it together, look through what would come of it, then send it. Until then nothing is written."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.groups.behalf import Behalf, behalves, chosen_behalf, memberships_named
from events.groups.choosing import chooser
from events.groups.forms import CONTACT, FIRST_ROWS, MORE_ROWS, GroupForm, new_key, rows_of, ticked, typed_lines
from events.groups.known import refusal_text
from events.groups.meeting import meeting_of
from events.groups.permissions import GatedView
from events.groups.prospect import closed_text, prospect, seats_now
from events.groups.reading import Line
from events.groups.services import LONGEST_KEY, group_sign_up, key_of
from events.groups.wish import Wish, judge
from events.models import Occurrence
from events.permissions import occurrence_to_join
from events.signup.limits import too_many_text
from portal.accounts.permissions import waits_for_a_second_factor
from portal.core.breadcrumbs import Crumb
from portal.seats.api import LARGEST_GROUP, KeyReusedError, PlaceState, SeatsError, SignUp, standing


class NewView(GatedView):
    """The group of one coordinator or manager at one meeting."""

    occurrence: Occurrence
    behalf: Behalf

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Draw the empty form, or say why there is none."""
        if (kept_out := self._enter(uuid, request.GET.get("for", ""))) is not None:
            return kept_out
        return self._put_together([], (), GroupForm(units=()), new_key())

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Take the next step; everything that was put together so far comes along."""
        if (kept_out := self._enter(uuid, request.POST.get("for", ""))) is not None:
            return kept_out
        key = request.POST.get("key", "")[:LONGEST_KEY] or new_key()
        people, step = ticked(request.POST)[:LARGEST_GROUP], request.POST.get("do", "")
        if step == "sign_up":
            return self._sign_up(people, typed_lines(request.POST), key)
        form = self._form(request.POST)
        form.is_valid()
        lines = (*typed_lines(request.POST), *form.read)
        if step == "check" and self._asks_contact and not form["contact_email"].value():
            form.add_error("contact_email", CONTACT)
        if step == "check" and not form.errors:
            wish = self._wish(people, lines)
            if 0 < wish.size + wish.left_out <= LARGEST_GROUP:
                return self._look_through(wish, key)
            form.add_error(None, _size_text(wish))
        return self._put_together(people, lines, form, key, more=MORE_ROWS if step == "more" else FIRST_ROWS)

    def _enter(self, uuid: UUID, named: str) -> HttpResponse | None:
        """Pass the gates; whoever signs up no groups is told who does, since the meeting itself is no secret."""
        self.occurrence = occurrence_to_join(self.principal, uuid)
        found = behalves(self.principal)
        if not found and (self.principal.is_anonymous or waits_for_a_second_factor(self.principal)):
            raise Http404
        if not found:
            return self._draw("events/groups/not_yours.html", {}, status=403)
        behalf = chosen_behalf(found, named)
        if behalf is None:
            raise Http404
        self.behalf, self.others = behalf, found
        return None

    # --- Step one: who -----------------------------------------------------------------------------------------------

    def _form(self, sent: Any) -> GroupForm:
        return GroupForm(sent, self.request.FILES or None, units=self._units)

    @cached_property
    def _units(self) -> tuple[tuple[str, str], ...]:
        return self._chooser([], "", "").units

    def _chooser(self, people: list[UUID], text: str, unit: str) -> Any:
        return chooser(
            self.principal, self.behalf, self.occurrence.offering, chosen=people, text=text.strip(), unit=unit
        )

    def _put_together(
        self, people: list[UUID], lines: tuple[Line, ...], form: GroupForm, key: str, *, more: int = FIRST_ROWS
    ) -> HttpResponse:
        sent: Any = form.data
        found = self._chooser(people, sent.get("q", "")[:120], sent.get("enhed", ""))
        form.fields["enhed"].choices = [("", _("All units")), *found.units]  # type: ignore[attr-defined]
        if form.is_bound and "paste" not in form.errors:
            # What was pasted stands in the lines now.
            form.data = sent.copy()
            form.data["paste"] = ""  # type: ignore[index]
        context = {
            "form": form,
            "chooser": found,
            "rows": rows_of(lines, more=more),
            "key": key,
            "behalves": self.others,
            "names_open": self._names_open,
            "asks_contact": self._asks_contact,
        }
        return self._draw("events/groups/new.html", context)

    @property
    def _asks_contact(self) -> bool:
        """Tell whether her account has no address to which an offer could be sent."""
        return not self.request.user.email  # type: ignore[union-attr]

    @property
    def _names_open(self) -> bool:
        by = self.occurrence.offering.names_by
        return by is None or timezone.now() < by

    # --- Step two: what would come of it ------------------------------------------------------------------------------

    def _wish(self, people: list[UUID], lines: tuple[Line, ...], apart_from: SignUp | None = None) -> Wish:
        form = self._form(self.request.POST)
        form.is_valid()
        found = memberships_named(self.principal, self.behalf, people)
        judged = judge(
            self.principal,
            self.behalf,
            self.occurrence.offering,
            ticked=[found[uuid] for uuid in people if uuid in found],
            lines=lines,
            apart_from=apart_from,
        )
        unnamed = form.cleaned_data.get("unnamed") or 0
        contact = form.cleaned_data.get("contact_email", "") if self._asks_contact else ""
        return Wish(self.behalf, judged, unnamed, bool(form.cleaned_data.get("may_split")), contact)

    def _look_through(self, wish: Wish, key: str, *, problem: str = "", note: str = "") -> HttpResponse:
        offering = self.occurrence.offering
        outlook = prospect(
            offering,
            standing(offering),
            size=wish.size,
            may_split=wish.may_split,
            municipality=self.behalf.municipality,
        )
        context = {"wish": wish, "prospect": outlook, "key": key, "problem": problem, "note": note}
        return self._draw("events/groups/check.html", context)

    # --- Step three: send it ------------------------------------------------------------------------------------------

    def _sign_up(self, people: list[UUID], lines: tuple[Line, ...], key: str) -> HttpResponse:
        user, offering = self.request.user, self.occurrence.offering
        before = SignUp.objects.filter(key=key_of(key), actor=user.pk, offering=offering).first()
        wish = self._wish(people, lines, before)
        if not before and wish.seen != self.request.POST.get("seen"):
            return self._look_through(wish, key, note=_("The list has changed. Look through it once more."))
        if not before and (problem := too_many_text(self.request, [*wish.strangers, wish.contact_email])):
            return self._look_through(wish, key, problem=problem)
        try:
            made = group_sign_up(actor=user, occurrence=self.occurrence, wish=wish, word=key)
        except SeatsError as error:
            used, problem = isinstance(error, KeyReusedError), refusal_text(self.request, error, offering=offering)
            return self._look_through(self._wish(people, lines), new_key() if used else key, problem=problem)
        messages.success(self.request, _receipt(made))
        return redirect("groups:group", made.uuid)

    def _draw(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        meeting = meeting_of(self.occurrence, self.request, timezone.now())
        offering = self.occurrence.offering
        shared = {
            "meeting": meeting,
            "behalf": getattr(self, "behalf", None),
            "closed": closed_text(self.occurrence),
            "seats": seats_now(offering, standing(offering)),
            "breadcrumbs": [Crumb(_("Home"), "/"), Crumb(meeting.title, meeting.url), Crumb(_("Sign up a group"))],
        }
        return render(self.request, template, {**shared, **context}, status=status)


def _size_text(wish: Wish) -> str:
    if not wish.size + wish.left_out:
        return _("Choose or write at least one person, or write how many names come later.")
    return _("Sign up at least 1 and at most %(limit)s people at a time.") % {"limit": LARGEST_GROUP}


def _receipt(sign_up: SignUp) -> str:
    """Return what came of it, in one sentence."""
    states = list(sign_up.participants.values_list("state", flat=True))
    booked = states.count(PlaceState.BOOKED)
    if PlaceState.PENDING in states:
        return _("The sign-up is sent to be approved. You get an e-mail with the answer.")
    if booked == len(states):
        text = ngettext("%(count)s person has a seat.", "All %(count)s have a seat.", booked)
        return text % {"count": booked}
    if booked:
        text = _("%(booked)s have a seat, and %(waiting)s are on the waiting list.")
        return text % {"booked": booked, "waiting": len(states) - booked}
    return _("The group is on the waiting list. You get an e-mail as soon as there are seats.")
