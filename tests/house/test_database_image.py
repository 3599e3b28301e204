"""The suite's ground: whatever a test commits is gone before the next, and what migrations wrote is still there."""

import pytest
from django.db import connection
from wagtail.models import Page

pytestmark = pytest.mark.every_database


def add_a_page_where_none_was() -> None:
    # Of two tests that do the same, one runs second: it fails if the first one's page were still there.
    assert not Page.objects.filter(slug="left-behind").exists()
    assert Page.objects.filter(depth=1).count() == 1, "the root page, which a migration made"
    Page.objects.get(depth=1).add_child(title="Left behind", slug="left-behind")


@pytest.mark.django_db(transaction=True)
def test_a_committed_page_is_gone_in_the_next_test() -> None:
    add_a_page_where_none_was()


@pytest.mark.django_db(transaction=True)
def test_a_committed_page_is_gone_in_the_next_test_again() -> None:
    add_a_page_where_none_was()


@pytest.mark.django_db
def test_a_rolled_back_page_is_gone_in_the_next_test() -> None:
    add_a_page_where_none_was()


@pytest.mark.postgres
@pytest.mark.django_db
def test_what_is_marked_for_postgres_runs_on_postgres() -> None:
    assert connection.vendor == "postgresql"
