"""Signs that no database keeps are refused at each door, and on every database alike: PostgreSQL could not even be asked."""

import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Attendance
from portal.seats.api import KeyReusedError, Participant, Person, PersonError, sign_up_one
from tests.events.groups import Desk, meeting, odense
from tests.events.joining import client_of
from tests.factories.accounts import administrator, coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

NUL, HALF = "Anne\x00Holm", "Anne \ud83d"


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "check", "name": NUL, "email": ""},
        {"do": "check", "name": "Anne Holm", "email": "anne\x00@odense.example"},
        {"do": "check", "paste": f"{NUL}; anne@odense.example"},
        {"do": "sign_up", "name": NUL, "email": ""},
        {"do": "sign_up", "name": "Anne Holm", "email": "", "key": "a\x00c"},
        {"do": "search", "q": "An\x00ne"},
    ],
)
def test_a_group_with_nul_is_refused(sent: dict[str, Any]) -> None:
    desk = Desk(coordinator(odense()), meeting())
    assert desk.client.post(desk.url, {"key": "k", **sent}).status_code == 400
    assert not Participant.objects.exists()


def test_names_and_keys_of_a_group_s_page_are_looked_at_too() -> None:
    desk = Desk(coordinator(odense()), meeting())
    desk.sign_up(name=["Anne Holm"], email=["anne@odense.example"], unnamed="1")
    group = desk.made()
    named, slot = group.participants.order_by("pk")
    sent = {
        reverse("groups:names", args=[group.uuid]): {f"name-{slot.uuid}": NUL},
        reverse("groups:substitute", args=[group.uuid, named.uuid]): {"name": NUL},
        reverse("groups:move", args=[group.uuid]): {"all": "1", "key": "a\x00b", "target": str(desk.occurrence.uuid)},
    }
    for url, values in sent.items():
        assert desk.client.post(url, values).status_code == 400, url
    assert list(group.participants.order_by("pk").values_list("name", flat=True)) == [named.name, slot.name]


@pytest.mark.parametrize(
    "sent",
    [
        {"name": NUL, "key": "k"},
        {"name": "Anne Holm", "key": "a\x00b"},
        {"name": "Anne Holm", "key": "k", "municipality": "04\x0061"},
        {"tick": "a\x00b:on"},
    ],
)
def test_the_door_without_javascript_refuses_nul(sent: dict[str, str]) -> None:
    url = reverse("door:list", args=[meeting().uuid])
    assert client_of(administrator()).post(url, sent).status_code == 400
    assert not Attendance.objects.exists()


def synced(walk_in: dict[str, Any] | None = None, *, body: str = "") -> Any:
    now = timezone.now().isoformat()
    rows = [{"id": "a", "name": "Anne Holm", "came": True, "at": now, **(walk_in or {})}]
    text = body or json.dumps({"sent_at": now, "ticks": [], "walk_ins": rows})
    url = reverse("door:sync", args=[meeting().uuid])
    return client_of(administrator()).post(url, text, content_type="application/json")


@pytest.mark.parametrize(
    "wrong", [{"id": "a\x00"}, {"id": "\ud83d"}, {"municipality": "\x00"}, {"at": "0001-01-01T00:00:00+14:00"}]
)
def test_the_door_s_list_of_notes_refuses_what_cannot_be_kept(wrong: dict[str, str]) -> None:
    assert synced(wrong).status_code == 400
    assert not Attendance.objects.exists()


def test_a_list_without_a_bottom_is_no_list() -> None:
    assert synced(body="[" * 100_000).status_code == 400


@pytest.mark.parametrize(("typed", "kept"), [(NUL, "Anne Holm"), (HALF, "Anne")])
def test_a_name_that_a_telephone_cut_in_the_middle_of_a_sign_does_not_hold_up_its_other_notes(
    typed: str, kept: str
) -> None:
    assert synced({"name": typed}).status_code == 200
    assert Attendance.objects.get().name == kept


def test_the_answer_to_an_approval_is_refused_with_nul() -> None:
    from tests.events.test_approvals import case_url, press, signed_up
    from tests.events.test_approvals import meeting as approved

    url = case_url(signed_up(approved()))
    assert press(client_of(administrator()), url, "reject", comment="Nej\x00", confirmed="1").status_code == 400


def test_the_seats_themselves_take_neither_such_a_name_nor_such_a_key() -> None:
    seats = meeting().offering
    with pytest.raises(PersonError):
        sign_up_one(actor=None, offering=seats, person=Person(NUL, "anne@odense.example"), key="k")
    with pytest.raises(PersonError):
        sign_up_one(actor=None, offering=seats, person=Person("Anne", "a\x00@odense.example"), key="k")
    with pytest.raises(KeyReusedError):
        sign_up_one(actor=None, offering=seats, person=Person("Anne", "anne@odense.example"), key="a\x00")
    assert not Participant.objects.exists()
