"""What editors put first: for which words, when, for whom, and never twice."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.core.principal import ANONYMOUS, Principal
from portal.pages.models import StandardPage
from search import kept
from search.api import SearchQuery, SearchResult, search
from search.models import Promotion
from search.promotions import MOST, promoted_for
from search.services import index_now
from search.sources import source_of
from tests.factories.pages import home, standard_page

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

DAY = dt.date(2026, 6, 10)


def indexed(title: str, **values: Any) -> StandardPage:
    page = standard_page(title, **values)
    index_again(page)
    return page


def index_again(page: Page) -> None:
    source = source_of(type(page))
    assert source is not None
    index_now(source, page.pk)


def promote(page: Page, queries: str = "løn", **values: Any) -> Promotion:
    made = Promotion(page=Page.objects.get(pk=page.pk), queries=queries, **values)
    made.full_clean()
    made.save()
    return made


def asked(text: str = "løn", principal: Principal = ANONYMOUS, **values: Any) -> SearchResult:
    return search(SearchQuery(text=text, principal=principal, **values))


def first(text: str = "løn", **values: Any) -> list[str]:
    return [hit.title_text for hit in asked(text, **values).promoted]


def key(page: Page) -> str:
    return f"pages.standard:{page.pk}"


def test_it_stands_first_for_its_words_and_is_no_hit_as_well() -> None:
    page, other = indexed("Løn og pension"), indexed("Løn i ferien")
    promote(page)
    result = asked()
    assert [hit.title_text for hit in result.promoted] == [page.title]
    assert [hit.title_text for hit in result.hits] == [other.title]


@pytest.mark.parametrize("text", ["løn ved barsel", "Barsel: løn", "LOEN TIL BARSEL", "barsel og lønnen"])
def test_order_form_and_small_words_do_not_matter(text: str) -> None:
    page = indexed("Vejledning")
    promote(page, "andet\nløn i barsel")
    assert promoted_for(text) == (key(page),)


@pytest.mark.parametrize("text", ["løn", "barsel", "løn under barsel i dag", "", "og", "\x00", "🙂"])
def test_all_of_the_words_and_no_others(text: str) -> None:
    promote(indexed("Vejledning"), "løn barsel")
    assert promoted_for(text) == ()


def test_the_lowest_number_first_each_page_once_and_not_too_many() -> None:
    pages = [indexed(f"Side {number}") for number in range(MOST + 2)]
    for number, page in enumerate(pages):
        promote(page, "løn", position=10 - number)
    promote(pages[-1], "lønnen", position=1)
    assert promoted_for("løn") == tuple(key(page) for page in [pages[4], pages[3], pages[2]])


def test_it_begins_and_ends_with_its_days_here(index_page: StandardPage) -> None:
    promote(index_page, starts_on=DAY, ends_on=DAY + dt.timedelta(days=1))
    zone = timezone.get_default_timezone()

    def at(day: dt.date, hour: int, minute: int = 0) -> list[str]:
        with time_machine.travel(dt.datetime.combine(day, dt.time(hour, minute), zone), tick=False):
            return first()

    assert at(DAY - dt.timedelta(days=1), 23, 59) == []
    assert at(DAY, 0, 1) == [index_page.title]
    assert at(DAY + dt.timedelta(days=1), 23, 59) == [index_page.title]
    assert at(DAY + dt.timedelta(days=2), 0, 1) == []


def test_stopped_it_is_not_shown(index_page: StandardPage) -> None:
    made = promote(index_page)
    assert first() == [index_page.title]
    made.active = False
    made.save()
    assert first() == []


@pytest.fixture
def index_page() -> StandardPage:
    return indexed("Overenskomster")


class TestWhoSeesIt:
    """Only who would find the page by herself."""

    def test_an_unpublished_page_is_shown_to_nobody(self, index_page: StandardPage) -> None:
        promote(index_page)
        index_page.unpublish()
        assert first() == []

    def test_a_draft_can_be_chosen_and_is_shown_when_it_is_published(self) -> None:
        page = standard_page("Kladde", published=False)
        promote(page)
        index_again(page)
        assert first() == []
        page.get_latest_revision().publish()
        index_again(page)
        assert first() == ["Kladde"]

    def test_a_private_page_is_shown_to_those_alone_who_may_see_it(self, index_page: StandardPage) -> None:
        promote(index_page)
        PageViewRestriction.objects.create(page=index_page.page_ptr, restriction_type=PageViewRestriction.LOGIN)
        index_again(index_page)
        assert first() == []

    def test_a_deleted_page_takes_it_along(self, index_page: StandardPage) -> None:
        promote(index_page)
        assert first() == [index_page.title]
        Page.objects.get(pk=index_page.pk).specific.delete()
        assert not Promotion.objects.exists()
        assert promoted_for("løn") == ()

    def test_not_beside_filters_nor_on_the_second_page(self, index_page: StandardPage) -> None:
        promote(index_page)
        assert first(kinds=("page",)) == []
        assert first(page=2) == []


class TestWhatIsRefused:
    """At the field."""

    @pytest.mark.parametrize("queries", ["", " \n ", "og\ni", "løn\nog", "løn\nlønnen"])
    def test_no_words(self, queries: str, index_page: StandardPage) -> None:
        with pytest.raises(ValidationError) as caught:
            promote(index_page, queries)
        assert "queries" in caught.value.message_dict

    def test_an_end_before_the_beginning(self, index_page: StandardPage) -> None:
        days: dict[str, Any] = {"starts_on": DAY, "ends_on": DAY - dt.timedelta(days=1)}
        with pytest.raises(ValidationError) as caught:
            promote(index_page, **days)
        assert "ends_on" in caught.value.message_dict
        with pytest.raises(IntegrityError), transaction.atomic():
            Promotion.objects.create(queries="løn", page_id=index_page.pk, **days)

    def test_a_page_that_cannot_be_found(self) -> None:
        with pytest.raises(ValidationError) as caught:
            promote(home())
        assert list(caught.value.message_dict) == ["page"]


def test_no_query_while_nothing_changes(settings: Any, index_page: StandardPage) -> None:
    settings.SEARCH_WORDS_MAX_AGE = 600
    kept.forget()
    promote(index_page)
    assert promoted_for("løn")
    with CaptureQueriesContext(connection) as later:
        assert promoted_for("løn")
        assert not promoted_for("ferie")
    assert len(later) == 0
    kept.forget()
