"""A list takes any address, and tells nobody whether a stranger comes to a meeting."""

from typing import Any
from uuid import uuid4

import pytest

from portal.organisations.api import Unit
from portal.seats.api import Person, SignUp, sign_up_one
from tests.events.groups import Desk, Page, colleague, group, meeting, odense, text
from tests.factories.accounts import coordinator, manager
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
REFUSED = "Mindst én af de adresser"
VERA, NORA = "vera@privat.example", "nora@privat.example"


@pytest.fixture
def team() -> Unit:
    return unit("Borgerservice")


@pytest.fixture
def kim(team: Unit) -> Any:
    return coordinator(odense())


def signed_up(time: Any, person: Person, **values: Any) -> SignUp:
    return sign_up_one(actor=None, offering=time.offering, person=person, key=uuid4().hex, **values)


def verdicts(response: Any) -> list[str]:
    return [one.verdict.value for one in response.context["wish"].people]


@pytest.mark.parametrize("place", [None, COPENHAGEN])
def test_the_dry_run_says_the_same_of_a_stranger_who_comes_and_of_one_who_does_not(kim: Any, place: Any) -> None:
    time = meeting()
    signed_up(time, Person("Vera Vang", VERA), municipality=municipality(place) if place else None)
    there, away = (text(Desk(kim, time).check(name=["V"], email=[email])) for email in (VERA, NORA))
    assert "Kan tilmeldes" in there
    assert _plain(there.replace(VERA, "")) == _plain(away.replace(NORA, ""))


def _plain(page: str) -> list[str]:
    """Return the lines that are about the meeting: no tokens, which differ each time."""
    return [line for line in page.splitlines() if "csrf" not in line and "seen" not in line and "nonce" not in line]


def test_of_her_own_people_and_of_whom_her_municipality_has_signed_up_a_coordinator_is_told(
    kim: Any, team: Unit
) -> None:
    time, anne, bo = meeting(), colleague("Anne Holm", team), colleague("Bo Berg", team, waiting=True)
    signed_up(time, Person(user=anne.user))
    signed_up(time, Person("Bo Berg", bo.email))
    signed_up(time, Person("Vera Vang", VERA), municipality=odense())
    looked = Desk(kim, time).check(name=["A", "B", "V"], email=["anne@odense.example", bo.email, VERA])
    assert verdicts(looked) == ["known", "known", "known"]


def test_a_manager_is_told_nothing_of_the_units_beside_hers(team: Unit) -> None:
    time, beside = meeting(), colleague("Carla Dam", unit("Kultur"))
    signed_up(time, Person(user=beside.user), municipality=odense(), unit=beside.unit)
    looked = Desk(manager(team), time).check(name=["C"], email=["carla@odense.example"])
    assert verdicts(looked) == ["fine"]


def test_the_refusal_names_nobody_and_writes_nothing(kim: Any) -> None:
    time = meeting()
    signed_up(time, Person("Vera Vang", VERA))
    before = SignUp.objects.count()
    said = text(Desk(kim, time).sign_up(name=["Vera V", "Nora N"], email=[VERA, NORA]))
    assert REFUSED in said
    assert "har allerede en plads" not in said
    assert "Har en plads allerede" not in said
    assert SignUp.objects.count() == before


def test_after_a_few_refusals_strangers_are_not_tried_any_more(kim: Any, team: Unit) -> None:
    time, anne = meeting(), colleague("Anne Holm", team)
    signed_up(time, Person("Vera Vang", VERA))
    desk = Desk(kim, time)
    for _try in range(5):
        assert REFUSED in text(desk.sign_up(name=["V"], email=[VERA]))
    for email in (VERA, NORA):
        said = text(desk.sign_up(name=["V"], email=[email]))
        assert REFUSED not in said
        assert "Vent en time" in said
    assert not SignUp.objects.filter(actor=kim).exists()
    assert desk.sign_up(m=[anne.uuid]).status_code == 302, "Her own people she signs up all the same."


@pytest.mark.parametrize("step", ["substitute", "names"])
def test_neither_a_substitute_nor_a_late_name_tells_of_a_stranger(kim: Any, step: str) -> None:
    time = meeting()
    signed_up(time, Person("Vera Vang", VERA))
    page = Page(kim, group(kim, time.offering, "Anne Holm", unnamed=1))
    first, slot = (place.uuid for place in page.places)

    def said() -> str:
        if step == "names":
            return text(page.post("names", **{f"name-{slot}": "Vera V", f"email-{slot}": VERA}))
        return text(page.post("substitute", first, name="Vera V", email=VERA))

    for _try in range(5):
        refused = said()
        assert REFUSED in refused
        assert "har allerede en plads" not in refused
    assert "Vent en time" in said()
    assert [place.email for place in page.places] == ["anne@odense.example", None]
