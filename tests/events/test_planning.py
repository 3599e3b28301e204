"""The editors' screens of series and questions: each act is shown first, and what is refused is said where it belongs."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from events.models import Answer, EventPage, Occurrence, Question, Series
from events.planning.questions import AnsweredError, QuestionSpec, question_delete, question_save, question_spec
from events.services import SignedUpError, occurrence_delete, occurrence_save, occurrence_spec
from portal.core.models import OutboxMessage
from portal.core.roles import Role
from portal.seats.api import OfferingSpec, Person, SignUp, sign_up_one
from tests.events.test_editors import time_form
from tests.factories.accounts import editor as editor_of_party
from tests.factories.accounts import holder
from tests.factories.events import EventPageFactory, event_index, local, municipality, occurrence
from tests.factories.organisations import region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(local(2027, 3, 1, 12), tick=False)


@pytest.fixture
def editor() -> Client:
    """Return a signed-in administrator's browser."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser(email="red@example.test", password="red"))
    return client


def meeting(**values: Any) -> Occurrence:
    return occurrence(local(2027, 3, 15, 15, 30), event=EventPageFactory.make(signup_here=True), **values)


def signed_up(time: Occurrence, name: str = "Maria") -> SignUp:
    person = Person(name, f"{name.lower()}@k.example")
    return sign_up_one(actor=None, offering=time.offering, person=person, key=f"{name}{time.pk}")


RULE = {"frequency": "weekly", "every": "1", "last_day": "2027-04-12"}


def test_a_series_is_looked_at_before_it_is_made(editor: Client) -> None:
    time = meeting()
    make = reverse("series_admin:make", args=[time.pk])
    assert make in editor.get(reverse("occurrence:edit", args=[time.pk])).content.decode()
    assert editor.get(make).status_code == 200
    shown = editor.post(make, RULE)
    assert "mandag 12. april 2027" in shown.content.decode()
    assert Occurrence.objects.count() == 1
    done = editor.post(make, {**RULE, "make": "1"})
    series = Series.objects.get()
    assert done.url == reverse("series_admin:series", args=[series.pk])  # type: ignore[attr-defined]
    assert series.occurrences.count() == 5
    assert "mandag 12. april 2027" in editor.get(done.url).content.decode()  # type: ignore[attr-defined]
    assert time.event.title in editor.get(reverse("series_admin:index")).content.decode()
    twice = editor.post(make, {**RULE, "make": "1"})
    assert twice.status_code == 400
    assert Occurrence.objects.count() == 5


def test_a_night_when_the_clock_changes_is_named_and_nothing_can_be_made(editor: Client) -> None:
    time = occurrence(local(2027, 3, 21, 2, 30))
    make = reverse("series_admin:make", args=[time.pk])
    shown = editor.post(make, RULE).content.decode()
    assert "28. marts 2027" in shown
    assert "Uret stilles frem" in shown
    assert 'name="make"' not in shown
    refused = editor.post(make, {**RULE, "make": "1"})
    assert refused.status_code == 400
    assert "28. marts 2027" in refused.content.decode()
    assert Occurrence.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [({"last_day": ""}, "last_day"), ({"last_day": "i morgen"}, "last_day"), ({"every": "0"}, "every")],
)
def test_what_is_wrong_with_a_rule_is_said_at_its_field(editor: Client, values: dict[str, str], field: str) -> None:
    response = editor.post(reverse("series_admin:make", args=[meeting().pk]), {**RULE, **values, "make": "1"})
    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert Occurrence.objects.count() == 1


def test_longer_extra_and_following_on_their_screens(editor: Client) -> None:
    time = meeting()
    editor.post(reverse("series_admin:make", args=[time.pk]), {**RULE, "make": "1"})
    page = reverse("series_admin:series", args=[Series.objects.get().pk])
    assert "mandag 26. april 2027" in editor.post(page, {"last_day": "2027-04-26"}).content.decode()
    assert Occurrence.objects.count() == 5
    assert editor.post(page, {"last_day": "2027-04-26", "make": "1"}).status_code == 302
    assert editor.post(page, {"last_day": "2027-04-01", "make": "1"}).status_code == 400
    assert editor.post(page, {"extra": "1", "day": "2027-04-08", "clock": "9.15"}).status_code == 302
    assert editor.post(page, {"extra": "1", "day": "2027-03-28", "clock": "02:30"}).status_code == 400
    assert Occurrence.objects.count() == 8
    follow = reverse("series_admin:follow", args=[time.pk])
    form = time_form(time.event, starts_at="2027-03-15 16:00", ends_at="2027-03-15 18:00", place="Biblioteket")
    assert editor.post(reverse("occurrence:edit", args=[time.pk]), form).status_code == 302
    assert editor.get(follow).context["followed"].changed
    assert Occurrence.objects.filter(place="Biblioteket").count() == 1
    assert editor.post(follow).status_code == 302
    assert Occurrence.objects.filter(place="Biblioteket").count() == 7
    assert editor.post(reverse("series_admin:follow", args=[meeting().pk])).status_code == 400


def test_a_series_is_read_as_often_with_many_times_as_with_few(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    editor.post(reverse("series_admin:make", args=[meeting().pk]), {**RULE, "make": "1"})
    page = reverse("series_admin:series", args=[Series.objects.get().pk])

    def count() -> int:
        with django_assert_max_num_queries(40) as captured:
            editor.get(page)
        return len(captured)

    editor.get(page)
    few = count()
    editor.post(page, {"last_day": "2027-08-30", "make": "1"}, follow=True)
    assert count() == few


def test_only_those_who_may_change_times_see_series() -> None:
    time = meeting()
    for user, status in (
        (editor_of_party(), 200),
        # Behind the door of the admin, and before it.
        (holder(Role.ORGANISER, region=region()), 302),
        (holder(Role.COORDINATOR, municipality=municipality()), 403),
    ):
        client = Client()
        client.force_login(user)
        for address in (reverse("series_admin:index"), reverse("series_admin:make", args=[time.pk])):
            assert client.get(address).status_code == status, user


def question_form(event: EventPage, /, **values: Any) -> dict[str, Any]:
    given = {
        "event": event.pk,
        "text": "Hvilken workshop vælger du?",
        "help": "",
        "kind": "choice",
        "choices": "Breve\nSamtaler",
        "position": "1",
        "keep_days": "30",
    }
    return {**given, **values}


def test_an_editor_adds_changes_and_deletes_a_question(editor: Client) -> None:
    event = EventPageFactory.make(signup_here=True)
    add = reverse("eventquestion:add")
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    assert f"{add}?event={event.pk}" in page
    assert editor.get(add, {"event": event.pk}).status_code == 200
    response = editor.post(add, question_form(event))
    assert response.status_code == 302, response.context["form"].errors
    made = Question.objects.get()
    assert made.options == ("Breve", "Samtaler")
    edit = reverse("eventquestion:edit", args=[made.pk])
    assert editor.post(edit, question_form(event, text="Hvilken?", required="on")).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.required) == ("Hvilken?", True)
    assert "Hvilken?" in editor.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    assert "Hvilken?" in editor.get(reverse("eventquestion:index")).content.decode()
    assert editor.post(reverse("eventquestion:delete", args=[made.pk])).status_code == 302
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"choices": "Kun én"}, "choices"),
        ({"choices": "Samme\nsamme"}, "choices"),
        ({"kind": "text", "choices": "", "text": "Har du allergier eller særlige hensyn?"}, "text"),
        ({"kind": "text", "choices": "", "text": "Andet?", "help": "For eksempel fødevareallergi"}, "text"),
        ({"kind": "text", "choices": "", "text": "Har du et handicap, vi skal vide om?"}, "text"),
        ({"kind": "text", "choices": "", "text": "Er du blevet rask efter sygdommen?"}, "text"),
        ({"kind": "text", "choices": "", "text": "Any special needs?"}, "text"),
        ({"keep_days": "366"}, "keep_days"),
        ({"text": ""}, "text"),
    ],
)
def test_a_question_that_may_not_be_is_refused_at_its_field(editor: Client, values: dict[str, str], field: str) -> None:
    event = EventPageFactory.make(signup_here=True)
    response = editor.post(reverse("eventquestion:add"), question_form(event, **values))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Question.objects.exists()


@pytest.mark.parametrize("text", ["Hvad hedder dit projekt?", "Hvad vil du gerne have svar på?"])
def test_an_ordinary_text_is_asked(editor: Client, text: str) -> None:
    event = EventPageFactory.make(signup_here=True)
    assert editor.post(reverse("eventquestion:add"), question_form(event, kind="text", choices="", text=text))
    assert Question.objects.get().text == text


def test_a_meal_is_asked_for_with_a_list(editor: Client) -> None:
    event = EventPageFactory.make(signup_here=True)
    form = question_form(event, text="Kosthensyn", choices="Ingen\nVegetarisk\nGlutenfri")
    assert editor.post(reverse("eventquestion:add"), form).status_code == 302


def test_what_was_answered_keeps_its_words_and_its_promise(editor: Client) -> None:
    time = meeting()
    spec = QuestionSpec(text="Hvilken?", choices="A\nB", keep_days=30)
    made = question_save(actor=None, event=time.event, spec=spec)
    Answer.objects.create(question=made, participant=signed_up(time).participants.get(), value="A")
    edit = reverse("eventquestion:edit", args=[made.pk])
    for values in ({"text": "Hvad?"}, {"choices": "A\nB\nC"}, {"keep_days": "60"}):
        form = question_form(time.event, **{"text": "Hvilken?", "choices": "A\nB", **values})
        assert "text" in editor.post(edit, form).context["form"].errors
    with pytest.raises(AnsweredError):
        question_delete(actor=None, question=made)
    assert editor.post(reverse("eventquestion:delete", args=[made.pk]), follow=True).status_code == 200
    kept = question_form(time.event, text="Hvilken?", choices="A\nB", keep_days="7", retired="on", required="on")
    assert editor.post(edit, kept).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.keep_days, made.retired) == ("Hvilken?", 7, True)


def test_a_copied_page_asks_the_same_and_has_no_times_and_no_people(editor: Client) -> None:
    time = meeting()
    asked = question_save(actor=None, event=time.event, spec=QuestionSpec(text="Hvilken?", choices="A\nB"))
    question_save(actor=None, event=time.event, spec=QuestionSpec(text="Før?", choices="A\nB", retired=True))
    signed_up(time)
    values = {"new_title": "Igen", "new_slug": "igen", "new_parent_page": event_index().pk}
    assert editor.post(reverse("wagtailadmin_pages:copy", args=[time.event_id]), values).status_code == 302
    copy = EventPage.objects.get(slug="igen")
    assert [question_spec(row) for row in copy.questions.all()] == [question_spec(asked)]
    assert not copy.occurrences.exists()
    assert time.offering.sign_ups.count() == 1


def test_a_copied_time_takes_no_people_and_no_series_along(editor: Client) -> None:
    time = meeting(seats=OfferingSpec(capacity=3, policy="organiser"))
    editor.post(reverse("series_admin:make", args=[time.pk]), {**RULE, "make": "1"})
    signed_up(time)
    form = time_form(time.event, capacity="3", policy="organiser", place="Kopi")
    assert editor.post(reverse("occurrence:copy", args=[time.pk]), form).status_code == 302
    copy = Occurrence.objects.get(place="Kopi")
    assert (copy.series_id, copy.series_day, copy.offering.policy) == (None, None, "organiser")
    assert not copy.offering.sign_ups.exists()


def test_the_form_of_a_time_holds_everything_about_its_seats(editor: Client) -> None:
    time = meeting()
    values = {
        "policy": "municipality",
        "deadline": "2027-03-10 23:59",
        "seats_until": "2027-03-14 12:00",
        "offer_hours": "24",
        "smaller_may_pass": "on",
        "names_by": "2027-03-12 12:00",
        "asks_list": "on",
        "participants_link": "https://video.example/a",
        "remind_days": "",
        "keep_days": "90",
    }
    edit = reverse("occurrence:edit", args=[time.pk])
    response = editor.post(
        edit, time_form(time.event, starts_at="2027-03-15 15:30", ends_at="2027-03-15 17:30", **values)
    )
    assert response.status_code == 302, response.context["form"].errors
    time.refresh_from_db()
    seats = time.offering
    assert (seats.policy, seats.offer_hours, seats.smaller_may_pass) == ("municipality", 24, True)
    assert (seats.seats_until, seats.names_by) == (local(2027, 3, 14, 12), local(2027, 3, 12, 12))
    assert (time.asks_list, time.remind_days, time.keep_days) == (True, None, 90)
    again = editor.get(edit).content.decode()
    assert "2027-03-14 12:00" in again


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"seats_until": "2027-05-13 12:00"}, "seats_until"),
        ({"names_by": "2027-05-13 12:00"}, "names_by"),
        ({"opens_at": "2027-05-13 12:00"}, "opens_at"),
        ({"deadline": "2027-05-10 12:00", "seats_until": "2027-05-09 12:00"}, "seats_until"),
        ({"offer_hours": "0"}, "offer_hours"),
        ({"keep_days": "0"}, "keep_days"),
        ({"remind_days": "61"}, "remind_days"),
        ({"policy": "lottery"}, "policy"),
        ({"seats_until": "2027-03-28 02:30"}, "seats_until"),
    ],
)
def test_what_is_wrong_with_the_seats_is_said_at_its_field(editor: Client, values: dict[str, str], field: str) -> None:
    response = editor.post(reverse("occurrence:add"), time_form(EventPageFactory.make(), **values))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Occurrence.objects.exists()


def test_fewer_seats_than_people_are_allowed_and_said(editor: Client) -> None:
    time = meeting()
    for name in ("Maria", "Anna", "Ida"):
        signed_up(time, name)
    edit = reverse("occurrence:edit", args=[time.pk])
    form = time_form(time.event, capacity="1", starts_at="2027-03-15 15:30", ends_at="2027-03-15 17:30")
    after = editor.post(edit, form, follow=True).content.decode()
    assert "2 for mange" in after
    assert "2 for mange" in editor.get(edit).content.decode()
    assert time.offering.participants.filter(state="booked").count() == 3


def test_moving_the_meeting_moves_the_end_of_its_seats_and_not_a_chosen_one(editor: Client) -> None:
    time = meeting()
    assert time.offering.seats_until == time.starts_at
    edit = reverse("occurrence:edit", args=[time.pk])
    assert "2027-03-15 15:30" not in str(editor.get(edit).context["form"]["seats_until"].value() or "")
    form = time_form(time.event, starts_at="2027-03-16 10:00", ends_at="2027-03-16 12:00")
    editor.post(edit, form)
    time.refresh_from_db()
    assert time.offering.seats_until == local(2027, 3, 16, 10)


def test_a_time_with_people_is_not_deleted_and_the_reason_is_said(editor: Client) -> None:
    time = meeting()
    sign_up = signed_up(time)
    with pytest.raises(SignedUpError):
        occurrence_delete(actor=None, occurrence=time)
    page = editor.post(reverse("occurrence:delete", args=[time.pk]), follow=True).content.decode()
    assert "Aflys den i stedet" in page
    assert Occurrence.objects.filter(pk=time.pk).exists()
    assert sign_up.participants.get().state == "booked"


def test_who_gets_a_seat_by_a_change_reads_the_new_time_in_one_mail() -> None:
    time = meeting(seats=OfferingSpec(capacity=1))
    signed_up(time, "Maria")
    waiting = signed_up(time, "Anna")
    OutboxMessage.objects.all().delete()
    later: dict[str, Any] = {
        "starts_at": local(2027, 3, 15, 18),
        "ends_at": local(2027, 3, 15, 20),
        "seats": OfferingSpec(capacity=2),
    }
    occurrence_save(actor=None, occurrence=time, spec=replace(occurrence_spec(time), **later))
    assert waiting.participants.get().state == "booked"
    mails = [row.payload for row in OutboxMessage.objects.filter(topic="mail").order_by("pk")]
    promoted = [mail for mail in mails if "anna@k.example" in mail["to"] and mail.get("calendar")]
    assert len(promoted) == 1, "a seat, once, at the time that is so now"
    assert "18.00" in promoted[0]["text"]
    assert "15.30" not in promoted[0]["text"]
