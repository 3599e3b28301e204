"""The door: a link opens one list and closes; notes come late, twice and out of order, and the latest counts."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events.api import attended_by
from events.models import Attendance, DoorLink, Occurrence
from events.running.attendance import Tick, WalkIn, attendance_note
from events.running.doors import door_make
from portal.core.models import AuditEntry
from portal.seats.api import Participant, Person, places_cancel, sign_up_one
from tests.events.joining import client_of, meeting, page, some_people, somebody, text_of
from tests.factories.accounts import administrator, user
from tests.factories.events import EventPageFactory, local

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

START = local(2027, 5, 12, 15, 30)
ON_THE_DAY = local(2027, 5, 12, 15, 0)


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(local(2027, 5, 12, 8), tick=False)


def to_list(time: Occurrence) -> str:
    return reverse("door:list", args=[time.uuid])


def to_sync(time: Occurrence) -> str:
    return reverse("door:sync", args=[time.uuid])


def helper(time: Occurrence) -> Client:
    """Return the telephone of somebody without an account who has opened the link."""
    client = Client()
    link = door_make(actor=None, occurrence=time)
    answer = client.get("/" + link.split("/", 3)[3])
    assert answer["Location"] == to_list(time)
    return client


def note(who: Any, came: bool = True, at: dt.datetime = ON_THE_DAY, **values: Any) -> dict[str, Any]:
    return {"id": str(who), "came": came, "at": at.isoformat(), **values}


def send(client: Client, time: Occurrence, *ticks: Any, walk_ins: Any = (), sent_at: dt.datetime | None = None) -> Any:
    from django.utils import timezone

    body = {"sent_at": (sent_at or timezone.now()).isoformat(), "ticks": ticks, "walk_ins": walk_ins}
    return client.post(to_sync(time), json.dumps(body), content_type="application/json")


def place(time: Occurrence, name: str = "Anna And") -> Participant:
    return somebody(time, name).participants.get()


def state(participant: Participant) -> str:
    return Attendance.objects.get(participant=participant).state


# --- The link ------------------------------------------------------------------------------------------------------


def test_a_link_opens_its_own_list_only() -> None:
    time, other = meeting(), meeting(event=EventPageFactory.make(signup_here=True))
    anna = place(time)
    foreign = place(other, "Bo Bison")
    client = helper(time)
    drawn = page(client, to_list(time))
    assert "Anna And" in drawn
    assert "anna.and@kommune.example" not in drawn
    page(client, to_list(other), 404)
    assert send(client, other, note(foreign.uuid)).status_code == 404
    assert send(client, time, note(foreign.uuid), note(anna.uuid)).status_code == 200
    assert Attendance.objects.get().participant == anna
    page(client, reverse("running:people", args=[time.uuid]), 302)


def test_nobody_without_a_link_gets_in_and_the_token_is_kept_nowhere() -> None:
    time = meeting()
    token = door_make(actor=None, occurrence=time).rstrip("/").rsplit("/", 1)[1]
    assert token not in DoorLink.objects.get().token_hash
    assert not any(token in f"{entry.after}" for entry in AuditEntry.objects.all())
    for client in (Client(), client_of(user())):
        page(client, to_list(time), 404)
        assert send(client, time).status_code == 404
        page(client, reverse("door:open", args=["x" * 43]), 404)


def test_a_closed_link_shows_no_name_at_once() -> None:
    time = meeting()
    place(time)
    client = helper(time)
    boss = client_of(administrator())
    assert DoorLink.objects.get().closed_at is None
    boss.post(reverse("running:door_close", args=[time.uuid, DoorLink.objects.get().uuid]))
    page(client, to_list(time), 404)
    answer = send(client, time)
    assert (answer.status_code, answer.json()) == (410, {"closed": True})
    page(boss, to_list(time))


def test_a_telephone_that_lost_its_session_is_unknown_and_not_told_that_the_list_is_closed(time_machine: Any) -> None:
    time = meeting(starts_at=START)
    client = helper(time)
    client.cookies.clear()
    assert send(client, time).status_code == 404
    other = helper(meeting(event=EventPageFactory.make(signup_here=True)))
    DoorLink.objects.update(closed_at=ON_THE_DAY)
    assert send(other, time).status_code == 404
    time_machine.move_to(local(2027, 5, 14, 0, 0), tick=False)
    # Too late for everybody: now it may forget what nobody takes any more.
    assert send(client, time).status_code == 410
    page(client, to_list(time), 404)


def test_a_link_of_another_meeting_is_not_closed_from_here() -> None:
    time, other = meeting(), meeting(event=EventPageFactory.make(signup_here=True))
    door_make(actor=None, occurrence=other)
    where = reverse("running:door_close", args=[time.uuid, DoorLink.objects.get().uuid])
    assert client_of(administrator()).post(where).status_code == 404
    assert DoorLink.objects.get().closed_at is None


def test_after_the_day_the_list_is_closed_and_what_was_noted_still_arrives(time_machine: Any) -> None:
    time = meeting(starts_at=START)
    anna = place(time)
    client = helper(time)
    time_machine.move_to(local(2027, 5, 13, 0, 0), tick=False)
    page(client, to_list(time), 404)
    answer = send(client, time, note(anna.uuid))
    assert answer.json() == {"closed": True}
    assert state(anna) == "attended"
    time_machine.move_to(local(2027, 5, 14, 0, 1), tick=False)
    assert send(client, time, note(anna.uuid, came=False)).status_code == 410
    assert state(anna) == "attended"


def test_a_meeting_that_is_moved_to_an_earlier_day_closes_its_links_with_that_day(time_machine: Any) -> None:
    time = meeting(starts_at=START)
    client = helper(time)
    day = dt.timedelta(days=1)
    Occurrence.objects.update(starts_at=START - day, ends_at=START - day + dt.timedelta(hours=2))
    page(client, to_list(time), 404)
    assert send(client, time).json() == {"closed": True}
    time_machine.move_to(local(2027, 5, 13, 0, 1), tick=False)
    assert send(client, time).status_code == 410


def test_the_organiser_s_code_is_made_by_pressing_and_stands_on_no_other_page() -> None:
    time = meeting()
    boss = client_of(administrator())
    where = reverse("running:door", args=[time.uuid])
    assert "data:image/svg+xml" not in page(boss, where)
    assert not DoorLink.objects.exists()
    made = text_of(boss.post(where))
    assert "data:image/svg+xml" in made
    link = made.split('id="door-link" value="')[1].split('"')[0]
    assert link not in page(boss, where)
    assert Client().get("/" + link.split("/", 3)[3]).status_code == 302


# --- Notes ---------------------------------------------------------------------------------------------------------


def test_the_latest_note_counts_in_whatever_order_they_come(time_machine: Any) -> None:
    time = meeting()
    anna = place(time)
    client = helper(time)
    time_machine.move_to(local(2027, 5, 12, 16), tick=False)
    early, late = local(2027, 5, 12, 15, 10), local(2027, 5, 12, 15, 20)
    send(client, time, note(anna.uuid, came=False, at=late))
    send(client, time, note(anna.uuid, came=True, at=early))
    assert state(anna) == "unknown"
    send(client, time, note(anna.uuid, came=True, at=late + dt.timedelta(seconds=1)))
    assert state(anna) == "attended"


def test_the_same_said_again_is_newer_than_what_lies_in_between() -> None:
    time = meeting()
    anna = place(time)
    at = local(2027, 5, 12, 7)
    minute = dt.timedelta(minutes=1)
    for number, came in ((0, True), (10, True), (5, False)):
        attendance_note(actor=None, occurrence=time, ticks=[Tick(anna.uuid, came, at + number * minute)])
    assert state(anna) == "attended"


def test_sent_again_nothing_changes_and_nothing_is_noted_twice() -> None:
    time = meeting()
    anna = place(time)
    client = helper(time)
    visitor = note("abc", name="Ukendt Gæst")
    for _try in range(3):
        send(client, time, note(anna.uuid), walk_ins=[visitor])
    assert Attendance.objects.count() == 2
    assert AuditEntry.objects.filter(action="occurrence.attendance").count() == 1


def test_a_telephone_whose_clock_is_wrong_does_not_win_for_ever(time_machine: Any) -> None:
    time = meeting()
    anna = place(time)
    client = helper(time)
    time_machine.move_to(ON_THE_DAY, tick=False)
    ahead = dt.timedelta(hours=3)
    send(client, time, note(anna.uuid, at=ON_THE_DAY + ahead), sent_at=ON_THE_DAY + ahead)
    assert Attendance.objects.get().at == ON_THE_DAY
    # A time to come is no time: it counts as now.
    send(client, time, note(anna.uuid, at=ON_THE_DAY + ahead), sent_at=ON_THE_DAY)
    assert Attendance.objects.get().at == ON_THE_DAY
    time_machine.move_to(ON_THE_DAY + dt.timedelta(minutes=1), tick=False)
    send(client, time, note(anna.uuid, came=False, at=ON_THE_DAY + dt.timedelta(seconds=50)))
    assert state(anna) == "unknown"


def test_only_who_has_a_seat_can_be_ticked() -> None:
    time = meeting(capacity=1)
    first, second = somebody(time, "Anna And"), somebody(time, "Bo Bison")
    waiting = second.participants.get()
    client = helper(time)
    drawn = page(client, to_list(time))
    assert "Bo Bison" not in drawn
    send(client, time, note(waiting.uuid))
    assert not Attendance.objects.exists()
    places_cancel(actor=None, sign_up=first)
    send(client, time, note(waiting.uuid))
    assert state(waiting) == "attended"


def test_a_walk_in_takes_no_seat_and_can_be_taken_back() -> None:
    time = meeting(capacity=1)
    waiting = some_people(time, 1), somebody(time, "Bo Bison")
    client = helper(time)
    answer = send(client, time, walk_ins=[note("abc", name="Ukendt Gæst", municipality="0461")]).json()
    assert [row["name"] for row in answer["walk_ins"]] == ["Ukendt Gæst"]
    assert waiting[1].participants.get().state == "waiting"
    assert "Ukendt Gæst" in page(client_of(administrator()), reverse("running:people", args=[time.uuid]))
    send(client, time, walk_ins=[note("abc", came=False, at=ON_THE_DAY + dt.timedelta(minutes=1), name="x")])
    assert Attendance.objects.get().name == "Ukendt Gæst"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"sent_at": "i dag", "ticks": [], "walk_ins": []}',
        '{"sent_at": "2027-05-12T15:00:00", "ticks": [], "walk_ins": []}',
        '{"sent_at": "2027-05-12T15:00:00Z", "ticks": [{"id": "x", "came": true, "at": "x"}], "walk_ins": []}',
        '{"sent_at": "2027-05-12T15:00:00Z", "ticks": 7, "walk_ins": []}',
        '{"sent_at": "0001-01-01T00:00:00Z", "ticks": [], "walk_ins": [{"id": "a", "at": "9999-12-31T23:59:59Z"}]}',
    ],
)
def test_what_is_no_list_of_notes_is_refused_and_nothing_is_written(body: str) -> None:
    time = meeting()
    answer = helper(time).post(to_sync(time), body, content_type="application/json")
    assert answer.status_code == 400
    assert not Attendance.objects.exists()


def test_walk_ins_without_a_name_or_with_too_long_a_key_are_nobody() -> None:
    time = meeting()
    now = ON_THE_DAY - dt.timedelta(days=1)
    notes = [WalkIn("", "Anna", True, now), WalkIn("x" * 65, "Anna", True, now), WalkIn("a", "  ", True, now)]
    assert attendance_note(actor=None, occurrence=time, walk_ins=notes) == 0


def test_the_door_needs_the_form_s_own_word_against_forgery() -> None:
    time = meeting()
    client = Client(enforce_csrf_checks=True)
    link = door_make(actor=None, occurrence=time)
    client.get("/" + link.split("/", 3)[3])
    assert send(client, time).status_code == 403


# --- Without JavaScript --------------------------------------------------------------------------------------------


def test_a_press_without_javascript_ticks_and_a_second_one_takes_it_back(time_machine: Any) -> None:
    time = meeting()
    anna = place(time)
    client = helper(time)
    answer = client.post(to_list(time), {"tick": f"{anna.uuid}:on"})
    assert answer["Location"].endswith(f"#p-{anna.uuid}")
    assert state(anna) == "attended"
    time_machine.shift(dt.timedelta(seconds=5))
    client.post(to_list(time), {"tick": f"{anna.uuid}:on"})
    assert state(anna) == "attended"
    time_machine.shift(dt.timedelta(seconds=5))
    client.post(to_list(time), {"tick": f"{anna.uuid}:off"})
    assert state(anna) == "unknown"
    assert client.post(to_list(time), {"tick": "hvad"}).status_code == 400


def test_without_javascript_a_walk_in_is_written_down_once(time_machine: Any) -> None:
    time = meeting()
    client = helper(time)
    key = client.get(to_list(time)).context["key"]
    typed = {"name": "Ukendt Gæst", "municipality": "0461", "key": key}
    client.post(to_list(time), typed), client.post(to_list(time), typed)
    assert Attendance.objects.get().municipality.code == "0461"
    assert "Skriv personens navn" in text_of(client.post(to_list(time), {**typed, "name": " "}))
    time_machine.shift(dt.timedelta(seconds=5))
    client.post(to_list(time), {"tick": f"{key}:off"})
    assert Attendance.objects.get().state == "unknown"


# --- Afterwards ----------------------------------------------------------------------------------------------------


def test_attendance_is_offered_to_others_and_names_stay_out_of_the_log() -> None:
    time = meeting()
    person = user("anna@kommune.example", first_name="Anna", last_name="And")
    made = sign_up_one(actor=person, offering=time.offering, person=Person(user=person), key="a")
    assert attended_by(person) == []
    attendance_note(actor=None, occurrence=time, ticks=[Tick(made.participants.get().uuid, True, ON_THE_DAY)], door="d")
    assert [found.occurrence for found in attended_by(person)] == [time.uuid]
    entry = AuditEntry.objects.get(action="occurrence.attendance")
    assert entry.after == {"notes": 1, "came": 1, "door": "d"}
    assert "Anna" not in entry.object_label
