"""Screens of the teams: make them, name them, move people, print their sheets."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.models import Team
from events.running.base import FormScreen, RunningView
from events.running.forms import TeamForm
from events.running.people import place_of
from events.running.sheets import team_sheets
from events.running.teams import (
    MadeBy,
    person_seat,
    team_of,
    team_remove,
    team_save,
    teams_make,
    teams_screen,
)
from portal.seats.api import Participant

NO_TEAM = "-"


class TeamsView(RunningView):
    """All teams; POST makes them from where people come from."""

    section = "teams"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the teams and those who have none."""
        screen = teams_screen(self.occurrence)
        return self.screen("events/running/teams.html", {"teams": screen, "ways": MadeBy.choices})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the teams.

        Raises:
            Http404: there is no such way to make them.
        """
        by = request.POST.get("by", "")
        if by not in MadeBy.values:
            raise Http404(by)
        made = teams_make(actor=request.user, occurrence=self.occurrence, by=MadeBy(by))
        text = ngettext("%(count)s person was given a team.", "%(count)s people were given a team.", made)
        self.say(text % {"count": made})
        return self.to("teams")


class TeamScreen(FormScreen):
    """A screen about one team."""

    section = "teams"
    team: Team | None = None

    def prepare(self, **kwargs: Any) -> None:
        """Let through to teams of this meeting only."""
        self.team = team_of(self.occurrence, kwargs["team"])
        if self.team is None:
            raise Http404


class TeamAddView(FormScreen):
    """Make one team by hand."""

    section = "teams"
    form_class = TeamForm
    title = gettext_lazy("Make a team")
    submit = gettext_lazy("Make the team")

    def act(self, form: Any) -> HttpResponse:
        """Make it."""
        made = team_save(actor=self.request.user, occurrence=self.occurrence, **form.cleaned_data)
        self.say(_("The team %(team)s is made.") % {"team": made.name})
        return self.to("teams")


class TeamChangeView(TeamScreen):
    """Another name, another table."""

    title = gettext_lazy("Change the team")
    submit = gettext_lazy("Save")

    def form(self, data: Any) -> TeamForm:
        """Return the form with what is so now."""
        assert self.team is not None  # noqa: S101 - `prepare` has found it
        return TeamForm(data, initial={"name": self.team.name, "table": self.team.table})

    def act(self, form: Any) -> HttpResponse:
        """Save."""
        team_save(actor=self.request.user, occurrence=self.occurrence, team=self.team, **form.cleaned_data)
        self.say(_("The team is changed."))
        return self.to("teams")


class TeamRemoveView(TeamScreen):
    """Ask, then take the team away."""

    form_class = forms.Form
    title = gettext_lazy("Remove the team")
    lead = gettext_lazy("Its people keep their seats and have no team then.")
    submit = gettext_lazy("Remove the team")

    def context(self) -> dict[str, Any]:
        """Say which one."""
        return {"facts": [{"label": _("Team"), "value": str(self.team)}]}

    def act(self, form: Any) -> HttpResponse:
        """Remove it."""
        if self.team is not None:
            team_remove(actor=self.request.user, team=self.team)
        self.say(_("The team is removed."))
        return self.to("teams")


class SeatForm(forms.Form):
    """With whom a person sits."""

    team = forms.ChoiceField(
        label=_("Team"), widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose a team.")}
    )


class SeatView(FormScreen):
    """Move one person to another team."""

    section = "teams"
    title = gettext_lazy("Move to another team")
    submit = gettext_lazy("Move")
    place: Participant

    def prepare(self, **kwargs: Any) -> None:
        """Let through to places of this meeting only."""
        found = place_of(self.occurrence, kwargs["place"])
        if found is None:
            raise Http404
        self.place = found

    def form(self, data: Any) -> SeatForm:
        """Return the form with the meeting's teams."""
        seat = getattr(self.place, "team_seat", None)
        form = SeatForm(data, initial={"team": str(seat.team.uuid) if seat else NO_TEAM})
        teams = Team.objects.filter(occurrence=self.occurrence).order_by("name", "id")
        choices = [(str(team.uuid), team.name) for team in teams]
        form.fields["team"].choices = [*choices, (NO_TEAM, _("No team"))]  # type: ignore[attr-defined]
        return form

    def context(self) -> dict[str, Any]:
        """Say who."""
        return {"facts": [{"label": _("Person"), "value": str(self.place)}]}

    def act(self, form: Any) -> HttpResponse:
        """Move her."""
        chosen = form.cleaned_data["team"]
        team = None if chosen == NO_TEAM else team_of(self.occurrence, UUID(chosen))
        person_seat(actor=self.request.user, occurrence=self.occurrence, place=self.place, team=team)
        self.say(_("%(person)s has another team now.") % {"person": self.place})
        return self.to("teams")


class SheetsView(RunningView):
    """The sheets of all teams, or of one, as a file to print."""

    http_method_names = ["get", "head"]
    section = "teams"

    def get(self, request: HttpRequest, team: UUID | None = None) -> HttpResponse:
        """Make the file.

        Raises:
            Http404: there is no such team, or none at all.
        """
        found = [box for box in teams_screen(self.occurrence).teams if team in (None, box.uuid)]
        if not found:
            raise Http404
        name = slugify(found[0].name if team else self.occurrence.event.title)[:60]
        headers = {"Content-Disposition": f'attachment; filename="hold-{name}.pdf"'}
        return HttpResponse(team_sheets(self.occurrence, found), content_type="application/pdf", headers=headers)
