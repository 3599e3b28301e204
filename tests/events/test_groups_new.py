"""A group is put together, looked through, and sent: nothing is written before, and only what was seen is written."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.core.models import AuditEntry
from portal.organisations.api import Unit
from portal.seats.api import OfferingSpec, Participant, Person, PlaceState, SignUp, sign_up_group, sign_up_one
from tests.events.groups import Desk, booked, colleague, meeting, odense, queries, states, text
from tests.factories.accounts import coordinator, manager
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Unit:
    return unit("Borgerservice")


@pytest.fixture
def desk(team: Unit) -> Desk:
    return Desk(coordinator(odense()), meeting())


def verdicts(response: Any) -> list[str]:
    return [one.verdict.value for one in response.context["wish"].people]


# --- Six people ------------------------------------------------------------------------------------------------------


def test_six_are_ticked_and_signed_up_in_one_act(desk: Desk, team: Unit) -> None:
    six = [colleague(f"{name} Holm", team) for name in ("Anne", "Bo", "Carla", "Ditte", "Erik", "Freja")]
    shown = text(desk.client.get(desk.url))
    assert all(f'value="{one.uuid}"' in shown for one in six)
    response = desk.sign_up(m=[one.uuid for one in six])
    made = desk.made()
    assert response.status_code == 302
    assert response["Location"] == reverse("groups:group", args=[made.uuid])
    assert states(made) == [PlaceState.BOOKED] * 6
    assert set(made.participants.values_list("user", flat=True)) == {one.user_id for one in six}
    assert (made.is_group, made.municipality, made.unit) == (True, odense(), None)
    assert made.actor is not None
    assert made.contact_email == "koordinator@kommune.example"
    assert "Alle 6 har fået plads." in text(desk.client.get(response["Location"]))


def test_of_six_names_one_is_there_twice_and_one_is_signed_up_already(desk: Desk, team: Unit) -> None:
    known = colleague("Anne Holm", team)
    sign_up_one(actor=known.user, offering=desk.occurrence.offering, person=Person(user=known.user), key="selv")
    lines = """Anne Holm; anne@odense.example
        Bo Berg; bo@odense.example
        Bo Berg Jensen; BO@odense.example
        Carla Dam; carla@odense.example
        Ditte Eng
        Erik Fisk"""
    looked = desk.check(paste=lines)
    assert verdicts(looked) == ["known", "fine", "twice", "fine", "fine", "fine"]
    assert SignUp.objects.count() == 1, "Looking through writes nothing."
    assert "Tilmeld 4 personer" in text(looked)
    desk.sign_up(paste=lines)
    made = SignUp.objects.exclude(key="selv").get()
    assert [place.name for place in made.participants.order_by("pk")] == [
        *("Bo Berg", "Carla Dam", "Ditte Eng", "Erik Fisk"),
    ]
    assert booked(desk.occurrence) == 5


def test_two_of_the_same_name_are_two_people_when_each_has_an_address(desk: Desk) -> None:
    same = desk.check(name=["Bo Berg", "Bo Berg"], email=["", ""])
    assert verdicts(same) == ["fine", "twice"]
    apart = desk.check(name=["Bo Berg", "Bo Berg"], email=["bo@x.example", "bo2@x.example"])
    assert verdicts(apart) == ["fine", "fine"]


def test_a_name_of_500_characters_is_kept_and_told_at_its_line(desk: Desk) -> None:
    long = "x" * 500
    response = desk.check(name=[long, "Bo Berg"], email=["", ""])
    assert verdicts(response) == ["problem", "fine"]
    assert f'value="{long}"' in text(response)
    assert "Navnet er for langt" in text(response)
    # Whoever goes on without it signs up the other one only.
    assert "Tilmeld 1 person" in text(response)


@pytest.mark.parametrize("email", ["bo@", "bo", "bo@odense@dk", "x" * 300 + "@odense.example"])
def test_an_address_that_is_none_is_told_at_its_field(desk: Desk, email: str) -> None:
    response = desk.check(name=["Bo Berg"], email=[email])
    assert verdicts(response) == ["problem"]
    assert response.context["wish"].people[0].field == "email"
    assert 'name="do" value="sign_up"' not in text(response)
    assert desk.send("sign_up", name=["Bo Berg"], email=[email], seen="").status_code == 200
    assert not SignUp.objects.exists()


def test_an_address_of_a_colleague_is_her_account(desk: Desk, team: Unit) -> None:
    anne = colleague("Anne Holm", team)
    desk.sign_up(name=[""], email=["ANNE@odense.example"])
    place = desk.made().participants.get()
    assert (place.user, place.name) == (anne.user, "Anne Holm")


def test_an_address_of_somebody_elsewhere_is_no_account(desk: Desk) -> None:
    away = colleague("Sofie Lund", unit("Kultur", municipality=municipality(COPENHAGEN)))
    address = away.user.email if away.user else ""
    assert verdicts(desk.check(name=[""], email=[address])) == ["problem"]
    desk.sign_up(name=["En Ven"], email=[address])
    place = desk.made().participants.get()
    assert (place.user, place.name) == (None, "En Ven")


# --- Lists that come in ----------------------------------------------------------------------------------------------


def test_a_file_is_read_and_travels_on_as_lines(desk: Desk) -> None:
    content = (
        '\ufeffNavn;E-mail;Telefon\r\nÅse Ørsted;aase@odense.example;12345678\r\n"Bo; den yngre";bo@odense.example;\r\n'
    )
    sent = SimpleUploadedFile("folk.csv", content.encode(), content_type="text/csv")
    response = desk.check(file=sent)
    assert [(one.name, one.email) for one in response.context["wish"].people] == [
        ("Åse Ørsted", "aase@odense.example"),
        ("Bo; den yngre", "bo@odense.example"),
    ]
    assert 'value="Åse Ørsted"' in text(response)
    assert not SignUp.objects.exists()


def test_a_file_in_windows_letters_is_read(desk: Desk) -> None:
    sent = SimpleUploadedFile("folk.csv", "Åse Ørsted;aase@odense.example".encode("cp1252"))
    assert desk.check(file=sent).context["wish"].people[0].name == "Åse Ørsted"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 rest of a workbook", "Excel"),
        (b"Anne\x00Holm", "NUL"),
        (b"a" * (256 * 1024 + 1), "256 kB"),
        (b"\n".join(b"Person %d" % n for n in range(101)), "100"),
    ],
    ids=["workbook", "binary", "large", "many"],
)
def test_a_file_that_cannot_be_used_says_why_and_keeps_what_was_written(desk: Desk, content: bytes, told: str) -> None:
    response = desk.check(file=SimpleUploadedFile("folk.csv", content), name=["Bo Berg"], email=[""])
    assert told in text(response)
    assert 'value="Bo Berg"' in text(response)
    assert "Der er problemer" in text(response)


def test_more_than_a_hundred_in_all_are_refused_with_what_was_written(desk: Desk) -> None:
    response = desk.check(name=["Bo Berg"], email=[""], unnamed="100")
    assert "højst 100" in text(response)
    assert not SignUp.objects.exists()


def test_an_empty_list_is_told(desk: Desk) -> None:
    assert "Vælg eller skriv mindst én person" in text(desk.check())


# --- Names later, and what happens when there are too few seats ------------------------------------------------------


def test_a_count_is_signed_up_with_names_later(desk: Desk) -> None:
    desk.sign_up(name=["Bo Berg"], email=[""], unnamed="5")
    made = desk.made()
    assert made.participants.count() == 6
    assert made.participants.unnamed().count() == 5


@pytest.mark.parametrize("written", ["-1", "101", "mange", "1.5"])
def test_a_count_that_is_none_is_told_at_its_field(desk: Desk, written: str) -> None:
    response = desk.check(unnamed=written)
    assert response.context["form"].errors["unnamed"]
    assert f'value="{written}"' in text(response)


def test_the_deadline_for_names_is_shown_and_afterwards_all_names_are_asked_for(team: Unit) -> None:
    by = timezone.now() + dt.timedelta(days=3)
    open_one = meeting(seats=OfferingSpec(capacity=9, names_by=by))
    kim = coordinator(odense())
    assert "senest" in text(Desk(kim, open_one).client.get(Desk(kim, open_one).url))
    closed = Desk(kim, meeting(seats=OfferingSpec(capacity=9, names_by=timezone.now() - dt.timedelta(hours=1))))
    shown = text(closed.client.get(closed.url))
    assert 'name="unnamed"' not in shown
    response = closed.sign_up(unnamed="2")
    assert "Fristen for navne er passeret" in text(response)
    assert not SignUp.objects.exists()


def _filled(desk: Desk, people: int) -> None:
    sign_up_group(
        actor=None, offering=desk.occurrence.offering, key="andre", unnamed=people, contact_email="a@b.example"
    )


def test_what_would_happen_is_said_before_and_happens_a_group_waits_together(desk: Desk) -> None:
    _filled(desk, 8)
    looked = text(desk.check(unnamed="3"))
    assert "Gruppen kommer på venteliste" in looked
    assert "Gruppen bliver ikke delt" in looked
    desk.sign_up(unnamed="3")
    assert states(SignUp.objects.get(actor__isnull=False)) == [PlaceState.WAITING] * 3


def test_what_would_happen_is_said_before_and_happens_a_split_group(desk: Desk) -> None:
    _filled(desk, 8)
    assert "2 får plads nu, og 1 kommer på venteliste." in text(desk.check(unnamed="3", may_split="on"))
    desk.sign_up(unnamed="3", may_split="on")
    made = SignUp.objects.get(actor__isnull=False)
    assert states(made) == [PlaceState.BOOKED, PlaceState.BOOKED, PlaceState.WAITING]
    assert made.may_split


def test_a_group_larger_than_the_whole_is_refused_in_words(desk: Desk) -> None:
    response = desk.sign_up(unnamed="11")
    assert "pladser i alt" in text(response)
    assert not SignUp.objects.exists()


# --- Sent twice, changed meanwhile, forged ---------------------------------------------------------------------------


def test_a_double_click_is_one_sign_up_with_one_receipt(desk: Desk) -> None:
    first = desk.sign_up(name=["Bo Berg"], email=["bo@odense.example"])
    seen = desk.send("check", name=["Carla Dam"], email=[""]).context["wish"].seen
    again = desk.send("sign_up", name=["Bo Berg"], email=["bo@odense.example"], seen="hvad som helst")
    assert again["Location"] == first["Location"]
    other = desk.send("sign_up", name=["Carla Dam"], email=[""], seen=seen)
    assert other.status_code == 200, "The key was used for another list."
    assert "allerede" in text(other)
    assert other.context["key"] != desk.key
    assert 'value="Carla Dam"' in text(other)
    assert SignUp.objects.count() == 1


def test_the_page_from_two_days_ago_still_leads_to_its_receipt(desk: Desk) -> None:
    first = desk.sign_up(name=["Bo Berg"], email=["bo@odense.example"])
    place = desk.made().participants.get()
    Participant.objects.filter(pk=place.pk).update(name="Bo Gift Berg")
    again = desk.send("sign_up", name=["Bo Berg"], email=["bo@odense.example"], seen="")
    assert again["Location"] == first["Location"]
    assert SignUp.objects.count() == 1


def test_a_key_of_somebody_else_opens_nothing(desk: Desk, team: Unit) -> None:
    desk.sign_up(name=["Bo Berg"], email=[""])
    other = Desk(manager(team), desk.occurrence)
    response = other.sign_up(name=["Bo Berg"], email=[""])
    assert response.status_code == 200
    assert other.key == desk.key
    assert response.context["key"] != desk.key
    assert SignUp.objects.count() == 1


def test_only_what_was_seen_is_signed_up(desk: Desk) -> None:
    seen = desk.check(name=["Bo Berg"], email=[""]).context["wish"].seen
    response = desk.send("sign_up", name=["Bo Berg", "Carla Dam"], email=["", ""], seen=seen)
    assert "Listen er ændret" in text(response)
    assert not SignUp.objects.exists()


def test_somebody_who_signs_up_herself_meanwhile_is_not_doubled(desk: Desk, team: Unit) -> None:
    anne = colleague("Anne Holm", team)
    seen = desk.check(m=[anne.uuid], unnamed="1").context["wish"].seen
    sign_up_one(actor=anne.user, offering=desk.occurrence.offering, person=Person(user=anne.user), key="selv")
    response = desk.send("sign_up", m=[anne.uuid], unnamed="1", seen=seen)
    assert verdicts(response) == ["known"]
    assert SignUp.objects.count() == 1


# --- Size ------------------------------------------------------------------------------------------------------------


def test_the_queries_do_not_grow_with_the_people(desk: Desk, team: Unit) -> None:
    def with_people(start: int, stop: int) -> None:
        for number in range(start, stop):
            colleague(f"Navn{number} Holm", team)

    with_people(0, 2)
    desk.client.get(desk.url)
    few = queries(lambda: desk.client.get(desk.url))
    with_people(2, 12)
    assert queries(lambda: desk.client.get(desk.url)) == few
    lines = {"paste": "Bo Berg; bo@x.example\nCarla Dam; carla@x.example"}
    short = queries(lambda: desk.check(**lines))
    lines = {"paste": "\n".join(f"Navn{n} Berg; n{n}@odense.example" for n in range(40))}
    assert queries(lambda: desk.check(**lines)) == short


def test_of_many_people_only_those_asked_for_are_shown_and_the_ticked_ones_stay(desk: Desk, team: Unit) -> None:
    people = [colleague(f"Navn{number:02} Holm", team) for number in range(70)]
    other = colleague("Zita Ohm", unit("Kultur"))
    first = desk.client.get(desk.url)
    assert len(first.context["chooser"].others) == 60
    assert "Skriv en del af navnet" in text(first)
    found = desk.send("find", m=[people[3].uuid], q="zita").context["chooser"]
    assert [one.name for one in found.others] == ["Zita Ohm"]
    assert [one.name for one in found.chosen] == ["Navn03 Holm"]
    by_unit = desk.send("find", enhed=str(other.unit.uuid) if other.unit else "").context["chooser"]
    assert [one.name for one in by_unit.others] == ["Zita Ohm"]


def test_names_of_persons_stand_in_no_audit_entry(desk: Desk) -> None:
    desk.sign_up(name=["Hemmelig Navnesen"], email=["hemmelig@odense.example"])
    said = " ".join(str(entry.after) + entry.object_label for entry in AuditEntry.objects.all())
    assert "emmelig" not in said
