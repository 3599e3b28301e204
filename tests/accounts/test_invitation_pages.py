"""The link and the page behind it: GET changes nothing, strangers learn nothing, and only the button does anything."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.accounts.api import Invitation, Membership, User, invitation_send, invitation_withdraw, membership_grant
from portal.core import outbox
from portal.core.roles import Role
from tests.accounts.imports import applied, people
from tests.accounts.invited import path_in, token_in
from tests.factories.accounts import PASSWORD, coordinator, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
ADDRESS, PAGE, WELCOME = "maria@kommune.example", "/invitation/", "/invitation/velkommen/"
CHOSEN = {"first_name": "Maria", "last_name": "Holm", "password": PASSWORD}


def invited(role: Role = Role.MANAGER, email: str = ADDRESS) -> tuple[Invitation, str]:
    """Return an invitation, and the path of its link."""
    place: dict[str, Any] = {"unit": unit("Jobcenter")} if role == Role.MANAGER else {"municipality": municipality()}
    membership = membership_grant(actor=None, role=role, email=email, name="Maria Holm", **place)
    invitation = invitation_send(actor=None, membership=membership)
    outbox.drain()
    return invitation, path_in(mail.outbox[-1].body)


def opened(link: str, who: User | None = None) -> Client:
    """Return a visitor who has opened the link."""
    client = Client()
    if who is not None:
        client.force_login(who)
    assert client.get(link).status_code == 302
    return client


def text(client: Client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


def test_the_link_leaves_its_token_behind_and_tells_nobody() -> None:
    _invitation, link = invited()
    client = Client()
    response = client.get(link)
    assert response["Location"] == PAGE
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    page = client.get(PAGE)
    assert "no-store" in page["Cache-Control"]
    token = token_in(f"http://testserver{link}")
    assert token not in page.content.decode()
    assert not any(token in str(session.get_decoded()) for session in Session.objects.all())


def test_opening_it_changes_nothing_however_often() -> None:
    invitation, link = invited()
    before = Invitation.objects.values().get(), Membership.objects.values().get(), User.objects.count()
    for _time in range(3):
        html = text(opened(link))
        assert "inviterer dig til Kompetenceportalen som leder (Jobcenter, Odense)" in html
        assert 'name="password"' in html
    client = Client()
    assert client.head(link).status_code == 302
    assert (Invitation.objects.values().get(), Membership.objects.values().get(), User.objects.count()) == before
    assert invitation.accepted_at is None


def test_a_guest_opens_an_account_with_the_button_and_is_signed_in() -> None:
    _invitation, link = invited()
    client = opened(link)
    response = client.post(PAGE, CHOSEN)
    assert response["Location"] == WELCOME
    made = User.objects.get(email=ADDRESS)
    assert (made.get_full_name(), made.check_password(PASSWORD)) == ("Maria Holm", True)
    assert Membership.objects.get(role=Role.MANAGER).user == made
    html = text(client, WELCOME)
    assert "Du er nu leder (Jobcenter, Odense)." in html
    assert client.session["_auth_user_id"] == str(made.pk)
    # Used once, it is like any other link that does not work.
    assert Client().get(link).status_code == 404


def test_the_rules_of_the_password_stand_there_and_hold() -> None:
    _invitation, link = invited()
    client = opened(link)
    assert "mindst 12 tegn" in text(client)
    for bad in ("kort", "mariaholm1234"[:8], "12345678901234", "maria@kommune.example"):
        response = client.post(PAGE, {**CHOSEN, "password": bad})
        assert response.status_code == 400
        html = response.content.decode()
        assert 'value="Maria"' in html, "what was typed is kept"
        assert f'value="{bad}"' not in html, "but for the password"
    assert not User.objects.exists()
    missing = client.post(PAGE, {"password": PASSWORD}).content.decode()
    assert missing.count("form-error-message") == 2


def test_the_address_cannot_be_changed_by_the_guest() -> None:
    _invitation, link = invited()
    opened(link).post(PAGE, {**CHOSEN, "email": "anden@kommune.example", "role": "administrator", "is_superuser": "1"})
    made = User.objects.get()
    assert (made.email, made.is_superuser, made.is_staff) == (ADDRESS, False, False)


def test_a_coordinator_is_led_to_her_second_factor_and_has_no_right_before_it() -> None:
    _invitation, link = invited(Role.COORDINATOR)
    client = opened(link)
    client.post(PAGE, CHOSEN)
    html = text(client, WELCOME)
    assert "Der er ét trin tilbage" in html
    assert f'href="{WELCOME}to-trin/"' in html
    assert client.get(f"{WELCOME}to-trin/")["Location"] == "/konto/sikkerhed/"
    assert client.get("/min-kommune/odense/invitationer/").status_code == 302


def test_whoever_has_an_account_signs_in_first() -> None:
    _invitation, link = invited()
    owner = user(ADDRESS)
    client = opened(link)
    html = text(client)
    assert "Log ind for at sige ja" in html
    assert "/konto/log-ind/?next=%2Finvitation%2F" in html
    assert 'name="password"' not in html
    # Somebody who posts the form all the same opens no second account and does not get into the first.
    client.post(PAGE, {**CHOSEN, "password": "en-helt-anden-adgangskode"})
    assert User.objects.get() == owner
    assert owner.check_password(PASSWORD)
    assert "_auth_user_id" not in client.session
    client.force_login(owner)
    assert "Sig ja" in text(client)
    assert client.post(PAGE, {"act": "accept"})["Location"] == WELCOME
    assert Membership.objects.get(role=Role.MANAGER).user == owner


def test_whoever_is_signed_in_as_somebody_else_is_asked_which_account() -> None:
    _invitation, link = invited()
    other = user("privat@anden.example")
    client = opened(link, other)
    html = text(client)
    assert "Hvilken konto skal det være?" in html
    assert client.post(PAGE, {"act": "noget"}).status_code == 400
    assert Membership.objects.get().user is None
    switched = client.post(PAGE, {"act": "switch"})
    assert switched["Location"] == PAGE
    assert "_auth_user_id" not in client.session
    assert 'name="password"' in text(client), "the link is not lost on the way out"
    assert opened(link, other).post(PAGE, {"act": "accept"})["Location"] == WELCOME
    assert Membership.objects.get(role=Role.MANAGER).user == other


def dead_links() -> dict[str, str]:
    expired, expired_link = invited(email="a@kommune.example")
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    withdrawn, withdrawn_link = invited(Role.COORDINATOR, "b@kommune.example")
    invitation_withdraw(actor=None, invitation=withdrawn)
    _used, used_link = invited(Role.EMPLOYEE, "c@kommune.example")
    opened(used_link).post(PAGE, CHOSEN)
    return {
        "expired": expired_link,
        "withdrawn": withdrawn_link,
        "used": used_link,
        "unknown": f"{PAGE}{'x' * 43}/",
        "odd": f"{PAGE}%F0%9F%92%A5%22%3E/",
    }


def test_every_link_that_does_not_work_looks_the_same() -> None:
    pages = set()
    for link in dead_links().values():
        response = Client().get(link)
        assert response.status_code == 404
        assert response["Referrer-Policy"] == "same-origin"
        # The other language's link names the page's own address, and nothing else differs.
        pages.add(response.content.decode().replace(link, PAGE))
    without_a_link = Client().get(PAGE)
    assert without_a_link.status_code == 404
    pages.add(without_a_link.content.decode())
    (page,) = pages
    assert "Linket virker ikke mere" in page
    assert "kommune.example" not in page


def test_a_link_that_dies_while_the_page_is_open_is_refused_with_the_same_page() -> None:
    invitation, link = invited()
    client = opened(link)
    invitation_withdraw(actor=None, invitation=invitation)
    assert client.post(PAGE, CHOSEN).status_code == 404
    assert not User.objects.exists()


def test_sent_twice_there_is_one_account() -> None:
    _invitation, link = invited()
    first, second = opened(link), opened(link)
    assert first.post(PAGE, CHOSEN).status_code == 302
    assert second.post(PAGE, CHOSEN).status_code == 404
    assert User.objects.count() == 1


def test_nothing_happens_without_the_forms_own_token() -> None:
    _invitation, link = invited()
    client = Client(enforce_csrf_checks=True)
    client.get(link)
    assert client.post(PAGE, CHOSEN).status_code == 403
    assert not User.objects.exists()


@time_machine.travel("2026-11-23T10:00:00Z", tick=False)  # the tries are counted by the minute
def test_guessing_is_slowed_down_and_does_not_lock_out_who_holds_a_link() -> None:
    _invitation, link = invited()
    guesser = Client()
    answers = [guesser.get(f"{PAGE}gaet-{number}/").status_code for number in range(62)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert guesser.get(link).status_code == 302


def test_the_inviter_s_address_is_told_to_nobody() -> None:
    boss = coordinator(municipality())
    membership = membership_grant(
        actor=boss, role=Role.MANAGER, email=ADDRESS, name="Maria Holm", unit=unit("Jobcenter")
    )
    invitation_send(actor=boss, membership=membership)
    outbox.drain()
    html = text(opened(path_in(mail.outbox[-1].body)))
    assert "Kim Eksempel inviterer dig" in html
    assert boss.email not in html + mail.outbox[-1].body


def test_the_way_on_without_an_acceptance_shows_nothing() -> None:
    assert Client().get(WELCOME).status_code == 302
    assert Client().get(f"{WELCOME}to-trin/").status_code == 302
    client = Client()
    client.force_login(user())
    assert client.get(WELCOME).status_code == 302


def test_a_link_sent_to_one_mailbox_opens_no_account_in_another_s_name() -> None:
    """A coordinator with two mailboxes and a list may not take what another municipality gives to an address."""
    there = membership_grant(actor=None, role=Role.COORDINATOR, email=ADDRESS, municipality=municipality(COPENHAGEN))
    boss = coordinator(municipality())
    applied(people("77;Ny;anden@kommune.example;;medarbejder;;"), actor=boss)
    invitation_send(actor=boss, membership=Membership.objects.get(person_code="77"))
    outbox.drain()
    link = path_in(mail.outbox[-1].body)
    client = opened(link)
    applied(people(f"77;Ny;{ADDRESS};;medarbejder;;"), actor=boss)
    assert ADDRESS not in text(client)
    client.post(PAGE, CHOSEN)
    later = Client()
    later.get(link)
    assert ADDRESS not in text(later)
    later.post(PAGE, CHOSEN)
    there.refresh_from_db()
    assert there.user is None
    assert not User.objects.filter(email=ADDRESS).exists()
