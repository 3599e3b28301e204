"""One link, clicked by eight at once: one acceptance. Without the lock, the others get past the door and stumble behind."""

from typing import Any

import pytest
from django.db import transaction

from portal.accounts.api import (
    DeadLinkError,
    Invitation,
    Membership,
    User,
    invitation_accept,
    invitation_resend,
    invitation_send,
    membership_grant,
)
from portal.accounts.models import hashed
from portal.accounts.services.invitations import invitation_accept_as_new
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.roles import Role
from tests.accounts.invited import token_in
from tests.factories.accounts import PASSWORD, user
from tests.factories.organisations import municipality
from tests.support.race import meeting_at, together, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.race]
THREADS = 8


def waiting() -> Membership:
    return membership_grant(actor=None, role=Role.EMPLOYEE, email="maria@kommune.example", municipality=municipality())


def token_hash() -> str:
    with transaction.atomic():
        invitation_send(actor=None, membership=waiting())
    return hashed(token_in(OutboxMessage.objects.get(topic="mail").payload["text"]))


def accept_at_once() -> list[Any]:
    secret = token_hash()
    people = [user(f"n{number}@anden.example") for number in range(THREADS)]
    with meeting_at("invitation.before_accept", THREADS):
        return together(lambda number: invitation_accept(user=people[number], token_hash=secret), threads=THREADS)


def accepted() -> int:
    return AuditEntry.objects.filter(action="invitation.accept").count()


def test_eight_people_with_one_link_are_one_acceptance() -> None:
    outcomes = accept_at_once()
    assert sum(isinstance(outcome, Membership) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, DeadLinkError) for outcome in outcomes) == THREADS - 1
    assert accepted() == 1
    assert Membership.objects.filter(user__isnull=False).count() == 1


def test_negative_control_without_the_lock_the_others_get_past_the_door() -> None:
    with without_locks():
        outcomes = accept_at_once()
    assert sum(isinstance(outcome, DeadLinkError) for outcome in outcomes) < THREADS - 1


def test_a_guest_who_clicks_eight_times_gets_one_account() -> None:
    secret = token_hash()

    def click(number: int) -> User:
        return invitation_accept_as_new(token_hash=secret, password=PASSWORD, first_name="Maria", last_name=str(number))

    outcomes = together(click, threads=THREADS)
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert all(isinstance(outcome, User | DeadLinkError) for outcome in outcomes)
    assert (User.objects.count(), accepted()) == (1, 1)


def test_two_coordinators_who_invite_or_send_again_at_once_leave_one_link() -> None:
    membership = waiting()
    together(lambda number: invitation_send(actor=None, membership=membership), threads=THREADS)
    invitation = Invitation.objects.get()
    together(lambda number: invitation_resend(actor=None, invitation=invitation), threads=THREADS)
    assert Invitation.objects.open().count() == 1
    assert OutboxMessage.objects.filter(topic="mail").count() == 1
