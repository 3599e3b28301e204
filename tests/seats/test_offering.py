"""The seats' row: its rules in the database, its state over time, its service."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.core.models import AuditEntry
from portal.seats.api import Offering, OfferingSpec, SignUpState, offering_save, spec_of
from tests.factories.seats import OfferingFactory

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2027, 5, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.every_database
@pytest.mark.parametrize(
    "values",
    [{"capacity": 0}, {"opens_at": NOON, "deadline": NOON}, {"policy": "lottery"}],
    ids=["zero", "never open", "policy"],
)
def test_the_database_refuses_what_makes_no_sense(values: dict[str, Any]) -> None:
    made = OfferingFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        Offering.objects.filter(pk=made.pk).update(**values)


def test_no_capacity_means_no_limit() -> None:
    assert offering_save(actor=None, spec=OfferingSpec(capacity=None)).capacity is None


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NOON - HOUR, SignUpState.NOT_YET),
        (NOON, SignUpState.OPEN),
        (NOON + HOUR - dt.timedelta(microseconds=1), SignUpState.OPEN),
        (NOON + HOUR, SignUpState.CLOSED),
    ],
)
def test_sign_up_opens_at_its_time_and_is_closed_from_the_deadline_on(now: dt.datetime, state: SignUpState) -> None:
    assert Offering(opens_at=NOON, deadline=NOON + HOUR).state_at(now) is state
    assert Offering().state_at(now) is SignUpState.OPEN


def test_saving_is_audited_once_and_a_wrong_value_writes_nothing() -> None:
    made = offering_save(actor=None, spec=OfferingSpec(capacity=40))
    offering_save(actor=None, spec=OfferingSpec(capacity=12), offering=made)
    offering_save(actor=None, spec=OfferingSpec(capacity=12), offering=made)
    entry = AuditEntry.objects.get(action="seats.changed")
    assert (entry.before["capacity"], entry.after["capacity"]) == (40, 12)
    with pytest.raises(ValidationError):
        offering_save(actor=None, spec=OfferingSpec(capacity=0), offering=made)
    assert spec_of(Offering.objects.get()) == OfferingSpec(capacity=12)
