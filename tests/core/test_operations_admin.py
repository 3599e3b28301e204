"""The administrators' screens: outgoing messages and the audit trail, read only but for sending again."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.core import audit, outbox
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.models.outbox import OutboxState
from tests.factories.accounts import administrator, editor, user

pytestmark = pytest.mark.django_db
HOSTILE = ['"', "\x00", "💥", "x" * 10_000, "ord " * 500, "' OR 1=1 --", "%"]


def message(state: str = OutboxState.DEAD, subject: str = "Din plads", **payload: Any) -> OutboxMessage:
    with transaction.atomic():
        made = outbox.enqueue("mail", {"to": "a@b.example", "subject": subject, "text": "Hej", **payload})
    attempts = outbox.MAX_ATTEMPTS if state == OutboxState.DEAD else 1
    OutboxMessage.objects.filter(pk=made.pk).update(state=state, attempts=attempts, last_error="SMTPError: nej")
    made.refresh_from_db()
    return made


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(administrator())
    return client


def test_an_administrator_sends_a_dead_message_again(admin_client: Client) -> None:
    dead = message()
    again = reverse("outbox:again", args=[dead.pk])
    inspect = admin_client.get(reverse("outbox:inspect", args=[dead.pk])).content.decode()
    assert again in inspect
    assert "Din plads" in inspect
    question = admin_client.get(again).content.decode()
    assert "Portalen opgav efter 10 forsøg." in question
    assert "SMTPError: nej" in question
    dead.refresh_from_db()
    assert dead.state == OutboxState.DEAD
    assert not AuditEntry.objects.filter(action="outbox.send_again").exists()
    assert admin_client.post(again).status_code == 302
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == (OutboxState.WAITING, 0)
    entry = AuditEntry.objects.get(action="outbox.send_again")
    assert entry.object_key == str(dead.uuid)
    assert entry.before["last_error"] == "SMTPError: nej"
    assert entry.actor_label == "Kim Eksempel"


def test_what_has_not_given_up_is_left_alone_also_on_a_double_click(admin_client: Client) -> None:
    waiting = message(OutboxState.WAITING)
    admin_client.post(reverse("outbox:again", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.attempts == 1
    dead = message()
    for _ in range(2):
        admin_client.post(reverse("outbox:again", args=[dead.pk]))
    assert AuditEntry.objects.filter(action="outbox.send_again").count() == 1
    assert "outbox/again" not in admin_client.get(reverse("outbox:inspect", args=[waiting.pk])).content.decode()


def test_messages_are_filtered_by_state_and_kind(admin_client: Client) -> None:
    dead, done = message(), message(OutboxState.DONE)
    html = admin_client.get(reverse("outbox:index"), {"state": "dead", "topic": "mail"}).content.decode()
    assert str(dead.uuid) in html
    assert str(done.uuid) not in html


@pytest.mark.parametrize("screen", ["outbox", "audit"])
@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_in_search_box_and_filters_gets_an_answer(admin_client: Client, screen: str, text: str) -> None:
    audit.record(actor=None, action="x", obj=message())
    query = {"q": text, "state": text, "topic": text, "action": text, "at_from": text}
    assert admin_client.get(reverse(f"{screen}:index"), query).status_code == 200


def test_nobody_changes_these_rows_by_hand_not_even_a_superuser(client: Client) -> None:
    dead = message()
    entry = audit.record(actor=None, action="profile.published", obj=dead, before={"a": 1}, after={"a": 2})
    client.force_login(user(is_superuser=True))
    for screen, row in (("outbox", dead), ("audit", entry)):
        for name, args in (("add", []), ("edit", [row.pk]), ("delete", [row.pk])):
            assert client.post(reverse(f"{screen}:{name}", args=args), {"action": "x"}).status_code in {302, 403}
        html = client.get(reverse(f"{screen}:index")).content.decode()
        assert reverse(f"{screen}:add") not in html
    entry.refresh_from_db()
    assert entry.action == "profile.published"
    assert OutboxMessage.objects.filter(pk=dead.pk).exists()


def test_the_trail_shows_what_changed_and_escapes_it(admin_client: Client) -> None:
    entry = audit.record(
        actor=None, action="settings", obj=message(), before={"x": "<script>alert(1)</script>"}, after={"x": "æøå"}
    )
    html = admin_client.get(reverse("audit:inspect", args=[entry.pk])).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html
    assert "æøå" in html


def test_editors_get_neither_menu_nor_screens(client: Client) -> None:
    dead = message()
    client.force_login(editor())
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("outbox:index") not in menu
    for name in ("outbox:index", "audit:index"):
        assert client.get(reverse(name)).status_code in {302, 403}
    assert client.get(reverse("outbox:inspect", args=[dead.pk])).status_code in {302, 403}
    for method in (client.get, client.post):
        assert method(reverse("outbox:again", args=[dead.pk])).status_code == 404
    dead.refresh_from_db()
    assert dead.state == OutboxState.DEAD


def test_an_unknown_message_is_not_found(admin_client: Client) -> None:
    assert admin_client.get(reverse("outbox:again", args=[999_999])).status_code == 404
