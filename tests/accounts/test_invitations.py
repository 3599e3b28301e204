"""Invitations as acts: one link that works, kept nowhere but in the mail, and what it brings."""

import datetime as dt
import hashlib
import re
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.utils import timezone

from portal.accounts.api import (
    DeadLinkError,
    Invitation,
    Membership,
    invitation_accept,
    invitation_resend,
    invitation_send,
    invitation_withdraw,
    membership_end,
    membership_grant,
)
from portal.accounts.models import hashed
from portal.core import outbox
from portal.core.errors import RefusedError
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.roles import Role
from tests.accounts.invited import link_in, token_in
from tests.factories.accounts import coordinator, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
ADDRESS = "maria@kommune.example"


def waiting(email: str = ADDRESS, **values: Any) -> Membership:
    where = values.pop("unit", None) or unit(f"Enhed {Membership.objects.count()}")
    return membership_grant(actor=None, role=Role.MANAGER, email=email, unit=where, name="Maria Holm", **values)


def sent() -> tuple[Invitation, str]:
    """Return an invitation and its token, as the mail has it."""
    invitation = invitation_send(actor=None, membership=waiting())
    outbox.drain()
    return invitation, token_in(mail.outbox[-1].body)


def older(invitation: Invitation, **ago: int) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(created_at=timezone.now() - dt.timedelta(**ago))


def test_the_mail_says_who_what_how_long_and_what_to_do_otherwise() -> None:
    boss = coordinator(municipality())
    membership = waiting(unit=unit("Jobcenter"))
    invitation = invitation_send(actor=boss, membership=membership)
    message = OutboxMessage.objects.get(topic="mail")
    outbox.drain()
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert letter.extra_headers["Message-ID"] == message.message_id
    assert letter.alternatives == []
    for said in (
        "Hej Maria Holm",
        "Kim Eksempel inviterer dig til Kompetenceportalen som leder (Jobcenter, Odense).",
        "virker én gang",
        timezone.localtime(invitation.expires_at).strftime("%Y"),
        "Så skal du ikke gøre noget.",
    ):
        assert said in letter.body
    assert link_in(letter.body).startswith("http://testserver/invitation/")
    assert invitation.expires_at - invitation.created_at == dt.timedelta(days=14)


def test_a_token_has_256_random_bits_and_only_its_hash_is_stored() -> None:
    tokens = set()
    for number in range(20):
        invitation_send(actor=None, membership=waiting(f"n{number}@kommune.example"))
    outbox.drain()
    for letter in mail.outbox:
        tokens.add(token_in(letter.body))
    assert len(tokens) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)
    stored = set(Invitation.objects.values_list("token_hash", flat=True))
    assert stored == {hashlib.sha256(token.encode()).hexdigest() for token in tokens}


def test_no_table_holds_the_token_once_the_mail_has_left() -> None:
    _invitation, token = sent()
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
            if any(token in str(value) for row in cursor.fetchall() for value in row):
                found.append(model._meta.label)
    assert found == []


def test_the_search_for_the_token_finds_it_while_the_mail_waits() -> None:
    """The control of the test above."""
    invitation_send(actor=None, membership=waiting())
    token = token_in(OutboxMessage.objects.get(topic="mail").payload["text"])
    assert hashed(token) == Invitation.objects.get().token_hash
    assert not any(token in f"{entry.before}{entry.after}{entry.object_label}" for entry in AuditEntry.objects.all())


def test_asked_twice_there_is_one_invitation_and_one_mail() -> None:
    membership = waiting()
    assert invitation_send(actor=None, membership=membership) == invitation_send(actor=None, membership=membership)
    outbox.drain()
    assert len(mail.outbox) == 1


def test_a_new_link_closes_the_old_one() -> None:
    first, old = sent()
    older(first, minutes=5)
    second = invitation_resend(actor=None, invitation=first)
    outbox.drain()
    new = token_in(mail.outbox[-1].body)
    assert second != first
    with pytest.raises(DeadLinkError):
        invitation_accept(user=user(ADDRESS), token_hash=hashed(old))
    assert invitation_accept(user=user("anden@kommune.example"), token_hash=hashed(new)).user is not None


def test_two_clicks_on_a_new_link_send_one_mail() -> None:
    first, _token = sent()
    older(first, minutes=5)
    assert invitation_resend(actor=None, invitation=first) == invitation_resend(actor=None, invitation=first)
    outbox.drain()
    assert len(mail.outbox) == 2


def test_a_withdrawn_invitation_s_mail_does_not_leave_and_its_link_is_dead() -> None:
    invitation = invitation_send(actor=None, membership=waiting())
    token = token_in(OutboxMessage.objects.get(topic="mail").payload["text"])
    invitation_withdraw(actor=None, invitation=invitation)
    invitation_withdraw(actor=None, invitation=invitation)
    outbox.drain()
    assert mail.outbox == []
    with pytest.raises(DeadLinkError):
        invitation_accept(user=user(ADDRESS), token_hash=hashed(token))
    assert AuditEntry.objects.filter(action="invitation.withdraw").count() == 1
    again = invitation_send(actor=None, membership=invitation.membership)
    assert again != invitation, "the role goes on waiting, and a new link can be sent"


def test_what_has_been_accepted_cannot_be_withdrawn_or_sent_again() -> None:
    invitation, token = sent()
    invitation_accept(user=user(ADDRESS), token_hash=hashed(token))
    with pytest.raises(RefusedError):
        invitation_withdraw(actor=None, invitation=invitation)
    with pytest.raises(RefusedError):
        invitation_resend(actor=None, invitation=invitation)


def test_it_works_for_fourteen_days() -> None:
    invitation, token = sent()
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    with pytest.raises(DeadLinkError):
        invitation_accept(user=user(ADDRESS), token_hash=hashed(token))
    renewed = invitation_send(actor=None, membership=invitation.membership)
    assert renewed != invitation
    assert renewed.expires_at > timezone.now() + dt.timedelta(days=13)


def test_it_works_once() -> None:
    _invitation, token = sent()
    kim = user(ADDRESS)
    invitation_accept(user=kim, token_hash=hashed(token))
    for who in (kim, user("anden@kommune.example")):
        with pytest.raises(DeadLinkError):
            invitation_accept(user=who, token_hash=hashed(token))
    assert AuditEntry.objects.filter(action="invitation.accept").count() == 1
    with pytest.raises(DeadLinkError):
        invitation_accept(user=kim, token_hash=hashed("noget-andet"))


def test_an_ended_membership_takes_its_link_along() -> None:
    invitation, token = sent()
    membership_end(actor=None, membership=invitation.membership)
    with pytest.raises(DeadLinkError):
        invitation_accept(user=user(ADDRESS), token_hash=hashed(token))
    with pytest.raises(RefusedError):
        invitation_send(actor=None, membership=invitation.membership)


def test_the_invited_address_gets_all_that_waits_for_it() -> None:
    elsewhere = waiting(unit=unit("Der", municipality=municipality(COPENHAGEN)))
    _invitation, token = sent()
    kim = user("Maria@Kommune.example".lower())
    invitation_accept(user=kim, token_hash=hashed(token))
    elsewhere.refresh_from_db()
    assert elsewhere.user == kim


def test_another_address_gets_the_one_role_and_nothing_else() -> None:
    elsewhere = waiting(unit=unit("Der", municipality=municipality(COPENHAGEN)))
    invitation, token = sent()
    kim = user("privat@anden.example")
    invitation_accept(user=kim, token_hash=hashed(token))
    elsewhere.refresh_from_db()
    invitation.membership.refresh_from_db()
    assert invitation.membership.user == kim
    assert elsewhere.user is None


def test_what_somebody_has_claimed_nobody_else_takes() -> None:
    invitation, token = sent()
    owner = user(ADDRESS)
    Membership.objects.filter(pk=invitation.membership_id).update(user=owner)
    with pytest.raises(DeadLinkError):
        invitation_accept(user=user("anden@kommune.example"), token_hash=hashed(token))
    assert invitation_accept(user=owner, token_hash=hashed(token)).user == owner


def test_a_name_cannot_write_a_mail_of_its_own() -> None:
    membership = waiting()
    Membership.objects.filter(pk=membership.pk).update(name="Maria\n\nKlik her: <b>nu</b>")
    invitation_send(actor=None, membership=membership)
    text = OutboxMessage.objects.get(topic="mail").payload["text"]
    assert text.splitlines()[0] == "Hej Maria Klik her: <b>nu</b>"
