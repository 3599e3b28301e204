"""The organiser's screens: whose meetings, who comes, the list as a file, and acts by hand."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Answer, Occurrence
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.seats.api import PlaceState, SignUp, places_cancel, standing
from portal.workflows.api import Case
from tests.events.joining import NOW, client_of, meeting, page, question, some_people, somebody, text_of
from tests.factories.accounts import administrator, editor, holder, user
from tests.factories.events import EventPageFactory, municipality, occurrence
from tests.factories.organisations import region, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def url(name: str, time: Occurrence, *args: Any) -> str:
    return reverse(f"running:{name}", args=[time.uuid, *args])


def boss() -> Client:
    return client_of(administrator())


# --- Whose ---------------------------------------------------------------------------------------------------------


def test_an_organiser_sees_the_meetings_of_her_region_and_no_others() -> None:
    here, there = meeting(), meeting(municipality=municipality("0101"), event=EventPageFactory.make(signup_here=True))
    client = client_of(holder(Role.ORGANISER, region=region("region-syddanmark")))
    listed = page(client, reverse("running:meetings"))
    assert url("people", here) in listed
    assert url("people", there) not in listed
    page(client, url("people", here))
    for name in ("people", "letters", "teams", "door", "afterwards", "add", "capacity"):
        page(client, url(name, there), 404)


@pytest.mark.parametrize("name", ["people", "letters", "teams", "door", "afterwards", "add", "capacity"])
def test_whoever_runs_nothing_finds_nothing(name: str) -> None:
    time = meeting()
    client = client_of(user())
    page(client, url(name, time), 404)
    page(client, reverse("running:meetings"), 404)
    assert client_of().get(url(name, time)).status_code == 302


def test_an_editor_sees_what_her_party_holds_and_what_nobody_holds() -> None:
    time = meeting()
    assert url("people", time) in page(client_of(editor()), reverse("running:meetings"))


def test_past_meetings_stand_in_a_list_of_their_own(time_machine: Any) -> None:
    time = meeting()
    somebody = administrator()
    assert url("people", time) not in page(client_of(somebody), reverse("running:meetings") + "?vis=tidligere")
    time_machine.move_to(time.ends_at, tick=False)
    client = client_of(somebody)
    assert url("people", time) not in page(client, reverse("running:meetings"))
    assert url("people", time) in page(client, reverse("running:meetings") + "?vis=tidligere")


def test_a_meeting_that_takes_no_sign_ups_here_is_not_listed() -> None:
    time = occurrence()
    assert url("people", time) not in page(boss(), reverse("running:meetings"))


# --- Who comes -----------------------------------------------------------------------------------------------------


def test_the_list_says_who_comes_who_waits_and_what_they_answered() -> None:
    time = meeting(capacity=1)
    asked = question(time)
    anna = somebody(time, "Anna And", unit=unit("Borgerservice"))
    somebody(time, "Bo Bison")
    Answer.objects.create(question=asked, participant=anna.participants.get(), value="Breve")
    drawn = page(boss(), url("people", time))
    for text in ("Anna And", "anna.and@kommune.example", "Breve", "Borgerservice", "Bo Bison", "På venteliste"):
        assert text in drawn
    assert drawn.index("Anna And") < drawn.index("Bo Bison")


def test_capacity_below_the_booked_is_shown_as_over_and_takes_nobody_s_seat() -> None:
    time = meeting(capacity=3)
    some_people(time, 3)
    client = boss()
    answer = client.post(url("capacity", time), {"capacity": "1"}, follow=True)
    assert "2 for mange" in text_of(answer)
    assert standing(time.offering).taken == 3


def test_more_seats_go_to_those_who_wait_and_the_screen_says_so() -> None:
    time = meeting(capacity=1)
    somebody(time), somebody(time)
    answer = boss().post(url("capacity", time), {"capacity": "2"}, follow=True)
    assert answer.redirect_chain
    assert standing(Occurrence.objects.get().offering).waiting == 0


@pytest.mark.parametrize("typed", ["0", "-1", "mange", "100001"])
def test_a_capacity_that_is_none_is_refused_at_the_field_and_kept(typed: str) -> None:
    time = meeting(capacity=7)
    answer = boss().post(url("capacity", time), {"capacity": typed})
    assert answer.status_code == 200
    assert f'value="{typed}"' in text_of(answer)
    assert Occurrence.objects.get().offering.capacity == 7


def test_a_list_costs_the_same_queries_however_long_it_is() -> None:
    time = meeting(capacity=4)
    question(time)
    client = boss()

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for name in ("people", "teams", "letters", "door"):
                page(client, url(name, time))
            page(client, reverse("running:meetings"))
        return len(queries)

    somebody(time), some_people(time, 2), some_people(time, 3)
    page(client, url("people", time))
    few = cost()
    team = unit("Borgerservice")
    for _number in range(4):
        somebody(time, unit=team), some_people(time, 2)
        meeting(event=time.event)
    assert cost() <= few + 2


def test_what_awaits_an_answer_leads_to_it_where_it_is_hers_to_give() -> None:
    theirs = meeting(policy="municipality")
    waits = somebody(theirs, "Anna And", municipality=municipality("0461"))
    case = Case.objects.open().about(waits).get()
    where = reverse("approvals:case", args=[case.uuid])
    assert where in page(boss(), url("people", theirs))
    organiser = client_of(holder(Role.ORGANISER, region=region("region-syddanmark")))
    drawn = page(organiser, url("people", theirs))
    assert "Anna And" in drawn and where not in drawn
    ours = meeting(policy="organiser", event=theirs.event)
    asked = Case.objects.open().about(somebody(ours)).get()
    drawn = page(organiser, url("people", ours))
    assert reverse("approvals:case", args=[asked.uuid]) in drawn


# --- Files ---------------------------------------------------------------------------------------------------------


def test_a_name_that_is_a_formula_is_a_text_in_both_files() -> None:
    time = meeting()
    somebody(time, "=1+1")
    client = boss()
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("export", time, "xlsx")).content))
    cell = book.worksheets[0].cell(2, 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert ";" in client.get(url("export", time, "csv")).content.decode("utf-8-sig")
    assert "'=1+1" in client.get(url("export", time, "csv")).content.decode("utf-8-sig")


def test_an_export_is_noted_without_names_and_only_when_it_is_taken() -> None:
    time = meeting()
    somebody(time, "Anna And")
    client = boss()
    client.head(url("export", time, "csv"))
    assert not AuditEntry.objects.filter(action="occurrence.people_exported").exists()
    client.get(url("export", time, "csv"))
    entry = AuditEntry.objects.get(action="occurrence.people_exported")
    assert "Anna" not in f"{entry.object_label}{entry.after}"
    page(client, url("export", time, "exe"), 404)


# --- By hand -------------------------------------------------------------------------------------------------------


def _typed(client: Client, time: Occurrence, **values: str) -> dict[str, str]:
    key = client.get(url("add", time)).context["form"]["key"].value()
    return {"name": "Dorte Due", "email": "dorte@kommune.example", "municipality": "", "key": key, **values}


def test_signed_up_by_hand_she_joins_the_line_and_a_double_click_is_one_sign_up() -> None:
    time = meeting(capacity=1)
    somebody(time)
    client = boss()
    typed = _typed(client, time)
    answer = client.post(url("add", time), typed, follow=True)
    assert "Dorte Due" in text_of(answer)
    client.post(url("add", time), typed)
    place = SignUp.objects.get(contact_email="dorte@kommune.example").participants.get()
    assert place.state == PlaceState.WAITING


def test_a_form_that_came_back_signs_up_another_person_under_a_new_word() -> None:
    time = meeting()
    client = boss()
    typed = _typed(client, time)
    client.post(url("add", time), typed)
    second = {**typed, "name": "En Anden", "email": "anden@kommune.example"}
    answer = client.post(url("add", time), second)
    assert answer.status_code == 200
    new = answer.context["form"]["key"].value()
    assert new != typed["key"]
    client.post(url("add", time), {**second, "key": new})
    assert standing(time.offering).taken == 2


@pytest.mark.parametrize(
    "values", [{"name": ""}, {"name": "x" * 500}, {"email": "dorte"}, {"key": ""}, {"municipality": "999999"}]
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(values: dict[str, str]) -> None:
    time = meeting()
    client = boss()
    answer = client.post(url("add", time), _typed(client, time, **values))
    assert answer.status_code == 200
    assert values.get("email", "dorte@kommune.example") in text_of(answer)
    assert not SignUp.objects.exists()


def test_whoever_has_a_place_is_not_signed_up_twice() -> None:
    time = meeting()
    somebody(time, "Dorte Due")
    client = boss()
    answer = client.post(url("add", time), _typed(client, time, email="dorte.due@kommune.example"))
    assert answer.status_code == 200
    assert standing(time.offering).taken == 1


def test_a_place_is_given_up_with_a_reason_and_the_next_in_line_gets_it() -> None:
    time = meeting(capacity=1)
    first, second = somebody(time, "Anna And"), somebody(time, "Bo Bison")
    place = first.participants.get()
    client = boss()
    where = url("cancel", time, place.uuid)
    assert "Anna And" in page(client, where)
    assert client.post(where, {}).status_code == 200
    assert first.participants.get().state == PlaceState.BOOKED
    client.post(where, {"reason": "asked"})
    assert first.participants.get().state == PlaceState.CANCELLED
    assert second.participants.get().state == PlaceState.BOOKED
    entry = AuditEntry.objects.get(action="occurrence.place_given_up")
    assert entry.after == {"place": str(place.uuid), "because": "asked"}
    assert "allerede annulleret" in page(client, where)
    client.post(where, {"reason": "asked"})
    assert AuditEntry.objects.filter(action="occurrence.place_given_up").count() == 1


def test_a_place_of_another_meeting_is_not_there() -> None:
    time, other = meeting(), meeting(event=EventPageFactory.make(signup_here=True))
    place = somebody(other).participants.get()
    client = boss()
    page(client, url("cancel", time, place.uuid), 404)
    assert client.post(url("cancel", time, place.uuid), {"reason": "asked"}).status_code == 404
    page(client, url("seat", time, place.uuid), 404)
    assert other.offering.participants.get().state == PlaceState.BOOKED


# --- Mails ---------------------------------------------------------------------------------------------------------


def test_the_mails_are_listed_and_one_of_another_meeting_is_not_sent_from_here() -> None:
    time, other = meeting(), meeting(event=EventPageFactory.make(signup_here=True))
    somebody(time, "Anna And"), somebody(other, "Bo Bison")
    client = boss()
    drawn = page(client, url("letters", time))
    assert "anna.and@kommune.example" in drawn
    assert "bo.bison@kommune.example" not in drawn
    foreign = other.letters.get()
    assert client.post(url("letters", time), {"letter": foreign.uuid}).status_code == 404
    assert client.post(url("letters", time), {"letter": "x"}).status_code == 404


def test_a_mail_to_somebody_without_a_place_is_refused_in_words() -> None:
    time = meeting()
    made = somebody(time, "Anna And")
    letter = time.letters.get()
    places_cancel(actor=None, sign_up=made)
    from portal.core.models import OutboxMessage

    OutboxMessage.objects.update(state="done")
    answer = boss().post(url("letters", time), {"letter": letter.uuid}, follow=True)
    assert "ikke" in text_of(answer)
    assert OutboxMessage.objects.filter(state="waiting").count() == 0
