"""Closing a round: what is published, what is hidden, what is forgotten, and that once is enough."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.models import AuditEntry
from profilecatalog.assessment import disclosure
from profilecatalog.assessment.api import (
    PublishedAggregate,
    Round,
    close_standing_rounds,
    load_example_responses,
    published_for,
    remove_example_responses,
    standing_round,
    store_response,
)
from profilecatalog.assessment.disclosure import UnsafeTotalsError
from profilecatalog.assessment.enums import RoundStatus
from profilecatalog.assessment.models import Answer, Response, UsedToken
from profilecatalog.assessment.services import NotGatheringError
from profilecatalog.profiles.models import ProfilePage
from tests.factories.assessment import (
    AARHUS,
    DONT_KNOW,
    NOT_RELEVANT,
    answers,
    level,
    municipality,
    profile,
    release_of,
    respond,
    same_answer,
)
from tests.factories.profiles import rewrite_competence
from tests.profiles.helpers import draft, publish

pytestmark = pytest.mark.django_db

AUGUST = dt.date(2026, 8, 12)
OCTOBER = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)
JANUARY = dt.datetime(2027, 1, 1, 9, 0, tzinfo=dt.UTC)


def mixed(release: Any, people: int) -> list[Any]:
    """Return answers in which no competence is unanimous."""
    return [answers(release, level(1 + person % 4)) for person in range(people)]


def fill(page: ProfilePage, rows: list[Any], where: Any = None) -> None:
    respond(release_of(page), rows, where=where or municipality(), on=AUGUST)


def totals(**filters: Any) -> list[tuple[Any, ...]]:
    rows = PublishedAggregate.objects.filter(**filters).order_by("id")
    return list(rows.values_list("group_size", "counts", "n", "without_level", "suppressed"))


def test_a_round_is_counted_when_its_quarter_is_over_and_not_before() -> None:
    page = profile(competences=2)
    release = release_of(page)
    fill(page, [*mixed(release, 8), answers(release, NOT_RELEVANT, level(3))])
    assert close_standing_rounds(dt.datetime(2026, 9, 30, 21, 59, tzinfo=dt.UTC)) == ()
    assert totals() == []
    # Midnight in Denmark, not in Greenwich.
    (closed,) = close_standing_rounds(dt.datetime(2026, 9, 30, 22, 1, tzinfo=dt.UTC))
    assert (closed.shown, closed.hidden) == (2, 0)
    assert totals() == [(9, [2, 2, 2, 2], 8, 1, ""), (9, [2, 2, 3, 2], 9, 0, "")]
    assert closed.round.status == RoundStatus.CLOSED


def test_too_few_unanimous_and_nearly_unanimous_answers_are_hidden() -> None:
    page = profile(competences=3)
    release = release_of(page)
    rows = [answers(release, level(2), level(1 + (person == 0)), level(1 + person % 4)) for person in range(9)]
    fill(page, rows)
    small = profile(competences=1)
    fill(small, mixed(release_of(small), 7))
    close_standing_rounds(OCTOBER)
    hidden: tuple[Any, ...] = ([], None, None)
    assert totals(release=release) == [
        (9, *hidden, "protected"),
        (9, *hidden, "protected"),
        (9, [3, 2, 2, 2], 9, 0, ""),
    ]
    assert totals(release=release_of(small)) == [(None, *hidden, "too_few")]


def test_closing_again_changes_nothing() -> None:
    page = profile(competences=2)
    fill(page, mixed(release_of(page), 12))
    close_standing_rounds(OCTOBER)
    before = list(PublishedAggregate.objects.order_by("id").values())
    rounds = list(Round.objects.order_by("id").values())
    assert close_standing_rounds(OCTOBER) == ()
    assert list(PublishedAggregate.objects.order_by("id").values()) == before
    assert list(Round.objects.order_by("id").values()) == rounds
    assert AuditEntry.objects.filter(action="assessment.round_closed").count() == 1


def test_municipalities_and_those_who_do_not_say_are_counted_apart() -> None:
    page = profile(competences=1)
    release = release_of(page)
    fill(page, mixed(release, 8))
    fill(page, mixed(release, 10), municipality(AARHUS))
    respond(release, mixed(release, 9), where=None, on=AUGUST)
    close_standing_rounds(OCTOBER)
    sizes = {row.round.municipality_id: row.group_size for row in PublishedAggregate.objects.select_related("round")}
    assert sizes == {municipality().pk: 8, municipality(AARHUS).pk: 10, None: 9}


def test_the_next_round_opens_and_answers_go_there() -> None:
    page = profile(competences=1)
    fill(page, mixed(release_of(page), 8))
    close_standing_rounds(OCTOBER)
    opened = Round.objects.open().get()
    assert (opened.municipality, opened.opens, opened.closes) == (
        municipality(),
        dt.date(2026, 10, 1),
        dt.date(2026, 12, 31),
    )


def test_an_answer_after_the_quarter_s_end_never_reaches_the_old_round() -> None:
    page = profile(competences=1)
    fill(page, mixed(release_of(page), 8))
    late = respond(release_of(page), mixed(release_of(page), 1), where=municipality(), on=dt.date(2026, 10, 1))
    assert late[0].round.opens == dt.date(2026, 10, 1)
    old = Round.objects.exclude(pk=late[0].round_id).get()
    assert old.status == RoundStatus.ENDED
    close_standing_rounds(OCTOBER)
    assert totals() == [(8, [2, 2, 2, 2], 8, 0, "")]


def test_a_municipality_that_stops_gathering_gets_no_next_round() -> None:
    page = profile(competences=1)
    fill(page, mixed(release_of(page), 8))
    municipality(standing_round_open=False)
    close_standing_rounds(OCTOBER)
    assert not Round.objects.open().exists()
    assert len(totals()) == 1
    with pytest.raises(NotGatheringError):
        standing_round(municipality())
    with pytest.raises(NotGatheringError):
        respond(release_of(page), mixed(release_of(page), 1), where=municipality())


def test_the_promise_of_the_opening_holds_and_a_later_wish_for_more_counts() -> None:
    page = profile(competences=1)
    where = municipality(min_responses=10)
    fill(page, mixed(release_of(page), 9), where)
    assert Round.objects.get().min_responses == 10
    municipality(min_responses=5)
    close_standing_rounds(OCTOBER)
    assert totals() == [(None, [], None, None, "too_few")]

    other = municipality(AARHUS, min_responses=5)
    fill(page, mixed(release_of(page), 9), other)
    municipality(AARHUS, min_responses=12)
    close_standing_rounds(OCTOBER)
    assert totals(round__municipality=other) == [(None, [], None, None, "too_few")]


@pytest.mark.parametrize(
    ("change", "expected"), [("clarified", (16, [4, 4, 4, 4], 16, 0, "")), ("changed", (16, [2, 2, 2, 2], 8, 0, ""))]
)
def test_a_clarified_wording_is_counted_with_the_old_one_and_a_changed_one_is_not(
    change: str, expected: tuple[Any, ...]
) -> None:
    page = profile(competences=1)
    fill(page, mixed(release_of(page), 8))
    competence = draft(page).groups.all()[0].items.all()[0].competence
    rewrite_competence(competence, level=2, text="Jeg kan sige det på en ny måde.")
    publish(draft(page), change=change, reason="Trin to er skrevet om.")
    new = release_of(page)
    assert (new.number, new.document.items[0].mark) == (2, change)
    fill(page, mixed(new, 8))
    close_standing_rounds(OCTOBER)
    assert totals(release=new) == [expected]
    assert totals(release__profile=page) == [expected]


def test_a_failing_engine_publishes_nothing_and_closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    page = profile(competences=1)
    fill(page, [same_answer(release_of(page), level(3))] * 9)
    monkeypatch.setattr(disclosure, "is_safe", lambda counts, threshold: True)
    with pytest.raises(UnsafeTotalsError):
        close_standing_rounds(OCTOBER)
    assert totals() == []
    assert Round.objects.get().status == RoundStatus.OPEN
    monkeypatch.undo()
    close_standing_rounds(OCTOBER)
    assert totals() == [(9, [], None, None, "protected")]


def test_answers_are_forgotten_a_quarter_after_their_round_was_closed() -> None:
    page = profile(competences=1)
    fill(page, mixed(release_of(page), 8))
    close_standing_rounds(OCTOBER)
    assert Response.objects.count() == 8
    close_standing_rounds(dt.datetime(2026, 12, 31, 22, 0, tzinfo=dt.UTC))
    assert Response.objects.count() == 8
    close_standing_rounds(JANUARY)
    assert not Response.objects.exists()
    assert not Answer.objects.exists()
    # The totals stay.
    assert totals() == [(8, [2, 2, 2, 2], 8, 0, "")]


def test_used_forms_are_forgotten_when_they_could_not_be_sent_any_more() -> None:
    UsedToken.objects.create(digest="0" * 64, expires_on=dt.date(2026, 9, 30))
    UsedToken.objects.create(digest="1" * 64, expires_on=dt.date(2026, 10, 1))
    close_standing_rounds(OCTOBER)
    assert [token.digest[0] for token in UsedToken.objects.all()] == ["1"]


def test_the_command_says_what_it_did_and_no_number_of_answers() -> None:
    page = profile(competences=2)
    fill(page, mixed(release_of(page), 17))
    out = StringIO()
    with time_machine.travel(OCTOBER, tick=False):
        call_command("close_rounds", stdout=out)
        call_command("close_rounds", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines == [
        "Odense 2026-07-01 – 2026-09-30: 2 totals shown, 0 hidden",
        "1 rounds closed",
        "0 rounds closed",
    ]
    assert "17" not in out.getvalue()


# --- What a screen gets -------------------------------------------------------------------------------------------


def test_the_municipality_page_gets_rounded_shares_and_needs() -> None:
    page = profile(
        competences=3,
        items=[
            {"now_level": 2, "future_level": 3},
            {
                "now_level": None,
                "future_level": None,
                "now_team_kind": "min_share",
                "now_team_amount": 30,
                "now_team_level": 4,
            },
            {"now_level": 2, "future_level": 3},
        ],
        title="Borgerservice",
    )
    release = release_of(page)
    rows = [answers(release, level(1 + person % 4), level(1 + person % 4), level(3)) for person in range(12)]
    fill(page, [*rows, answers(release, DONT_KNOW, level(1), level(3))])
    close_standing_rounds(OCTOBER)
    first, team, hidden = published_for(municipality())
    assert (first.profile.title, first.profile.group_size, first.profile.level_names) == (
        "Borgerservice",
        13,
        ("Kender", "Kan", "Mestrer", "Udvikler"),
    )
    assert first.profile.closes == dt.date(2026, 9, 30)
    assert (first.suppressed, first.shares) == (False, (25, 25, 25, 25))
    assert (first.now.level, first.now.share, first.now.wanted) == (2, 75, 100)
    assert (first.future.level, first.future.share, first.future.year) == (3, 50, 2028)
    assert (team.now.level, team.now.share, team.now.wanted) == (4, 25, 30)
    assert team.future is None
    assert (hidden.suppressed, hidden.shares, hidden.now, hidden.future) == (True, (), None, None)


def test_only_the_last_closed_round_is_shown_and_never_a_live_figure() -> None:
    page = profile(competences=1)
    assert published_for(municipality()) == ()
    fill(page, mixed(release_of(page), 8))
    assert published_for(municipality()) == ()
    close_standing_rounds(OCTOBER)
    before = published_for(municipality())
    assert len(before) == 1
    respond(release_of(page), mixed(release_of(page), 20), where=municipality(), on=dt.date(2026, 10, 2))
    assert published_for(municipality()) == before
    Response.objects.all().delete()
    assert published_for(municipality()) == before
    assert published_for(municipality(AARHUS)) == ()


@pytest.mark.parametrize(("competences", "people"), [(2, 8), (6, 24)])
def test_the_number_of_queries_does_not_grow_with_answers(
    competences: int, people: int, django_assert_num_queries: Any
) -> None:
    page = profile(competences=competences)
    fill(page, mixed(release_of(page), people))
    where = municipality()
    with CaptureQueriesContext(connection) as closing:
        close_standing_rounds(OCTOBER)
    assert len(closing) <= 32
    with django_assert_num_queries(2):
        assert len(published_for(where)) == competences


# --- Example answers ----------------------------------------------------------------------------------------------


def test_example_answers_fill_an_open_and_a_closed_round_and_can_be_removed() -> None:
    page = profile(competences=1)
    release = release_of(page)
    today = dt.date(2026, 11, 21)
    with time_machine.travel(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), tick=False):
        for on, people in ((dt.date(2026, 11, 20), 9), (AUGUST, 10)):
            load_example_responses(
                release=release, municipality=municipality(), responses=mixed(release, people), on=on, today=today
            )
        close_standing_rounds()
        assert Response.objects.count() == 19
        assert {row.week for row in Response.objects.all()} == {"2026-W47", "2026-W33"}
        assert [competence.profile.group_size for competence in published_for(municipality())] == [10]
        # A real answer of another municipality stays.
        store_response(releases=[release], answers=mixed(release, 1)[0], municipality=municipality(AARHUS))
        assert remove_example_responses() == 2
    assert Response.objects.count() == 1
    assert totals() == []
    assert Round.objects.get().municipality == municipality(AARHUS)
