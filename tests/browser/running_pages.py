"""The organiser's screens at one of the example's theme days, the door and the three questions."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone

from events.models import Occurrence, PulseResult, Team
from events.pulse.services import tickets_make
from events.running.attendance import Tick, WalkIn, attendance_note
from events.running.doors import door_make
from events.running.teams import MadeBy, teams_make
from portal.seats.api import Participant, PlaceState
from tests.browser.screens import EDITOR, Screen

DAY, FULL = "fra-profil-til-handleplan", "borgerservice-om-tre-aar"


def _time(slug: str = DAY) -> Occurrence:
    rows = Occurrence.objects.filter(event__slug=slug, starts_at__gt=timezone.now(), event__signup_here=True)
    return rows.order_by("starts_at", "pk")[0]


def run(name: str, slug: str = DAY) -> Callable[[], str]:
    """Return the address of a screen about a meeting."""
    return lambda: reverse(f"running:{name}", args=[_time(slug).uuid])


def _booked() -> Participant:
    rows = Participant.objects.filter(offering=_time().offering, state=PlaceState.BOOKED)
    return rows.order_by("pk")[0]


def of_place(name: str) -> Callable[[], str]:
    """Return the address of a screen about somebody who has a seat."""
    return lambda: reverse(f"running:{name}", args=[_time().uuid, _booked().uuid])


def with_teams() -> str:
    """Return the teams, made."""
    teams_make(actor=None, occurrence=_time(), by=MadeBy.MUNICIPALITY)
    return run("teams")()


def of_team(name: str) -> Callable[[], str]:
    """Return the address of a screen about a team."""

    def address() -> str:
        team, _made = Team.objects.get_or_create(occurrence=_time(), name="Vinduesbordet")
        return reverse(f"running:{name}", args=[_time().uuid, team.uuid])

    return address


def at_the_door() -> str:
    """Return the link of a helper; one has come, and one who is on no list."""
    time, now = _time(), timezone.now()
    guest = WalkIn("skaerm", "Konsulent uden tilmelding", True, now, "0461")
    attendance_note(actor=None, occurrence=time, ticks=[Tick(_booked().uuid, True, now)], walk_ins=[guest])
    return urlsplit(door_make(actor=None, occurrence=time)).path


def afterwards() -> str:
    """Return what is left of a past meeting, with a pulse that was counted."""
    time = Occurrence.objects.filter(ends_at__lt=timezone.now()).order_by("-ends_at", "-pk")[0]
    figures = {"asked": 19, "answered": 12, "worthwhile": [0, 1, 2, 4, 5], "usable": [1, 0, 3, 3, 5], "again": None}
    PulseResult.objects.update_or_create(occurrence=time, defaults={"closed_at": time.ends_at, "figures": figures})
    return reverse("running:afterwards", args=[time.uuid])


def pulse() -> str:
    """Return the link in the mail of the day after."""
    return reverse("pulse:answer", args=[tickets_make(occurrence=_time(), count=1)[0]])


VISITOR: tuple[Screen, ...] = (
    Screen("tre-spoergsmaal", pulse),
    Screen("tre-spoergsmaal-tak", "/efter-moedet/tak/"),
    Screen("tre-spoergsmaal-lukket", "/efter-moedet/x/", status=404),
)
SIGNED_IN: tuple[Screen, ...] = (
    Screen("arrangoer-moeder", "/arrangoer/", EDITOR),
    Screen("arrangoer-tidligere", "/arrangoer/?vis=tidligere", EDITOR),
    Screen("arrangoer-deltagere", run("people"), EDITOR),
    Screen("arrangoer-venteliste", run("people", FULL), EDITOR),
    Screen("arrangoer-tilmeld", run("add"), EDITOR),
    Screen("arrangoer-afmeld", of_place("cancel"), EDITOR),
    Screen("arrangoer-pladser", run("capacity"), EDITOR),
    Screen("arrangoer-mails", run("letters"), EDITOR),
    Screen("arrangoer-hold", with_teams, EDITOR),
    Screen("arrangoer-hold-nyt", run("team_add"), EDITOR),
    Screen("arrangoer-hold-ret", of_team("team_change"), EDITOR),
    Screen("arrangoer-hold-fjern", of_team("team_remove"), EDITOR),
    Screen("arrangoer-hold-flyt", of_place("seat"), EDITOR),
    Screen("arrangoer-doer", run("door"), EDITOR),
    Screen("arrangoer-bagefter", afterwards, EDITOR),
    # Without the menu: a telephone at the door has other things to do.
    Screen("doer-liste", at_the_door, EDITOR),
    Screen("doer-lukket", "/doer/aabn/x/", EDITOR, status=404),
)
