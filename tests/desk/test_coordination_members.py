"""The people of a municipality in the coordinator's hands: found, added, changed, moved and ended; never anybody else's."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.api import Membership, PersonLookup, User, membership_grant
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.organisations.api import Municipality, Unit
from tests.factories.accounts import administrator, coordinator, employee, holder, manager, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
LIST = "/min-kommune/odense/medlemmer/"
ADD = f"{LIST}ny/"
MOVE = f"{LIST}flyt/"
DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return timezone.localdate()


def said(day: dt.date) -> str:
    return day.strftime("%d-%m-%Y")


@pytest.fixture
def kim(client: Client) -> User:
    made = coordinator(municipality())
    client.force_login(made)
    return made


def member(
    name: str = "Åse Ærlig", *, where: Unit | None = None, role: str = Role.EMPLOYEE, **values: Any
) -> Membership:
    """Return a membership that waits."""
    home: Municipality = where.municipality if where is not None else municipality()
    email = values.pop("email", f"{name.lower().split()[0].replace('å', 'aa')}@kommune.example")
    place: dict[str, Any] = {"municipality": home, **({"unit": where} if where is not None else {})}
    return membership_grant(actor=None, role=role, email=email, name=name, **place, **values)


def form(**values: Any) -> dict[str, Any]:
    given = {"name": "Ny Person", "email": "ny@kommune.example", "role": "employee", "unit": "", "person_code": ""}
    return {**given, "valid_from": said(today()), "valid_to": "", **values}


def html_of(response: Any) -> str:
    return str(response.content.decode())


class TestList:
    """Who is found."""

    def test_nobody_of_another_municipality_is_ever_named(self, client: Client, kim: User) -> None:
        member("Canary Fremmed", where=unit("Fugleburet", municipality=municipality(COPENHAGEN)))
        member("Hjemme Hansen")
        for query in ({}, {"q": "canary"}, {"tilstand": "venter"}, {"rolle": "employee"}, {"q": "Fremmed"}):
            html = html_of(client.get(LIST, query))
            assert "Canary" not in html
            assert "Fugleburet" not in html
        assert "Hjemme Hansen" in html_of(client.get(LIST))

    @pytest.mark.parametrize("text", ["åse", "Ærlig", "ase@kommune", "K-17", "Åse Ærlig", "ærlig åse"])
    def test_found_by_name_address_and_number(self, client: Client, kim: User, text: str) -> None:
        member(email="ase@kommune.example", person_code="K-17")
        member("Bo Bundgaard")
        html = html_of(client.get(LIST, {"q": text}))
        assert "Åse Ærlig" in html
        assert "Bo Bundgaard" not in html

    def test_narrowed_to_a_unit_with_those_below(self, client: Client, kim: User) -> None:
        top = unit("Top")
        member("Oppe Olsen", where=top)
        member("Nede Nielsen", where=unit("Blad", parent=top))
        member("Ude Ulriksen", where=unit("Anden"))
        html = html_of(client.get(LIST, {"enhed": str(top.uuid)}))
        assert "Oppe Olsen" in html
        assert "Nede Nielsen" in html
        assert "Ude Ulriksen" not in html
        assert "Kim Eksempel" in html_of(client.get(LIST, {"enhed": "ingen"}))

    def test_narrowed_by_state(self, client: Client, kim: User) -> None:
        member("Venter Vibe")
        over = member("Slut Sørensen", valid_from=today() - 9 * DAY, valid_to=today() - DAY)
        shown = {state: html_of(client.get(LIST, {"tilstand": state})) for state in ("aktiv", "venter", "slut", "")}
        assert ["Venter Vibe" in shown[state] for state in shown] == [False, True, False, True]
        assert ["Slut Sørensen" in shown[state] for state in shown] == [False, False, True, False]
        assert ["Kim Eksempel</a>" in shown[state] for state in shown] == [True, False, False, True]
        assert over.user is None

    def test_any_text_gets_an_answer_and_an_empty_list_says_why(self, client: Client, kim: User) -> None:
        for text in ('"', "%", "💥", "x" * 500, "' OR 1=1 --", "\x00"):
            assert client.get(LIST, {"q": text}).status_code == 200
        assert "Ingen passer" in html_of(client.get(LIST, {"q": "findes ikke"}))
        assert client.get(LIST, {"enhed": "x", "rolle": "konge", "side": "x"}).status_code == 200

    def test_as_many_queries_for_sixty_as_for_two(self, client: Client, kim: User) -> None:
        where = unit()

        def queries() -> int:
            with CaptureQueriesContext(connection) as caught:
                assert client.get(LIST).status_code == 200
            return len(caught)

        employee(where)
        few = queries()
        for number in range(58):
            employee(unit(f"E{number}"), f"a{number}@kommune.example")
        assert queries() == few


class TestAdd:
    """A further person."""

    def test_whether_an_account_exists_elsewhere_is_not_told(self, client: Client, kim: User) -> None:
        user("findes@andetsteds.example", first_name="Canary", last_name="Kendt")
        answers = []
        for email in ("findes@andetsteds.example", "ukendt@andetsteds.example"):
            response = client.post(ADD, form(email=email), follow=True)
            html = html_of(response).replace(email, "EMAIL")
            row = Membership.objects.get(email=email)
            assert row.user is None
            assert "Canary" not in html
            answers.append(html.replace(str(row.uuid), "UUID"))
        assert strip_token(answers[0]) == strip_token(answers[1])

    def test_who_is_a_member_here_gets_the_role_at_once(self, client: Client, kim: User) -> None:
        where = unit()
        person = employee(where)
        client.post(ADD, form(email=person.email.upper(), role="manager", unit=str(where.uuid)))
        assert Membership.objects.get(role=Role.MANAGER).user == person

    def test_sent_twice_it_is_one_row(self, client: Client, kim: User) -> None:
        client.post(ADD, form())
        response = client.post(ADD, form(), follow=True)
        assert "har allerede rollen" in html_of(response)
        assert Membership.objects.filter(email="ny@kommune.example").count() == 1
        assert AuditEntry.objects.filter(action="membership.grant", actor=kim).count() == 1

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"role": "manager"}, "Vælg den enhed"),
            ({"role": "coordinator", "unit": "OWN"}, "hører til hele kommunen"),
            ({"role": "administrator"}, "er ikke en af"),
            ({"email": "ikke en adresse"}, "e-mail"),
            ({"valid_from": "i morgen"}, "Skriv datoen"),
            ({"valid_to": "01-01-2001"}, "ligger før den første"),
            ({"unit": "FOREIGN"}, "er ikke en af"),
            ({"name": "a\x00b"}, "tegn"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, client: Client, kim: User, values: dict[str, str], words: str
    ) -> None:
        places = {"OWN": unit(), "FOREIGN": unit("Fremmed", municipality=municipality(COPENHAGEN))}
        sent = {name: str(places[value].uuid) if value in places else value for name, value in values.items()}
        before = Membership.objects.count()
        response = client.post(ADD, form(person_code="K-99", **sent))
        assert response.status_code == 200
        html = html_of(response)
        assert words in html
        assert "K-99" in html
        assert "Der er problemer" in html
        assert Membership.objects.count() == before


def strip_token(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "csrfmiddlewaretoken" not in line)


class TestChange:
    """A change is an end and a beginning."""

    def test_the_past_stays_readable(self, client: Client, kim: User) -> None:
        old, new = unit("Gammel"), unit("Ny")
        row = member(where=old, valid_from=today() - 9 * DAY)
        sent = {"role": "manager", "unit": str(new.uuid), "on": said(today())}
        response = client.post(f"{LIST}{row.uuid}/aendr/", sent, follow=True)
        row.refresh_from_db()
        assert row.valid_to == today() - DAY
        now = Membership.objects.not_over().get(unit=new)
        assert (now.role, now.name, now.valid_from) == (Role.MANAGER, "Åse Ærlig", today())
        assert "Gammel" in html_of(response)

    @pytest.mark.parametrize(
        ("values", "words"), [({"on": "01-01-2001"}, "tidligst i dag"), ({}, "Vælg en anden rolle")]
    )
    def test_what_cannot_be_is_refused(self, client: Client, kim: User, values: dict[str, str], words: str) -> None:
        row = member()
        sent = {"role": "employee", "unit": "", "on": said(today()), **values}
        assert words in html_of(client.post(f"{LIST}{row.uuid}/aendr/", sent))
        assert Membership.objects.filter(email=row.email).count() == 1

    def test_several_are_moved_once_and_a_coordinator_stays(self, client: Client, kim: User) -> None:
        goal = unit("Mål")
        rows = [member(f"Person{number}", where=unit(f"E{number}"), valid_from=today() - DAY) for number in range(3)]
        own = Membership.objects.get(user=kim)
        chosen = [str(row.uuid) for row in [*rows, own]]
        asked = html_of(client.get(MOVE, {"m": chosen}))
        assert "Person2" in asked
        assert Membership.objects.filter(unit=goal).count() == 0, "a question moves nobody"
        for _ in range(2):
            client.post(MOVE, {"m": chosen, "unit": str(goal.uuid), "on": said(today())})
        assert Membership.objects.filter(unit=goal).count() == 3
        assert Membership.objects.filter(role=Role.COORDINATOR).count() == 1


class TestEnd:
    """Ask, then end."""

    def test_now_or_with_a_day(self, client: Client, kim: User) -> None:
        one, other = member("En"), member("To")
        client.get(f"{LIST}{one.uuid}/afslut/")
        one.refresh_from_db()
        assert one.revoked_at is None
        for _ in range(2):
            client.post(f"{LIST}{one.uuid}/afslut/", {"when": "now", "last_day": ""})
        client.post(f"{LIST}{other.uuid}/afslut/", {"when": "day", "last_day": said(today() + DAY)})
        one.refresh_from_db()
        other.refresh_from_db()
        assert one.revoked_at is not None
        assert other.valid_to == today() + DAY
        assert AuditEntry.objects.filter(action="membership.end", actor=kim).count() == 2

    def test_a_day_is_asked_for(self, client: Client, kim: User) -> None:
        row = member()
        html = html_of(client.post(f"{LIST}{row.uuid}/afslut/", {"when": "day", "last_day": ""}))
        assert "Skriv den sidste dag" in html

    def test_somebody_must_look_after_the_municipality(self, client: Client, kim: User) -> None:
        own = Membership.objects.get(user=kim)
        address = f"{LIST}{own.uuid}/afslut/"
        assert "navngiv en anden koordinator" in html_of(client.post(address, {"when": "now"}))
        sent = {"role": "employee", "unit": "", "on": said(today())}
        assert "navngiv en anden koordinator" in html_of(client.post(f"{LIST}{own.uuid}/aendr/", sent))
        own.refresh_from_db()
        assert own.revoked_at is None
        coordinator(municipality(COPENHAGEN), "anden@kommune.example")
        assert "navngiv en anden koordinator" in html_of(client.post(address, {"when": "now"}))
        coordinator(municipality(), "tredje@kommune.example")
        assert client.post(address, {"when": "now"}).headers["Location"] == "/"
        assert client.get(LIST).status_code == 404


class TestGates:
    """Foreign and missing look the same, and nothing is changed."""

    PAGES = ("", "aendr/", "afslut/")

    def test_anothers_member_does_not_exist(self, client: Client, kim: User) -> None:
        foreign = member("Canary", where=unit("Fremmed", municipality=municipality(COPENHAGEN)))
        for uuid in (foreign.uuid, uuid4()):
            for page in self.PAGES:
                assert client.get(f"{LIST}{uuid}/{page}").status_code == 404
            sent = {"when": "now", "role": "manager", "unit": str(unit(f"E{uuid}"[:30]).uuid), "on": said(today())}
            for page in self.PAGES[1:]:
                assert client.post(f"{LIST}{uuid}/{page}", sent).status_code == 404
            assert client.post(MOVE, {"m": [str(uuid)], **sent}).status_code == 404
            assert client.get(f"{ADD}?person={uuid}").status_code == 404
        assert client.get(MOVE, {"m": "x"}).status_code == 404
        assert client.get(ADD, {"person": "x"}).status_code == 404
        foreign.refresh_from_db()
        assert (foreign.revoked_at, foreign.valid_to) == (None, None)
        assert Membership.objects.filter(email=foreign.email).count() == 1

    def test_the_portals_own_roles_are_seen_and_not_changed(self, client: Client, kim: User) -> None:
        holder(Role.FACILITATOR, municipality=municipality())
        row = Membership.objects.get(role=Role.FACILITATOR)
        assert client.get(f"{LIST}{row.uuid}/").status_code == 200
        assert client.post(f"{LIST}{row.uuid}/afslut/", {"when": "now"}).status_code == 404
        row.refresh_from_db()
        assert row.revoked_at is None

    def test_only_coordinators_of_the_municipality_and_administrators(self, client: Client) -> None:
        row = member()
        where = unit()
        people = {
            404: [
                coordinator(municipality(COPENHAGEN), "der@kommune.example"),
                manager(where),
                employee(where),
                holder(Role.FACILITATOR, municipality=municipality()),
            ],
            200: [administrator()],
        }
        for status, users in people.items():
            for asker in users:
                client.force_login(asker)
                for address in (LIST, ADD, MOVE, *(f"{LIST}{row.uuid}/{page}" for page in self.PAGES)):
                    assert client.get(address).status_code == status, (asker, address)
        client.logout()
        for address in (LIST, ADD, MOVE, f"{LIST}{row.uuid}/"):
            assert client.get(address).status_code == 302

    def test_a_persons_page_says_nothing_from_elsewhere_and_is_written_down(self, client: Client, kim: User) -> None:
        person = employee(unit("Her"))
        canary = unit("Canary", municipality=municipality(COPENHAGEN))
        membership_grant(actor=None, role=Role.MANAGER, user=person, unit=canary)
        row = Membership.objects.get(user=person, role=Role.EMPLOYEE)
        for _ in range(2):
            html = html_of(client.get(f"{LIST}{row.uuid}/"))
        assert "Her" in html
        assert "Canary" not in html
        look = PersonLookup.objects.get(person=person)
        assert (look.viewer, look.role) == (kim, Role.COORDINATOR)
