"""Screens on which an organiser acts by hand: sign up, give up a place, change the number of seats."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.running.base import FormScreen
from events.running.forms import AddForm, CancelForm, CapacityForm, GivenUpBecause, new_key
from events.running.people import place_of
from events.running.services import capacity_change, person_add, place_give_up
from portal.seats.api import ACTIVE, KeyReusedError, Participant, standing

_MEANS = {
    "booked": gettext_lazy("%(person)s has a seat."),
    "waiting": gettext_lazy("There is no free seat: %(person)s is on the waiting list."),
    "pending": gettext_lazy("%(person)s is signed up and awaits approval."),
}


class AddView(FormScreen):
    """Sign up somebody who has called or written."""

    form_class = AddForm
    title = gettext_lazy("Sign somebody up")
    lead = gettext_lazy("Only for people who have asked you to. They join the line like everybody else.")
    submit = gettext_lazy("Sign the person up")

    def act(self, form: Any) -> HttpResponse:
        """Sign her up, and say where she stands."""
        try:
            sign_up = person_add(actor=self.request.user, occurrence=self.occurrence, **form.cleaned_data)
        except KeyReusedError:
            # The back button brought a form that has done its work: what is written now is sent under a word of its own.
            form.data = {**form.data.dict(), "key": new_key()}
            raise
        place = sign_up.participants.get()
        self.say(str(_MEANS.get(place.state, _MEANS["pending"])) % {"person": place.name})
        return self.to("people")


class CancelView(FormScreen):
    """Give up somebody's place, after a question."""

    form_class = CancelForm
    title = gettext_lazy("Cancel a sign-up")
    lead = gettext_lazy("The person is told by mail, and whoever is next in line gets the seat. It cannot be undone.")
    submit = gettext_lazy("Cancel this sign-up")
    place: Participant

    def prepare(self, **kwargs: Any) -> None:
        """Let through to places of this meeting only."""
        found = place_of(self.occurrence, UUID(str(kwargs["place"])))
        if found is None:
            raise Http404
        self.place = found

    def context(self) -> dict[str, Any]:
        """Say whose it is; a place that is gone already cannot be given up again."""
        facts = [(_("Person"), str(self.place)), (_("State"), self.place.get_state_display())]
        gone = self.place.state not in ACTIVE
        warning = _("This sign-up has been cancelled already.") if gone else ""
        return {"facts": [{"label": label, "value": value} for label, value in facts], "warning": warning}

    def act(self, form: Any) -> HttpResponse:
        """Give it up."""
        because = GivenUpBecause(form.cleaned_data["reason"])
        actor = self.request.user
        if place_give_up(actor=actor, occurrence=self.occurrence, place=self.place, because=because):
            self.say(_("The sign-up of %(person)s is cancelled.") % {"person": self.place})
        else:
            self.warn(_("This sign-up has been cancelled already."))
        return self.to("people")


class CapacityView(FormScreen):
    """More seats, or fewer."""

    form_class = CapacityForm
    title = gettext_lazy("Change the number of seats")
    lead = gettext_lazy("New seats go to those who wait. Nobody loses a seat when there are fewer.")
    submit = gettext_lazy("Save")

    def form(self, data: Any) -> CapacityForm:
        """Return the form with the number of today."""
        return CapacityForm(data, initial={"capacity": self.occurrence.offering.capacity})

    def context(self) -> dict[str, Any]:
        """Say how many are taken."""
        seats = standing(self.occurrence.offering)
        facts = [(_("Seats taken"), seats.taken + seats.offered), (_("Waiting"), seats.waiting)]
        return {"facts": [{"label": label, "value": value} for label, value in facts]}

    def act(self, form: Any) -> HttpResponse:
        """Save, and say what came of it."""
        before = standing(self.occurrence.offering)
        changed = capacity_change(
            actor=self.request.user, occurrence=self.occurrence, capacity=form.cleaned_data["capacity"]
        )
        now = standing(changed.offering)
        given = now.taken + now.offered - before.taken - before.offered
        text = _("The number of seats is changed.")
        if given > 0:
            more = ngettext("%(count)s who waited gets a seat.", "%(count)s who waited get seats.", given)
            text = f"{text} {more % {'count': given}}"
        if now.over:
            text = f"{text} " + _("More people have a seat than there are seats: %(count)s over.") % {"count": now.over}
        self.say(text)
        return self.to("people")
