"""The coordinators' screens of invitations: what they show, do and refuse."""

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.api import (
    Invitation,
    Membership,
    User,
    invitation_accept,
    invitation_send,
    invitation_withdraw,
    membership_end,
    membership_grant,
)
from portal.accounts.models import hashed
from portal.core import outbox
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.roles import Role
from tests.accounts.invited import token_in
from tests.factories.accounts import administrator, coordinator, employee, manager, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
LIST = "/min-kommune/odense/invitationer/"
NEW, WAITING = f"{LIST}ny/", f"{LIST}ventende/"
TODAY = timezone.localdate


def waiting(email: str, *, name: str = "", code: str = "0461", **values: Any) -> Membership:
    return membership_grant(
        actor=None, role=Role.EMPLOYEE, email=email, name=name, municipality=municipality(code), **values
    )


def invited(email: str, **values: Any) -> Invitation:
    return invitation_send(actor=None, membership=waiting(email, **values))


def older(invitation: Invitation, **values: Any) -> Invitation:
    Invitation.objects.filter(pk=invitation.pk).update(created_at=timezone.now() - dt.timedelta(hours=1), **values)
    return invitation


@pytest.fixture
def boss(client: Client) -> Client:
    """A coordinator of Odense with her second factor."""
    client.force_login(coordinator(municipality()))
    return client


def shown(client: Client, address: str = LIST) -> str:
    response = client.get(address)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def form(**values: str) -> dict[str, str]:
    day = TODAY().strftime("%d-%m-%Y")
    given = {"name": "Maria Holm", "email": "maria@kommune.example", "role": Role.MANAGER, "valid_from": day}
    return {**given, **values}


def test_an_empty_list_says_what_to_do(boss: Client) -> None:
    html = shown(boss)
    assert "Ingen er inviteret endnu" in html
    assert f'href="{NEW}"' in html


def test_one_form_gives_the_role_and_sends_the_link(boss: Client) -> None:
    jobcenter = unit("Jobcenter")
    response = boss.post(NEW, form(unit=str(jobcenter.uuid), email="Maria@Kommune.example"))
    assert response["Location"] == LIST
    membership = Membership.objects.get(email="maria@kommune.example")
    assert (membership.role, membership.unit, membership.user) == (Role.MANAGER, jobcenter, None)
    outbox.drain()
    assert [letter.to for letter in mail.outbox] == [["maria@kommune.example"]]
    assert "Kim Eksempel inviterer dig" in mail.outbox[0].body
    acts = set(AuditEntry.objects.filter(actor_label="Kim Eksempel").values_list("action", flat=True))
    assert {"membership.grant", "invitation.send"} <= acts
    html = shown(boss)
    assert "Invitationen til Maria Holm er på vej." in html
    assert "Jobcenter" in html


def test_sent_twice_there_is_one_role_and_one_mail(boss: Client) -> None:
    where = str(unit("Jobcenter").uuid)
    for _time in range(2):
        assert boss.post(NEW, form(unit=where)).status_code == 302
    assert Membership.objects.filter(email="maria@kommune.example").count() == 1
    assert Invitation.objects.count() == 1
    assert OutboxMessage.objects.filter(topic="mail").count() == 1


def test_nobody_can_tell_which_address_has_an_account_elsewhere(boss: Client) -> None:
    elsewhere = unit("Der", municipality=municipality(COPENHAGEN))
    employee(elsewhere, "kendt@kommune.example")
    where = str(unit("Jobcenter").uuid)
    pages = []
    for email in ("kendt@kommune.example", "ukendt@kommune.example"):
        assert boss.post(NEW, form(email=email, unit=where, name="X")).status_code == 302
        row = Invitation.objects.get(membership__email=email)
        html = shown(boss).replace(email, "adresse").replace(str(row.uuid), "uuid")
        pages.append(html[html.index("<tbody>") : html.index("</tr>", html.index("<tbody>"))])
        invitation_withdraw(actor=None, invitation=row)
    assert len({re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in pages}) == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"email": "ikke en adresse"}, "Indtast en gyldig e-mail"),
        ({"name": ""}, "form-error-message"),
        ({}, "Vælg den enhed"),
        ({"role": "administrator"}, "form-error-message"),
        ({"role": "editor"}, "form-error-message"),
        ({"valid_from": "i morgen"}, "Skriv datoen"),
        ({"valid_to": "01-01-2020", "role": "coordinator"}, "Den sidste dag"),
        ({"unit": "FOREIGN"}, "form-error-message"),
        ({"unit": str(uuid4())}, "form-error-message"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_half_done(boss: Client, values: dict[str, str], said: str) -> None:
    foreign = unit("Kanariefugl", municipality=municipality(COPENHAGEN))
    sent = form(**{**values, **({"unit": str(foreign.uuid)} if values.get("unit") == "FOREIGN" else {})})
    before = Membership.objects.count()
    html = boss.post(NEW, sent).content.decode()
    assert said in html
    assert "Kanariefugl" not in html
    assert sent["email"] in html, "what was typed is kept"
    assert Membership.objects.count() == before
    assert not Invitation.objects.exists()
    assert not OutboxMessage.objects.filter(topic="mail").exists()


def test_the_list_tells_how_each_stands_and_narrows(boss: Client) -> None:
    invited("aaben@k.example", name="Åben")
    older(invited("gammel@k.example", name="Udløb"), expires_at=timezone.now())
    invitation_withdraw(actor=None, invitation=invited("trukket@k.example", name="Trukket"))
    ended = invited("slut@k.example", name="Afsluttet")
    membership_end(actor=None, membership=ended.membership)
    outbox.drain()
    accepted = invited("ja@k.example", name="Ja Tak")
    outbox.drain()
    invitation_accept(user=user("ja@k.example"), token_hash=hashed(token_in(mail.outbox[-1].body)))
    accepted.refresh_from_db()
    addresses = {
        "aaben": "aaben@k.example",
        "udloebet": "gammel@k.example",
        "trukket-tilbage": "trukket@k.example",
        "slut": "slut@k.example",
        "accepteret": "ja@k.example",
    }
    whole = shown(boss)
    assert all(address in whole for address in addresses.values())
    for state, address in addresses.items():
        html = shown(boss, f"{LIST}?tilstand={state}")
        assert [found for found in addresses.values() if found in html] == [address]
    assert "ja@k.example" in shown(boss, f"{LIST}?tilstand=ukendt&side=99")


def test_a_mail_that_could_not_be_delivered_is_told(boss: Client) -> None:
    invited("fejl@k.example", name="Forkert")
    invited("rigtig@k.example", name="Rigtig")
    said = "Mailen kunne ikke leveres. Er adressen rigtig?"
    assert said not in shown(boss)
    OutboxMessage.objects.filter(payload__to="fejl@k.example").update(state=OutboxMessage.State.DEAD)
    html = shown(boss)
    assert html.count(said) == 1
    assert html.index("fejl@k.example") < html.index(said)


def test_an_empty_state_of_a_filter_leads_back(boss: Client) -> None:
    assert "Ingen invitationer er i denne tilstand" in shown(boss, f"{LIST}?tilstand=udloebet")


def test_a_new_link_takes_the_place_of_the_old_one(boss: Client) -> None:
    first = older(invited("a@k.example"))
    assert boss.post(f"{LIST}{first.uuid}/igen/")["Location"] == LIST
    assert boss.post(f"{LIST}{first.uuid}/igen/").status_code == 302
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert Invitation.objects.open().count() == 1
    assert OutboxMessage.objects.filter(topic="mail").count() == 1, "the old mail had not left, and does not"
    html = shown(boss)
    assert "Et nyt link er på vej" in html
    assert html.count('data-title="Sendt"') == 1, "a role is listed once, with its newest link"


def test_withdrawing_asks_first(boss: Client) -> None:
    invitation = invited("a@k.example", name="Maria Holm")
    address = f"{LIST}{invitation.uuid}/traek-tilbage/"
    assert "Linket, der blev sendt til Maria Holm (a@k.example)" in shown(boss, address)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    for _time in range(2):
        assert boss.post(address)["Location"] == LIST
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert AuditEntry.objects.filter(action="invitation.withdraw").count() == 1
    assert "Invitationen er trukket tilbage." in shown(boss)


def test_several_who_wait_are_invited_at_once_with_one_mail_each(boss: Client) -> None:
    first, second = waiting("a@k.example", name="Anna"), waiting("b@k.example", name="Bo")
    same = membership_grant(actor=None, role=Role.MANAGER, email="a@k.example", unit=unit("Jobcenter"))
    untouched = waiting("c@k.example", name="Carl")
    assert "4 medlemskaber venter" in shown(boss)
    assert "Anna" in shown(boss, WAITING)
    chosen = {"medlem": [str(row.uuid) for row in (first, second, same)]}
    for _time in range(2):
        assert boss.post(WAITING, chosen)["Location"] == LIST
    outbox.drain()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["a@k.example", "b@k.example"]
    left = shown(boss, WAITING)
    assert str(untouched.uuid) in left
    assert not any(str(row.uuid) in left for row in (first, second, same))


def test_choosing_nobody_is_an_error_and_nobody_waiting_an_empty_list(boss: Client) -> None:
    assert "Ingen venter på en invitation" in shown(boss, WAITING)
    waiting("a@k.example")
    response = boss.post(WAITING, {})
    assert response.status_code == 400
    assert "Vælg mindst én person." in response.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("chosen", ["x", "", "💥", "1 OR 1=1"])
def test_hostile_choices_find_nothing(boss: Client, chosen: str) -> None:
    assert boss.post(WAITING, {"medlem": [chosen]}).status_code == 404


def test_one_foreign_choice_sends_nothing_to_anybody(boss: Client) -> None:
    own, foreign = waiting("a@k.example"), waiting("b@k.example", code=COPENHAGEN)
    assert boss.post(WAITING, {"medlem": [str(own.uuid), str(foreign.uuid)]}).status_code == 404
    assert not Invitation.objects.exists()


def test_another_municipality_s_invitations_do_not_exist(boss: Client) -> None:
    foreign = invited("kanariefugl@k.example", name="Kanariefugl", code=COPENHAGEN)
    waiting("kanarie2@k.example", name="Kanariefugl", code=COPENHAGEN)
    for address in (LIST, WAITING, NEW):
        assert "anarie" not in shown(boss, address)
    before = Invitation.objects.values().get()
    for slug in ("odense", "koebenhavn"):
        for act in ("igen", "traek-tilbage"):
            address = f"/min-kommune/{slug}/invitationer/{foreign.uuid}/{act}/"
            assert boss.post(address).status_code == 404
        assert boss.get(f"/min-kommune/{slug}/invitationer/{foreign.uuid}/traek-tilbage/").status_code == 404
    assert Invitation.objects.values().get() == before


def test_others_find_none_of_it() -> None:
    invitation = invited("a@k.example")
    here = unit("Jobcenter")
    screens = [LIST, NEW, WAITING, f"{LIST}{invitation.uuid}/traek-tilbage/"]
    foreign = coordinator(municipality(COPENHAGEN), "anden@k.example")
    for who in (manager(here), employee(here), user("ingen@k.example"), foreign):
        client = Client()
        client.force_login(who)
        assert [client.get(screen).status_code for screen in screens] == [404] * 4
        assert client.post(NEW, form(unit=str(here.uuid))).status_code == 404
        assert client.post(f"{LIST}{invitation.uuid}/igen/").status_code == 404
    assert {Client().get(screen).status_code for screen in screens} == {302}
    client = Client()
    client.force_login(administrator())
    assert [client.get(screen).status_code for screen in screens] == [200] * 4
    assert Invitation.objects.count() == 1


def test_a_get_sends_nothing(boss: Client) -> None:
    invitation = older(invited("a@k.example"))
    assert boss.get(f"{LIST}{invitation.uuid}/igen/").status_code == 405
    assert Invitation.objects.count() == 1


def test_lists_ask_the_same_number_of_questions_whatever_their_size(boss: Client) -> None:
    def asked(address: str) -> int:
        shown(boss, address)
        with CaptureQueriesContext(connection) as caught:
            shown(boss, address)
        return len(caught)

    sizes: dict[str, list[int]] = {LIST: [], WAITING: []}
    for size in (3, 20):
        for number in range(size):
            invited(f"i{size}-{number}@k.example", unit=unit(f"I {size} {number}"))
            waiting(f"v{size}-{number}@k.example", unit=unit(f"V {size} {number}"))
        for address, counts in sizes.items():
            counts.append(asked(address))
    assert all(small == large for small, large in sizes.values()), sizes


def test_the_person_who_accepted_is_shown_by_what_the_coordinator_wrote(boss: Client) -> None:
    invited("ja@k.example", name="Ja Tak")
    outbox.drain()
    who: User = user("ja@k.example", first_name="Privat", last_name="Navn")
    invitation_accept(user=who, token_hash=hashed(token_in(mail.outbox[-1].body)))
    assert "Ja Tak" in shown(boss)
