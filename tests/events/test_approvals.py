"""Approving sign-ups on screens: whose answer it is, that it reaches the places, and that nobody else sees it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events.approvals.selectors import approvals_waiting
from events.models import EventPage
from portal.accounts.api import principal_of
from portal.core.roles import Role
from portal.seats.api import OfferingSpec, Person, SignUp, sign_up_group, sign_up_one, standing
from portal.workflows.api import Case
from tests.factories.accounts import administrator, editor, holder
from tests.factories.events import EventPageFactory, local, municipality, occurrence
from tests.factories.organisations import region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(local(2027, 5, 1, 12), tick=False)


def meeting(policy: str = "organiser", capacity: int = 1, **values: Any) -> Any:
    """Return a time in Odense that somebody must approve sign-ups for."""
    event = EventPageFactory.make(signup_here=True)
    seats = OfferingSpec(capacity=capacity, policy=policy)
    return occurrence(local(2027, 5, 12, 15, 30), event=event, seats=seats, **values)


def signed_up(time: Any, name: str = "Maria", code: str = "0461") -> SignUp:
    """Sign one person up, who then awaits an answer."""
    person = Person(name, f"{name.lower()}@kommune.example")
    return sign_up_one(
        actor=None, offering=time.offering, person=person, key=f"k-{name}", municipality=municipality(code)
    )


def case_url(sign_up: SignUp) -> str:
    """Return the address of the sign-up's open case."""
    return reverse("approvals:case", args=[Case.objects.open().about(sign_up).get().uuid])


def browser(user: Any) -> Client:
    """Return a signed-in browser."""
    client = Client()
    client.force_login(user)
    return client


def press(client: Client, url: str, transition: str, **values: Any) -> Any:
    """Press a button of the screen as it stands."""
    number = client.get(url).context["screen"].case.number
    return client.post(url, {"transition": transition, "number": number, **values})


def state(sign_up: SignUp) -> str:
    """Return where the one place stands."""
    return str(sign_up.participants.get().state)


def test_the_organiser_says_yes_and_the_seat_is_given() -> None:
    sign_up = signed_up(meeting())
    client = browser(holder(Role.ORGANISER, region=region("region-syddanmark")))
    listed = client.get(reverse("approvals:waiting")).content.decode()
    assert "Maria" in listed
    assert case_url(sign_up) in listed
    url = case_url(sign_up)
    assert press(client, url, "approve").status_code == 302
    assert state(sign_up) == "booked"
    page = client.get(url)
    assert page.context["screen"].case.ways == ()
    assert "Maria" not in client.get(reverse("approvals:waiting")).content.decode()


def test_a_second_click_is_the_first_one_and_a_stale_screen_is_told() -> None:
    sign_up = signed_up(meeting())
    first, second = browser(administrator()), browser(editor())
    url = case_url(sign_up)
    stale = {"transition": "approve", "number": 1}
    assert first.post(url, stale).status_code == 302
    assert first.post(url, stale).status_code == 302
    response = second.post(url, stale)
    assert response.status_code == 409
    assert "Godkendt" in response.content.decode()
    assert state(sign_up) == "booked"


def test_a_no_needs_words_and_is_asked_about_once_more() -> None:
    sign_up = signed_up(meeting())
    client, url = browser(administrator()), case_url(sign_up)
    wordless = press(client, url, "decline")
    assert wordless.status_code == 400
    assert wordless.context["problem_field"] == "comment"
    asked = press(client, url, "decline", comment="Mødet er for nye medarbejdere.")
    assert asked.status_code == 200
    assert "Mødet er for nye medarbejdere." in asked.content.decode()
    assert state(sign_up) == "pending"
    done = press(client, url, "decline", comment="Mødet er for nye medarbejdere.", confirmed="1")
    assert done.status_code == 302
    assert state(sign_up) == "refused"


def test_a_coordinator_answers_for_her_own_people_and_sees_no_others() -> None:
    time = meeting("municipality", capacity=5)
    ours, theirs = signed_up(time, "Maria"), signed_up(time, "Fremmed", "0615")
    foreign = case_url(theirs)
    client = browser(holder(Role.COORDINATOR, municipality=municipality("0461")))
    listed = client.get(reverse("approvals:waiting")).content.decode()
    assert "Maria" in listed
    assert "Fremmed" not in listed
    assert client.get(foreign).status_code == 404
    assert client.post(foreign, {"transition": "approve", "number": 1}).status_code == 404
    assert state(theirs) == "pending"
    press(client, case_url(ours), "approve")
    assert state(ours) == "booked"


def test_an_organiser_of_another_region_and_a_coordinator_do_not_see_the_organisers_cases() -> None:
    url = case_url(signed_up(meeting()))
    for user in (
        holder(Role.ORGANISER, region=region("region-nordjylland")),
        holder(Role.COORDINATOR, municipality=municipality("0461")),
        holder(Role.EMPLOYEE, municipality=municipality("0461")),
    ):
        client = browser(user)
        assert client.get(url).status_code == 404
        assert client.post(url, {"transition": "approve", "number": 1}).status_code == 404
        assert approvals_waiting(principal_of(user, strong=True)) == ()


def test_the_organiser_is_not_asked_where_the_municipality_is() -> None:
    sign_up = signed_up(meeting("municipality"))
    client = browser(holder(Role.ORGANISER, region=region("region-syddanmark")))
    assert client.get(case_url(sign_up)).status_code == 404


def test_a_yes_that_comes_too_late_is_said_and_a_no_is_still_possible(time_machine: Any) -> None:
    sign_up = signed_up(meeting())
    time_machine.move_to(local(2027, 5, 12, 15, 30), tick=False)
    client, url = browser(administrator()), case_url(sign_up)
    assert client.get(url).context["screen"].too_late
    refused = press(client, url, "approve")
    assert refused.status_code == 400
    assert state(sign_up) == "pending"
    assert press(client, url, "decline", comment="For sent.", confirmed="1").status_code == 302


def test_a_group_is_shown_with_its_open_slots() -> None:
    time = meeting(capacity=5)
    sign_up = sign_up_group(
        actor=None,
        offering=time.offering,
        key="gruppe",
        people=[Person("Maria")],
        unnamed=2,
        contact_email="koordinator@kommune.example",
        municipality=municipality(),
    )
    [row] = approvals_waiting(principal_of(administrator(), strong=True))
    assert (row.size, row.names, row.unnamed, row.on_behalf_of) == (3, ("Maria",), 2, "Odense")
    press(browser(administrator("to@hk.example")), case_url(sign_up), "approve")
    assert standing(time.offering).taken == 3


def test_one_meeting_can_be_asked_for() -> None:
    here, there = meeting(), meeting()
    signed_up(here, "Maria"), signed_up(there, "Anna")
    asker = principal_of(administrator(), strong=True)
    assert len(approvals_waiting(asker)) == 2
    assert [row.names for row in approvals_waiting(asker, occurrence=there)] == [("Anna",)]


def test_many_are_read_as_often_as_few(django_assert_max_num_queries: Any) -> None:
    time, client = meeting(capacity=50), browser(administrator())

    def count() -> int:
        with django_assert_max_num_queries(40) as captured:
            assert client.get(reverse("approvals:waiting")).status_code == 200
        return len(captured)

    signed_up(time, "A")
    client.get(reverse("approvals:waiting"))
    few = count()
    for number in range(8):
        signed_up(time, f"B{number}")
    assert count() == few


def test_my_page_and_the_dashboard_remind_of_it() -> None:
    sign_up = signed_up(meeting())
    client = browser(administrator())
    for address in (reverse("my_page:front"), reverse("wagtailadmin_home")):
        assert case_url(sign_up) in client.get(address).content.decode()
    assert EventPage.objects.count() == 1
