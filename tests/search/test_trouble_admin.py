"""How the search engine fares, as administrators read it: the page, and the line on the admin's first screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from search import mirror, troubles
from search.engines.elasticsearch import connection
from search.models import EngineTrouble
from search.trouble_admin import said
from tests.factories.accounts import administrator, editor
from tests.search.conftest import Index
from tests.search.mirroring import build, live, shown

pytestmark = pytest.mark.django_db

LINE = "Søgemaskinen svarer ikke"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    troubles.forget_process()
    mirror.forget_process()
    connection.breaker.reset()
    yield
    troubles.forget_process()
    mirror.forget_process()
    connection.breaker.reset()


@pytest.fixture
def screen(client: Client) -> Any:
    client.force_login(administrator())
    return lambda: client.get(reverse("search_admin:search_state")).content.decode()


def home(client: Client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_without_elasticsearch_it_says_who_answers(screen: Any) -> None:
    text = screen()
    assert "Der er ikke sat en Elasticsearch op her" in text
    assert "Den har altid svaret" in text


def test_the_index_and_what_is_on_its_way(index: Index, portal_on_elasticsearch: Any, screen: Any) -> None:
    index("1", title="Borgerkontakt")
    build()
    index("2", title="Sagsbehandling")
    text = screen()
    assert "Elasticsearch svarer." in text
    assert live().name in text
    assert "den ældste i" in text


def test_a_trouble_stands_on_both_screens_until_it_is_over(
    index: Index, portal_on_elasticsearch: Any, settings: Any, client: Client, screen: Any
) -> None:
    index("1", title="Borgerkontakt")
    build()
    screen()
    assert LINE not in home(client)
    address, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:9"
    for _time in range(4):
        shown("borgerkontakt")
    assert LINE in home(client)
    text = screen()
    assert "Der er ingen, der svarer på dens adresse." in text
    assert "Den siger det ikke" in text
    assert "varer ved" in text
    settings.ELASTICSEARCH_URL = address
    connection.breaker.reset()
    mirror.look_after()
    assert LINE not in home(client)
    assert "varer ved" not in screen()
    assert EngineTrouble.objects.count() == 1


def test_an_editor_sees_neither(client: Client) -> None:
    EngineTrouble.objects.create(reason="no connection")
    client.force_login(editor())
    assert LINE not in home(client)
    assert client.get(reverse("search_admin:search_state")).status_code in (302, 403)


def test_every_reason_is_said_in_plain_words() -> None:
    assert said("too busy (429 circuit_breaking_exception)").endswith("(429 circuit_breaking_exception)")
    assert said("no index for this version of the portal; run manage.py search_reindex").endswith("Det skal bygges.")
    assert said("503 search_phase_execution_exception") == "Den afviste: 503 search_phase_execution_exception."


def test_a_process_that_lacks_the_address_is_named_until_another_index_is_built(
    index: Index, portal_on_elasticsearch: Any, settings: Any, client: Client, screen: Any
) -> None:
    index("1", title="Borgerkontakt")
    build()
    address, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, ""
    index("2", title="Skrevet fra et skema")
    assert LINE not in home(client), "taken away for good, it is missed by nobody"
    settings.ELASTICSEARCH_URL = address
    shown("borgerkontakt")
    mirror.look_after()
    assert LINE in home(client)
    assert "Giv alle processer dens adresse" in screen()
    assert "Giv alle processer dens adresse" in home(client)
    build()
    assert LINE not in home(client)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (troubles.NEWER, "nyere end databasen"),
        (troubles.DIFFERENT, "ikke, som databasen er"),
        (troubles.UNTOLD, "ikke kender søgemaskinen"),
    ],
)
def test_why_an_index_was_given_up_is_kept_and_the_remedy_said(reason: str, words: str) -> None:
    troubles.note(reason, until_closed=True)
    troubles.forget_process()
    troubles.note("no connection")
    (trouble,) = EngineTrouble.objects.all()
    assert (trouble.reason, trouble.times) == (reason, 2)
    assert words in said(reason)
    assert "bygges igen" in said(reason)


def test_why_an_index_was_given_up_is_told_though_something_was_noted_a_moment_ago() -> None:
    troubles.note("no connection")
    troubles.note(troubles.NEWER, until_closed=True)
    assert EngineTrouble.objects.get().reason == troubles.NEWER
