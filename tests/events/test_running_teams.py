"""Teams of a theme day: made from where people come from, once; moved by hand; a sheet for each."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Occurrence, Team, TeamSeat
from events.running.sheets import team_sheets
from events.running.teams import MadeBy, teams_make, teams_screen
from portal.seats.api import places_cancel
from tests.events.joining import NOW, client_of, meeting, page, some_people, somebody, text_of
from tests.factories.accounts import administrator
from tests.factories.events import EventPageFactory
from tests.factories.organisations import municipality, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def url(name: str, time: Occurrence, *args: Any) -> str:
    return reverse(f"running:{name}", args=[time.uuid, *args])


def boss() -> Client:
    return client_of(administrator())


def who(time: Occurrence) -> dict[str, list[str]]:
    return {team.name: sorted(person.name for person in team.people) for team in teams_screen(time).teams}


def test_people_of_one_unit_sit_together_and_units_of_one_name_are_two_teams() -> None:
    time = meeting()
    ours = unit("Borgerservice")
    theirs = unit("Borgerservice", code="x", municipality=municipality("0101"))
    somebody(time, "Anna", unit=ours), somebody(time, "Bo", unit=ours), somebody(time, "Carl", unit=theirs)
    somebody(time, "Dorte")
    assert teams_make(actor=None, occurrence=time, by=MadeBy.UNIT) == 3
    made = who(time)
    assert sorted(made.values()) == [["Anna", "Bo"], ["Carl"]]
    assert len(made) == 2
    assert [person.name for person in teams_screen(time).without] == ["Dorte"]


def test_made_again_it_seats_newcomers_only() -> None:
    time = meeting()
    home = municipality("0461")
    somebody(time, "Anna", municipality=home)
    client = boss()
    client.post(url("teams", time), {"by": "municipality"})
    other = Team.objects.create(occurrence=time, name="Vinduet")
    TeamSeat.objects.update(team=other)
    somebody(time, "Bo", municipality=home)
    client.post(url("teams", time), {"by": "municipality"})
    assert who(time) == {home.name: ["Bo"], "Vinduet": ["Anna"]}
    assert teams_make(actor=None, occurrence=time, by=MadeBy.MUNICIPALITY) == 0


def test_who_waits_or_has_cancelled_sits_nowhere() -> None:
    time = meeting(capacity=1)
    home = municipality("0461")
    first = somebody(time, "Anna", municipality=home)
    somebody(time, "Bo", municipality=home)
    teams_make(actor=None, occurrence=time, by=MadeBy.MUNICIPALITY)
    assert who(time) == {home.name: ["Anna"]}
    places_cancel(actor=None, sign_up=first)
    assert who(time) == {home.name: []}


def test_a_team_is_renamed_and_two_of_one_name_are_refused() -> None:
    time = meeting()
    one, two = (Team.objects.create(occurrence=time, name=name) for name in ("Et", "To"))
    client = boss()
    answer = client.post(url("team_change", time, one.uuid), {"name": "to", "table": "3"})
    assert "allerede et hold med det navn" in text_of(answer)
    client.post(url("team_change", time, one.uuid), {"name": "Tre", "table": "3"})
    one.refresh_from_db()
    assert (one.name, one.table) == ("Tre", "3")
    client.post(url("team_remove", time, two.uuid), {})
    assert list(Team.objects.values_list("name", flat=True)) == ["Tre"]
    assert client.post(url("team_add", time), {"name": " "}).status_code == 200


def test_somebody_is_moved_and_a_team_of_another_meeting_is_none() -> None:
    time, other = meeting(), meeting(event=EventPageFactory.make(signup_here=True))
    place = somebody(time, "Anna").participants.get()
    mine, foreign = Team.objects.create(occurrence=time, name="Et"), Team.objects.create(occurrence=other, name="To")
    client = boss()
    where = url("seat", time, place.uuid)
    assert client.post(where, {"team": str(foreign.uuid)}).status_code == 200
    assert client.post(where, {"team": "x"}).status_code == 200
    assert not TeamSeat.objects.exists()
    client.post(where, {"team": str(mine.uuid)})
    assert who(time) == {"Et": ["Anna"]}
    client.post(where, {"team": "-"})
    assert not TeamSeat.objects.exists()
    page(client, url("team_change", time, foreign.uuid), 404)
    page(client, url("sheet", time, foreign.uuid), 404)
    assert client.post(url("team_remove", time, foreign.uuid)).status_code == 404


def test_a_sheet_is_a_tagged_document_and_no_name_is_layout() -> None:
    time = meeting()
    some_people(time, 2, municipality=municipality("0461"))
    somebody(time, municipality=municipality("0461")).participants.update(name="#eval(1) $x$ *fed* @x")
    teams_make(actor=None, occurrence=time, by=MadeBy.MUNICIPALITY)
    made = team_sheets(time, teams_screen(time).teams)
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made
    client = boss()
    answer = client.get(url("sheets", time))
    assert answer["Content-Type"] == "application/pdf"
    team = Team.objects.get()
    assert client.get(url("sheet", time, team.uuid)).status_code == 200


def test_without_teams_there_is_no_sheet() -> None:
    page(boss(), url("sheets", meeting()), 404)
