"""A time of a meeting changes through its service: sequence, audit, index and seats stand or fall together."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from events.api import Occurrence, occurrence_cancel, occurrence_delete, occurrence_save, occurrence_spec
from portal.core.models import AuditEntry, OutboxMessage
from portal.organisations.api import Region
from portal.seats.api import Offering, OfferingSpec
from tests.factories.events import EventPageFactory, local, municipality, occurrence, spec

pytestmark = pytest.mark.django_db

START = local(2027, 5, 12, 15, 30)


def change(made: Occurrence, **values: Any) -> Occurrence:
    """Save the row with some values changed."""
    return occurrence_save(actor=None, occurrence=made, spec=replace(occurrence_spec(made), **values))


@pytest.mark.parametrize(
    ("values", "raises_it"),
    [
        ({"starts_at": START + dt.timedelta(minutes=30)}, True),
        ({"ends_at": START + dt.timedelta(hours=5)}, True),
        ({"place": "Biblioteket"}, True),
        ({"address": "Eksempelvej 2"}, True),
        ({"online": True}, True),
        ({"municipality": None, "online": True}, True),
        ({"cancelled": True, "cancel_reason": "Oplægsholderen er syg."}, True),
        ({"access_notes": "Elevator"}, False),
        ({"seats": OfferingSpec(capacity=7)}, False),
        ({}, False),
    ],
)
def test_sequence_rises_by_one_only_for_what_calendars_must_know(values: dict[str, Any], raises_it: bool) -> None:
    made = occurrence(START)
    changed = change(made, **values)
    assert changed.sequence == made.sequence + raises_it
    assert Occurrence.objects.get().sequence == changed.sequence
    assert changed.uuid == made.uuid


def test_a_change_is_audited_indexed_and_reaches_the_seats() -> None:
    made = occurrence(START)
    AuditEntry.objects.all().delete()
    OutboxMessage.objects.all().delete()
    change(made, place="Biblioteket", seats=OfferingSpec(capacity=7))
    entry = AuditEntry.objects.get(action="occurrence.changed")
    assert (entry.before["place"], entry.after["place"]) == ("Rådhuset", "Biblioteket")
    assert AuditEntry.objects.get(action="seats.changed").after["capacity"] == 7
    assert OutboxMessage.objects.get(topic="search.index").payload == {
        "source": "events.event",
        "pk": str(made.event_id),
    }


def test_saving_without_a_change_writes_nothing() -> None:
    made = occurrence(START)
    before = AuditEntry.objects.count()
    stamp = Occurrence.objects.get().changed_at
    change(made)
    assert AuditEntry.objects.count() == before
    assert Occurrence.objects.get().changed_at == stamp


def test_when_the_index_cannot_be_told_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    made = occurrence(START)

    def fail(obj: Any) -> None:
        raise RuntimeError("no index")

    monkeypatch.setattr("events.services.reindex_object", fail)
    entries = AuditEntry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        change(made, place="Biblioteket", seats=OfferingSpec(capacity=7))
    assert Occurrence.objects.get().place == "Rådhuset"
    assert Offering.objects.get().capacity == 40
    assert AuditEntry.objects.count() == entries


def test_cancelling_needs_a_reason_and_happens_once() -> None:
    made = occurrence(START)
    with pytest.raises(ValidationError):
        occurrence_cancel(actor=None, occurrence=made, reason="  ")
    cancelled = occurrence_cancel(actor=None, occurrence=made, reason="Lokalet er lukket.")
    again = occurrence_cancel(actor=None, occurrence=cancelled, reason="Noget andet")
    assert (again.cancel_reason, again.sequence) == ("Lokalet er lukket.", 1)


def test_moving_a_time_to_another_meeting_indexes_both() -> None:
    made, other = occurrence(START), EventPageFactory.make()
    OutboxMessage.objects.all().delete()
    occurrence_save(actor=None, occurrence=made, event=other, spec=occurrence_spec(made))
    told = {message.payload["pk"] for message in OutboxMessage.objects.filter(topic="search.index")}
    assert told == {str(made.event_id), str(other.pk)}


def test_deleting_takes_the_seats_along() -> None:
    made = occurrence(START)
    occurrence_delete(actor=None, occurrence=made)
    assert not Occurrence.objects.exists()
    assert not Offering.objects.exists()
    assert AuditEntry.objects.filter(action="occurrence.deleted").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"seats": OfferingSpec(deadline=START + dt.timedelta(minutes=1))}, "deadline"),
        ({"starts_at": START.replace(tzinfo=None)}, "starts_at"),
    ],
)
def test_what_a_row_cannot_see_by_itself_is_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        occurrence_save(actor=None, event=EventPageFactory.make(), spec=replace(spec(START), **values))
    assert list(caught.value.error_dict) == [field]
    assert not Offering.objects.exists()


def test_a_region_must_exist_on_the_day() -> None:
    old = Region.objects.get(slug="region-hovedstaden")
    event = EventPageFactory.make()
    last = spec(local(2026, 12, 31, 15), region=old, municipality=None)
    assert occurrence_save(actor=None, event=event, spec=last).region_on_day() == old
    next_day = replace(last, starts_at=local(2027, 1, 1, 15), ends_at=local(2027, 1, 1, 17))
    with pytest.raises(ValidationError):
        occurrence_save(actor=None, event=event, spec=next_day)


@pytest.mark.every_database
@pytest.mark.parametrize(
    "values",
    [
        {"ends_at": START},
        {"municipality": None},
        {"region": "region-syddanmark"},
        {"cancelled": True},
        {"cancel_reason": "Ingen grund"},
    ],
    ids=["no time passes", "nowhere", "two places", "no reason", "reason without cancelling"],
)
def test_the_database_refuses_what_a_hand_written_update_would_break(values: dict[str, Any]) -> None:
    made = occurrence(START)
    if slug := values.get("region"):
        values = {"region": Region.objects.get(slug=slug)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.filter(pk=made.pk).update(**values)


def test_a_page_with_times_cannot_be_deleted_by_the_database() -> None:
    made = occurrence(START)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.event.delete()
    assert municipality() == made.municipality
