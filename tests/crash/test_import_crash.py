"""A worker dies in the middle of an import: nothing is half, nothing is twice, and the next worker goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.accounts.api import Membership
from portal.accounts.imports import memberships
from portal.accounts.imports.runs import import_apply, import_receive
from portal.accounts.models import ImportRow, ImportRun, ImportState
from portal.core import outbox
from portal.core.models import AuditEntry, OutboxMessage
from tests.accounts.imports import PEOPLE
from tests.factories.organisations import municipality, unit
from tests.support.crash import die_at

pytestmark = [pytest.mark.every_database, pytest.mark.crash, pytest.mark.django_db(transaction=True)]
ACT = "tests.crash.imports:work"
LINES = memberships.BATCH + 200


@pytest.fixture
def run() -> ImportRun:
    """A file of more than one batch, uploaded and not yet looked at."""
    unit("Borgerservice", code="0110")
    text = "\n".join([PEOPLE, *(f"{n};Navn;n{n}@odense.example;0110;medarbejder;;" for n in range(LINES))])
    return import_receive(
        actor=None, municipality=municipality(), kind="memberships", filename="x.csv", pieces=[text.encode()]
    )


def restart() -> None:
    """Let the dead worker's lease run out and another one go on."""
    OutboxMessage.objects.filter(state=OutboxMessage.State.RUNNING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )
    while outbox.drain():
        pass


def apply(run: ImportRun) -> None:
    while outbox.drain():
        pass
    run.refresh_from_db()
    import_apply(run=run, actor=None, plan_version=run.plan_version)


@pytest.mark.parametrize("failpoint", ["imports.read", "imports.compared"])
def test_a_plan_goes_on_where_it_was(run: ImportRun, failpoint: str) -> None:
    die_at(failpoint, ACT)
    restart()
    run.refresh_from_db()
    assert run.state == ImportState.PLANNED
    assert run.counts == {"new": LINES}
    assert ImportRow.objects.filter(run=run).count() == LINES
    assert not Membership.objects.exists()


@pytest.mark.parametrize("failpoint", ["imports.between_batches", "outbox.before_mark"])
def test_an_import_is_carried_out_once_and_as_a_whole(run: ImportRun, failpoint: str) -> None:
    apply(run)
    die_at(failpoint, ACT)
    run.refresh_from_db()
    assert run.state == ImportState.APPLYING
    assert not Membership.objects.exists(), "nothing of it is there"
    restart()
    run.refresh_from_db()
    assert run.state == ImportState.APPLIED
    assert Membership.objects.count() == LINES
    assert AuditEntry.objects.filter(action="membership.grant").count() == LINES
    restart()
    assert Membership.objects.count() == LINES
