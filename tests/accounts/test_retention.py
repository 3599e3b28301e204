"""What is kept is kept for its time: to the day, and not a day longer."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.accounts.api import (
    Invitation,
    Membership,
    PersonLookup,
    Source,
    lookup_record,
    membership_grant,
    principal_of,
)
from portal.accounts.models import hashed
from portal.accounts.retention import forget_invitations, forget_memberships, forget_what_is_old, months_before
from portal.core import outbox, periodic
from portal.core.admin import resend
from portal.core.local_time import start_of_day
from portal.core.mail import queue_mail
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.models.outbox import OutboxState
from portal.core.roles import Role
from portal.organisations.api import MunicipalitySettings
from tests.factories.accounts import employee, manager, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 11, 22), 24, dt.date(2024, 11, 22)),
        (dt.date(2026, 1, 31), 1, dt.date(2025, 12, 31)),
        (dt.date(2026, 3, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2028, 2, 29), 12, dt.date(2027, 2, 28)),
        (dt.date(2028, 3, 31), 1, dt.date(2028, 2, 29)),
    ],
)
def test_months_back_end_in_the_month(day: dt.date, months: int, expected: dt.date) -> None:
    assert months_before(day, months) == expected


def ended(on: dt.date, *, revoked: bool = False, code: str = "0461") -> Membership:
    row = membership_grant(
        actor=None,
        role=Role.EMPLOYEE,
        email=f"{on}-{revoked}-{code}@kommune.example",
        name="Kim Eksempel",
        municipality=municipality(code),
        valid_from=dt.date(2010, 1, 1),
        valid_to=None if revoked else on,
    )
    if revoked:
        # The last minute of the day as calendars here show it.
        Membership.objects.filter(pk=row.pk).update(revoked_at=start_of_day(on + DAY) - dt.timedelta(minutes=1))
    return row


@pytest.mark.parametrize("revoked", [False, True])
def test_a_membership_goes_the_day_after_its_months(revoked: bool) -> None:
    edge = months_before(TODAY, 24)
    stays, goes = ended(edge, revoked=revoked), ended(edge - DAY, revoked=revoked)
    forget_memberships(TODAY)
    assert set(Membership.objects.all()) == {stays}
    entry = AuditEntry.objects.get(object_key=str(goes.uuid))
    assert entry.object_label == "slettet bruger", "what happened stays, to whom goes"
    assert AuditEntry.objects.get(object_key=str(stays.uuid)).object_label != "slettet bruger"


def test_a_municipality_decides_for_its_own_and_for_nobody_else() -> None:
    MunicipalitySettings.objects.update_or_create(municipality=municipality(), defaults={"retention_months": 1})
    edge = months_before(TODAY, 1)
    here, here_old, there = ended(edge), ended(edge - DAY), ended(edge - DAY, code=COPENHAGEN)
    forget_memberships(TODAY)
    assert set(Membership.objects.all()) == {here, there}
    assert here_old not in Membership.objects.all()


def test_what_is_in_force_or_belongs_to_no_municipality_is_not_forgotten_early() -> None:
    kim = employee(unit("Borgerservice"))
    portal = membership_grant(actor=None, role=Role.ADMINISTRATOR, user=user(), valid_from=dt.date(2001, 1, 1))
    old = membership_grant(
        actor=None,
        role=Role.ADMINISTRATOR,
        user=user("gammel@portal.example"),
        valid_from=dt.date(2001, 1, 1),
        valid_to=dt.date(2002, 1, 1),
    )
    assert forget_memberships(TODAY) == 1
    assert not Membership.objects.filter(pk=old.pk).exists()
    assert Membership.objects.filter(pk=portal.pk).exists() and Membership.objects.filter(user=kim).exists()


def invitation(expires: dt.date, **values: dt.datetime) -> Invitation:
    waiting = membership_grant(
        actor=None,
        role=Role.EMPLOYEE,
        email=f"{expires}{len(values)}@kommune.example",
        municipality=municipality(),
        source=Source.INVITATION,
    )
    return Invitation.objects.create(
        membership=waiting,
        token_hash=hashed(str(expires) + str(len(values))),
        created_at=start_of_day(expires) - 14 * DAY,
        expires_at=start_of_day(expires),
        **values,
    )


def test_an_invitation_goes_three_months_after_it_ran_out_and_takes_the_unanswered_role_along() -> None:
    edge = months_before(TODAY, 3)
    stays, goes = invitation(edge), invitation(edge - DAY)
    forget_invitations(TODAY)
    assert set(Invitation.objects.all()) == {stays}
    assert set(Membership.objects.all()) == {stays.membership}
    assert AuditEntry.objects.get(object_key=str(goes.membership.uuid)).object_label == "slettet bruger"


def test_a_role_that_was_taken_up_outlives_its_invitation() -> None:
    taken = invitation(months_before(TODAY, 4), accepted_at=start_of_day(months_before(TODAY, 5)))
    Membership.objects.filter(pk=taken.membership_id).update(user=user())
    forget_invitations(TODAY)
    assert not Invitation.objects.exists()
    assert Membership.objects.filter(pk=taken.membership_id).exists()


def test_a_role_with_a_newer_invitation_waits_on() -> None:
    old = invitation(months_before(TODAY, 4), withdrawn_at=start_of_day(months_before(TODAY, 4)))
    newer = Invitation.objects.create(
        membership=old.membership, token_hash=hashed("ny"), expires_at=start_of_day(TODAY + 14 * DAY)
    )
    forget_invitations(TODAY)
    assert set(Invitation.objects.all()) == {newer}


def test_looks_go_after_two_years_and_the_day_counts_here() -> None:
    team = unit("Borgerservice")
    kim, leader = employee(team), manager(team)
    look = lookup_record(viewer=leader, principal=principal_of(leader), person=kim, what="Roller")
    edge = start_of_day(months_before(timezone.localdate(), 24))
    PersonLookup.objects.filter(pk=look.pk).update(at=edge)
    forget_what_is_old()
    assert PersonLookup.objects.exists()
    PersonLookup.objects.filter(pk=look.pk).update(at=edge - dt.timedelta(seconds=1))
    forget_what_is_old()
    assert not PersonLookup.objects.exists()


def test_a_receipt_that_cannot_be_delivered_does_not_keep_the_address() -> None:
    queue_mail(to="kim@hk.example", subject="Kvittering", text="…", forget=True)
    queue_mail(to="kim@hk.example", subject="Andet", text="…")
    forget_what_is_old()
    assert OutboxMessage.objects.count() == 2
    OutboxMessage.objects.update(created_at=timezone.now() - 3 * DAY)
    forget_what_is_old()
    assert [message.payload["subject"] for message in OutboxMessage.objects.all()] == ["Andet"]


def test_a_delivered_receipt_knows_nobody() -> None:
    queue_mail(to="kim@hk.example", subject="Kvittering", text="Farvel", forget=True)
    outbox.drain()
    assert OutboxMessage.objects.get().payload == {"to": "", "subject": "", "text": "", "html": "", "attachments": []}


def test_a_secret_mail_that_gave_up_keeps_its_link_no_longer_than_the_link_works() -> None:
    for subject, secret in (("Din adgang", True), ("Andet", False), ("Venter", True)):
        queue_mail(to="kim@hk.example", subject=subject, text="https://portal.example/doer/kanariefugl/", secret=secret)
    given_up = OutboxMessage.objects.exclude(payload__subject="Venter")
    given_up.update(state=OutboxState.DEAD)
    OutboxMessage.objects.update(created_at=timezone.now() - 13 * DAY)
    forget_what_is_old()
    assert [bool(message.payload["text"]) for message in OutboxMessage.objects.order_by("pk")] == [True, True, True]
    OutboxMessage.objects.update(created_at=timezone.now() - 15 * DAY)
    forget_what_is_old()
    kept = [
        (m.payload["subject"], m.payload["to"], bool(m.payload["text"])) for m in OutboxMessage.objects.order_by("pk")
    ]
    assert kept == [
        ("Din adgang", "kim@hk.example", False),
        ("Andet", "kim@hk.example", True),
        ("Venter", "kim@hk.example", True),
    ]


def test_a_mail_without_its_text_is_not_sent_again() -> None:
    message = queue_mail(to="kim@hk.example", subject="Din adgang", text="x", secret=True)
    OutboxMessage.objects.update(state=OutboxState.DEAD, created_at=timezone.now() - 15 * DAY)
    forget_what_is_old()
    assert not resend(message=message, actor=None)
    assert OutboxMessage.objects.get().state == OutboxState.DEAD
    assert not AuditEntry.objects.filter(action="outbox.send_again").exists()


def test_the_worker_does_it_daily() -> None:
    job = next(job for job in periodic.jobs() if job.name == "forget_what_is_old")
    assert (job.interval, job.run) == (dt.timedelta(days=1), forget_what_is_old)
