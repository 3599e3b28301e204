"""What "My data" and "Delete my data" count as hers: what she has shown to be hers, and nothing that others have written."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.db import transaction

from portal.accounts.api import Membership, User, account_create, membership_grant, person_erase
from portal.accounts.imports.runs import import_apply
from portal.accounts.models import ImportState
from portal.accounts.services import letters
from portal.accounts.services.accounts import email_change
from portal.core import outbox, personal_data
from portal.core.errors import RefusedError
from portal.core.mail import queue_mail
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.roles import Role
from tests.accounts.imports import applied, held, people, worked
from tests.factories.accounts import PASSWORD, coordinator, holder, user
from tests.factories.organisations import COPENHAGEN, municipality

pytestmark = pytest.mark.django_db

VICTIM = "victim@kbh.example"


def told(person: User, *keys: str) -> str:
    """Return what some tables of her export say."""
    sheets = [sheet for _entry, some in personal_data.export(person) for sheet in some]
    return str([[str(value) for value in row] for sheet in sheets if sheet.key in keys for row in sheet.rows])


@pytest.fixture
def waiting() -> Membership:
    """Another person's role, which waits for her, and a mail to her."""
    with transaction.atomic():
        queue_mail(to=VICTIM, subject="Hemmeligt emne", text="x")
    return membership_grant(actor=None, role=Role.COORDINATOR, email=VICTIM, municipality=municipality(COPENHAGEN))


def is_untouched(person: User, waiting: Membership) -> None:
    """Show her data and erase her; the other's role and mail are neither shown nor gone."""
    shown = told(person, "roles", "mails", "invitations", "acts_about_you")
    assert "Hemmeligt emne" not in shown and "København" not in shown
    person_erase(person=person)
    assert not User.objects.filter(pk=person.pk).exists()
    assert Membership.objects.filter(pk=waiting.pk, email=VICTIM).exists()
    assert OutboxMessage.objects.filter(payload__to=VICTIM, payload__subject="Hemmeligt emne").exists()


def test_an_imported_line_with_her_number_makes_nobodys_address_hers(waiting: Membership) -> None:
    boss = coordinator(municipality())
    Membership.objects.filter(user=boss).update(person_code="1")
    applied(people(f"1;Boss;{VICTIM};;medarbejder;;"), actor=boss)
    assert set(boss.memberships.values_list("email", "role")) == {
        ("koordinator@kommune.example", "coordinator"),
        ("koordinator@kommune.example", "employee"),
    }
    is_untouched(boss, waiting)


def test_an_address_on_her_row_is_not_hers(waiting: Membership) -> None:
    kim = holder(Role.EMPLOYEE, "kim@hk.example", municipality=municipality())
    Membership.objects.filter(user=kim).update(email=VICTIM)
    is_untouched(kim, waiting)


def test_an_address_that_she_has_not_confirmed_is_not_hers(waiting: Membership) -> None:
    kim = user("kim@hk.example")
    EmailAddress.objects.create(user=kim, email=VICTIM, verified=False)
    is_untouched(kim, waiting)


@pytest.mark.parametrize("told_as", [{"uid": VICTIM}, {"uid": "oid-4711", "extra_data": {"email": VICTIM}}])
def test_an_address_that_a_provider_names_is_not_hers(waiting: Membership, told_as: dict[str, Any]) -> None:
    kim = user(VICTIM)
    SocialAccount.objects.create(user=kim, provider="openid", **{"extra_data": {}, **told_as})
    EmailAddress.objects.create(user=kim, email=VICTIM, verified=False)
    is_untouched(kim, waiting)


def test_what_waits_for_an_address_that_she_has_shown_to_be_hers_is_hers() -> None:
    kim = account_create(actor=None, email="kim@hk.example", password=PASSWORD)
    place = municipality(COPENHAGEN)
    waits = membership_grant(actor=None, role=Role.EMPLOYEE, email="kim@hk.example", municipality=place)
    assert "København" in told(kim, "roles")
    person_erase(person=kim)
    assert not Membership.objects.filter(pk=waits.pk).exists()


def test_only_her_own_lines_leave_a_plan_and_somebody_looks_at_it_again() -> None:
    bo = account_create(actor=None, email="bo@kl.example", password=PASSWORD)
    run = people(
        "1;Karl Bo;karlbo@kl.example;;medarbejder;;",
        "2;Bo;BO@kl.example;;medarbejder;;",
        "3;X;x@kl.example;;medarbejder;;",
    )
    seen = run.plan_version
    person_erase(person=bo)
    run.refresh_from_db()
    assert sorted(run.rows.values_list("email", flat=True)) == ["karlbo@kl.example", "x@kl.example"]
    assert (run.state, run.counts) == (ImportState.PLANNED, {"new": 2})
    with pytest.raises(RefusedError):
        import_apply(run=run, actor=None, plan_version=seen)
    applied(run)
    assert [row[0] for row in held()] == ["karlbo@kl.example", "x@kl.example"]


def test_what_waits_to_be_carried_out_is_shown_again_too() -> None:
    bo = account_create(actor=None, email="bo@kl.example", password=PASSWORD)
    run = people("1;Bo;bo@kl.example;;medarbejder;;", "2;X;x@kl.example;;medarbejder;;")
    import_apply(run=run, actor=None, plan_version=run.plan_version)
    person_erase(person=bo)
    assert worked(run).state == ImportState.PLANNED
    assert held() == []


def test_a_plan_about_her_alone_is_dropped() -> None:
    bo = account_create(actor=None, email="bo@kl.example", password=PASSWORD)
    run = people("1;Bo;bo@kl.example;;medarbejder;;")
    person_erase(person=bo)
    run.refresh_from_db()
    assert run.state == ImportState.ABANDONED
    assert not run.chunks.exists()


def test_an_address_that_she_has_left_is_forgotten() -> None:
    kim = account_create(actor=None, email="gammel@privat.example", password=PASSWORD)
    with transaction.atomic():
        email_change(user=kim, email="ny@privat.example")
        letters.tell_change(user=kim, change="email_moved", email="gammel@privat.example")
    [entry] = AuditEntry.objects.filter(action="account.email_change")
    assert "privat.example" not in str([entry.before, entry.after])
    outbox.drain()
    assert [sent.to for sent in mail.outbox] == [["gammel@privat.example"]]
    person_erase(person=kim)
    outbox.drain()
    assert "privat.example" not in str([*AuditEntry.objects.values(), *OutboxMessage.objects.values()])
