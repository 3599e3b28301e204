"""What the database itself refuses, whoever asks."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from profilecatalog.assessment.api import UnknownAnswerError, standing_round, store_response
from profilecatalog.assessment.calendar import iso_week, quarter_of
from profilecatalog.assessment.models import Answer, PublishedAggregate, Response, Round
from profilecatalog.assessment.services import raise_min_responses
from tests.assessment.pages import NO_ROWS, rows
from tests.factories.assessment import answers, level, municipality, profile, release_of, respond

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def test_what_was_promised_at_the_opening_is_never_lowered() -> None:
    round_ = standing_round(municipality())
    raise_min_responses(round_=round_, to=12, actor=None)
    for lower in (11, 8):
        with pytest.raises(ValueError, match="lowered"):
            raise_min_responses(round_=round_, to=lower, actor=None)
        # Nor past the service; the trigger stands.
        with pytest.raises(DatabaseError), transaction.atomic():
            Round.objects.filter(pk=round_.pk).update(min_responses=lower)
    Round.objects.filter(pk=round_.pk).update(min_responses=13)
    assert Round.objects.get(pk=round_.pk).min_responses == 13


def test_a_round_never_promises_less_than_the_house_does() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(opens=dt.date(2026, 1, 1), closes=dt.date(2026, 3, 31), min_responses=4)


@pytest.mark.parametrize("national", [True, False])
def test_there_is_one_open_standing_round(national: bool) -> None:
    where = None if national else municipality()
    first = standing_round(where)
    assert standing_round(where) == first
    values: dict[str, Any] = {"opens": first.opens, "closes": first.closes, "min_responses": 8}
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(municipality=where, standing=True, **values)
    # Another kind of round may run beside it.
    Round.objects.create(municipality=where, mode="mus", **values)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "level", "level": None},
        {"kind": "level", "level": 0},
        {"kind": "not_relevant", "level": 2},
        {"kind": "dont_know", "level": 0},
        {"kind": "perhaps", "level": None},
        {"kind": "level", "level": 2, "text_hash": "short"},
    ],
)
def test_an_answer_is_a_level_or_not_relevant_or_dont_know_and_nothing_between(values: dict[str, Any]) -> None:
    page = profile(competences=1)
    (stored,) = respond(release_of(page), [answers(release_of(page), level(2))])
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(**{"response": stored, "competence_uuid": uuid.uuid4(), "text_hash": "0" * 64, **values})


def test_one_answer_per_competence_and_one_total_per_round() -> None:
    page = profile(competences=1)
    release = release_of(page)
    (stored,) = respond(release, [answers(release, level(2))])
    said = stored.answers.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(
            response=stored, competence_uuid=said.competence_uuid, text_hash=said.text_hash, kind="level", level=3
        )
    total: dict[str, Any] = {"round": stored.round, "release": release, "competence_uuid": said.competence_uuid}
    PublishedAggregate.objects.create(**total, suppressed="too_few")
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedAggregate.objects.create(**total, suppressed="too_few")


@pytest.mark.parametrize(
    "values",
    [
        {"suppressed": "too_few", "n": 3, "without_level": 0},
        {"suppressed": "too_few", "counts": [3, 0, 0, 0]},
        {"suppressed": "too_few", "group_size": 7},
        {"suppressed": "protected", "group_size": None},
        {"suppressed": "", "n": None, "group_size": 9},
        {"suppressed": "", "n": 4, "without_level": 0, "counts": [1, 1, 1, 1], "group_size": 9},
    ],
)
def test_a_hidden_total_has_no_figures_and_a_shown_one_never_few(values: dict[str, Any]) -> None:
    page = profile(competences=1)
    round_ = standing_round(municipality())
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedAggregate.objects.create(
            round=round_, release=release_of(page), competence_uuid=uuid.uuid4(), **values
        )


def test_the_service_stores_a_whole_set_or_nothing() -> None:
    page, other = profile(competences=2), profile(competences=1)
    release = release_of(page)
    whole = answers(release, level(2))
    first = next(iter(whole))
    wrong = [
        {first: whole[first]},
        whole | answers(release_of(other), level(2)),
        whole | {first: level(5)},
        {},
    ]
    for row in wrong:
        with pytest.raises(UnknownAnswerError):
            store_response(releases=[release], answers=row, municipality=None)
    assert rows() == NO_ROWS
    # A mix of two profiles is one response with one answer per competence.
    store_response(releases=[release, release_of(other)], answers=wrong[1], municipality=None)
    assert rows() == {"Response": 1, "ResponseRelease": 2, "Answer": 3, "UsedToken": 0}


def test_a_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    page = profile(competences=1)

    def full(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(Answer.objects, "bulk_create", full)
    with pytest.raises(DatabaseError):
        respond(release_of(page), [answers(release_of(page), level(2))])
    assert not Response.objects.exists()


def test_quarters_and_weeks() -> None:
    assert (quarter_of(dt.date(2026, 2, 28)).opens, quarter_of(dt.date(2026, 2, 28)).closes) == (
        dt.date(2026, 1, 1),
        dt.date(2026, 3, 31),
    )
    assert quarter_of(dt.date(2028, 12, 31)).closes == dt.date(2028, 12, 31)
    day = dt.date(2024, 1, 1)
    while day < dt.date(2029, 1, 1):
        quarter = quarter_of(day)
        assert quarter.opens <= day <= quarter.closes
        assert quarter_of(quarter.closes + dt.timedelta(days=1)).opens == quarter.closes + dt.timedelta(days=1)
        day += dt.timedelta(days=1)
    assert [iso_week(day) for day in (dt.date(2026, 11, 21), dt.date(2027, 1, 1), dt.date(2024, 12, 30))] == [
        "2026-W47",
        "2026-W53",
        "2025-W01",
    ]
