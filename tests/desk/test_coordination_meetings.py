"""Who of a municipality is at which meeting: its coordinators see it, others do not; managers see those of their units."""

import datetime as dt
import io
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from events.api import Occurrence
from events.enums import AttendanceState
from events.models import Attendance
from portal.core.models import AuditEntry
from portal.organisations.api import Unit
from portal.seats.api import Person, SignUp, places_cancel, sign_up_group, sign_up_one
from tests.events.groups import colleague, meeting, odense, queries, text
from tests.factories.accounts import coordinator, employee, manager
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
HERE = "/min-kommune/odense/moeder/"
MINE = "/tilmelding/gruppe/mine/"


@pytest.fixture
def team() -> Unit:
    return unit("Borgerservice")


@pytest.fixture
def kim(client: Client) -> Any:
    found = coordinator(odense())
    client.force_login(found)
    return found


def group(time: Occurrence, *names: str, **values: Any) -> SignUp:
    """Sign up people by name."""
    people = [Person(name, f"{uuid4().hex[:12]}@odense.example") for name in names]
    given = {"actor": None, "contact_email": "kontakt@kommune.example", "municipality": odense(), **values}
    return sign_up_group(offering=time.offering, key=uuid4().hex, people=people, **given)


def test_a_coordinator_sees_her_people_by_meeting_with_the_way_to_their_group(client: Client, kim: Any) -> None:
    first, second = meeting(title="Klart sprog"), meeting(1, title="Svære samtaler")
    made = group(first, "Anne Holm", "Bo Berg", actor=kim)
    group(second, "Carla Dam"), group(second, "Ditte Eng")
    group(first, "Sofie Lund", municipality=municipality(COPENHAGEN))
    said = text(client.get(HERE))
    for words in ("4 personer", "Klart sprog", "Svære samtaler", "Anne Holm", "På venteliste", str(kim)):
        assert words in said
    assert reverse("groups:group", args=[made.uuid]) in said
    assert "Sofie" not in said


def test_it_is_narrowed_by_meeting_unit_state_and_time(client: Client, kim: Any, team: Unit) -> None:
    first, second = meeting(title="Klart sprog"), meeting(1, title="Svære samtaler")
    anne = colleague("Anne Holm", team).user
    sign_up_one(actor=anne, offering=first.offering, person=Person(user=anne), key="selv", municipality=odense())
    gone = group(first, "Bo Berg")
    places_cancel(actor=kim, sign_up=gone)
    group(second, "Carla Dam"), group(second, "Ditte Eng")
    past = meeting(title="I fjor")
    group(past, "Erik Fisk")
    Occurrence.objects.filter(pk=past.pk).update(
        starts_at=past.starts_at - dt.timedelta(days=400), ends_at=past.ends_at - dt.timedelta(days=400)
    )

    def names(**query: str) -> list[str]:
        shown = client.get(HERE, query).context["board"].groups
        return [one.name for meeting_group in shown for one in meeting_group.people]

    assert names() == ["Anne Holm", "Carla Dam", "Ditte Eng"]
    assert names(moede=str(second.uuid)) == ["Carla Dam", "Ditte Eng"]
    assert names(tilstand="waiting") == ["Ditte Eng"]
    assert names(tilstand="ikke-med") == ["Bo Berg"]
    assert names(enhed=str(team.uuid)) == ["Anne Holm"]
    assert names(tid="tidligere") == ["Erik Fisk"]
    # What makes no sense is told at its field and otherwise ignored.
    assert names(moede="vrøvl", tilstand="vrøvl") == ["Anne Holm", "Carla Dam", "Ditte Eng"]
    assert "Ingen passer" in text(client.get(HERE, {"moede": str(first.uuid), "tilstand": "pending"}))


def test_who_came_is_shown_of_meetings_that_are_over(client: Client, kim: Any) -> None:
    time = meeting()
    place = group(time, "Anne Holm", "Bo Berg").participants.order_by("pk")[0]
    starts = time.starts_at - dt.timedelta(days=30)
    Occurrence.objects.filter(pk=time.pk).update(starts_at=starts, ends_at=time.ends_at - dt.timedelta(days=30))
    Attendance.objects.create(occurrence=time, participant=place, state=AttendanceState.ATTENDED, at=starts)
    people = client.get(HERE, {"tid": "tidligere"}).context["board"].groups[0].people
    assert [(one.name, one.came) for one in people] == [("Anne Holm", True), ("Bo Berg", None)]


def test_nobody_yet_is_said_with_a_way_on(client: Client, kim: Any) -> None:
    meeting()
    said = text(client.get(HERE))
    assert "Ingen er tilmeldt et møde" in said
    assert "Find et møde" in said
    assert "Ingen har været til et møde endnu" in text(client.get(HERE, {"tid": "tidligere"}))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_taken_out_as_it_is_narrowed_and_that_is_noted(client: Client, kim: Any, kind: str) -> None:
    first, second = meeting(title="Klart sprog"), meeting(title="Svære samtaler")
    group(first, "=HYPERLINK(1)", "Åse Ørsted")
    group(second, "Carla Dam")
    response = client.post(f"{HERE}?moede={first.uuid}", {"file": kind})
    assert f".{kind}" in response["Content-Disposition"]
    if kind == "csv":
        body = response.content.decode("utf-8-sig")
        assert "'=HYPERLINK(1)" in body
    else:
        sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
        body = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
        assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value)
    assert "Åse Ørsted" in body
    assert "Carla Dam" not in body
    entry = AuditEntry.objects.get(action="municipality.meetings_exported")
    assert entry.municipality == "0461"
    assert client.post(HERE, {"file": "exe"}).status_code == 404
    assert AuditEntry.objects.filter(action="municipality.meetings_exported").count() == 1


def test_others_find_no_list(client: Client, team: Unit) -> None:
    group(meeting(), "Anne Holm")
    foreign = coordinator(municipality(COPENHAGEN), "koordinator@kk.example")
    for who in (foreign, manager(team), employee(team)):
        client.force_login(who)
        assert client.get(HERE).status_code == 404
        assert client.post(HERE, {"file": "csv"}).status_code == 404
    assert not AuditEntry.objects.filter(action="municipality.meetings_exported").exists()


def test_a_manager_sees_those_of_her_units_and_no_others(client: Client, team: Unit) -> None:
    time = meeting()
    below = unit("Team Kontakt", parent=team)
    group(time, "Anne Holm", unit=team), group(time, "Bo Berg", unit=below)
    group(time, "Carla Dam", unit=unit("Kultur")), group(time, "Ditte Eng")
    client.force_login(manager(team))
    said = text(client.get(MINE))
    assert "Anne Holm" in said
    assert "Bo Berg" in said
    assert "Carla" not in said
    assert "Ditte" not in said
    assert MINE in text(client.get("/min-side/"))
    body = client.post(MINE, {"file": "csv"}).content.decode("utf-8-sig")
    assert "Bo Berg" in body
    assert "Carla" not in body


def test_whoever_leads_nobody_finds_no_such_list(client: Client, team: Unit) -> None:
    assert client.get(MINE).status_code == 302
    for who in (employee(team), coordinator(odense())):
        client.force_login(who)
        assert client.get(MINE).status_code == 404
        assert MINE not in text(client.get("/min-side/"))


def test_the_queries_do_not_grow_with_the_people(client: Client, kim: Any, team: Unit) -> None:
    for number in range(2):
        group(meeting(100), f"N{number} Holm", f"N{number} Berg", actor=kim)
    client.get(HERE)
    few = queries(lambda: client.get(HERE))
    for number in range(6):
        colleague(f"Navn{number} Ohm", team)
        group(meeting(100), *(f"M{number}{n} Holm" for n in range(5)), actor=kim, unit=team)
    assert queries(lambda: client.get(HERE)) == few
