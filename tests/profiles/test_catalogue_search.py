"""Competences are found on their page and in the admin's boxes, also when there are as many as in an outside catalogue."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core import outbox
from portal.core.roles import Role
from profilecatalog.profiles.api import Competence, CompetenceArea
from profilecatalog.profiles.screens import catalogue
from tests.factories.accounts import holder
from tests.factories.profiles import AreaFactory, CompetenceFactory, competence_index

pytestmark = pytest.mark.django_db

CHOOSER = "wagtailsnippetchoosers_profiles_competence:choose_results"


def index_all() -> None:
    while outbox.drain():
        pass


def many(number: int) -> None:
    """Make competences as an import does: rows, then the index."""
    first: Any = CompetenceFactory.create(name="Journalføring 0")
    other: Any = AreaFactory.create(key="regnskab", name="Regnskab")
    rows = [
        Competence(
            name=f"Journalføring {place}",
            key=f"j{place}",
            slug=f"j{place}",
            area=first.area if place % 2 else other,
            scale=first.scale,
            live=True,
        )
        for place in range(1, number)
    ]
    Competence.objects.bulk_create(rows)
    index_all()
    from search.services import reindex_source
    from search.sources import source_named

    source = source_named("profiles.competence")
    assert source is not None
    assert list(reindex_source(source))[-1] == 0


def page(client: Client, **parameters: Any) -> str:
    response = client.get("/kompetencer/", parameters)
    assert response.status_code == 200
    return unescape(response.content.decode()).split("<main", 1)[1]


@pytest.fixture
def editor() -> Client:
    users: Any = get_user_model()._default_manager
    client = Client()
    client.force_login(users.create_superuser(email="redaktion@example.org", password="not-a-real-password"))
    return client


def chosen(client: Client, text: str) -> list[str]:
    html = client.get(reverse(CHOOSER), {"q": text}).content.decode()
    return [unescape(found.strip()) for found in re.findall(r"data-chooser-modal-choice[^>]*>([^<]+)</a>", html)]


# --- The page ------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_as_the_portal_is(client: Client) -> None:
    competence_index()
    CompetenceFactory.create(name="Borgerkontakt")
    CompetenceFactory.create(name="Regneark")
    CompetenceFactory.create(name="Kontaktløs drift", published=False)
    index_all()
    html = page(client, q="kontakt med borgere")
    assert ">Borgerkontakt</a>" in html
    assert "Regneark" not in html
    assert "Kontaktløs" not in page(client, q="kontaktløs")
    assert "empty-state" in page(client, q="xyzzyx")
    assert "Regneark" in page(client, q="   ")


def test_few_stand_under_their_areas_on_one_page(client: Client) -> None:
    competence_index()
    for name in ("Zoologi", "Ånd", "Regneark"):
        CompetenceFactory.create(name=name)
    html = page(client)
    places = [html.index(name) for name in ("Regneark", "Zoologi", "Ånd")]
    assert places == sorted(places)
    assert "?omraade=" not in html


@pytest.mark.parametrize("parameters", [{}, {"q": "journalføring"}, {"omraade": "regnskab"}, {"side": "99999"}])
def test_many_are_shown_a_part_at_a_time(
    client: Client, monkeypatch: pytest.MonkeyPatch, parameters: dict[str, str]
) -> None:
    monkeypatch.setattr(catalogue, "MOST_AT_ONCE", 30)
    competence_index()
    counts, cards = [], []
    for size in (140, 320):
        Competence.objects.all().delete()
        many(size)
        page(client, **parameters)
        with CaptureQueriesContext(connection) as queries:
            html = page(client, **parameters)
        counts.append(len(queries))
        cards.append(html.count('href="/kompetencer/j'))
    assert counts[0] == counts[1] <= 22
    assert 0 < cards[0] == cards[1] <= catalogue.PER_PAGE


def test_a_large_area_is_turned_over(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MOST_AT_ONCE", 30)
    competence_index()
    many(200)
    html = page(client)
    area = CompetenceArea.objects.get(key="regnskab")
    assert f'href="/kompetencer/?omraade={area.key}"' in html
    assert html.count('href="/kompetencer/j') <= 2 * catalogue.FIRST_OF_AREA
    html = page(client, omraade="regnskab")
    assert "side=2" in html
    last = page(client, omraade="regnskab", side="10000")
    assert 0 < last.count('href="/kompetencer/j') < catalogue.PER_PAGE
    assert "Regnskab" in page(client, omraade="findes-ikke")


@pytest.mark.parametrize("text", ["\x00", "\"'*:()", "x" * 5000, "%", "🙂", "a OR b"])
def test_any_text_gives_a_page(client: Client, text: str) -> None:
    competence_index()
    CompetenceFactory.create(name="Regneark")
    page(client, q=text, omraade=text, side=text)


# --- The admin -----------------------------------------------------------------------------------------------------


def test_the_chooser_finds_as_readers_find_and_drafts_too(editor: Client) -> None:
    competence_index()
    CompetenceFactory.create(name="Borgerkontakt")
    CompetenceFactory.create(name="Ældrepleje")
    CompetenceFactory.create(name="Regneark")
    CompetenceFactory.create(name="Ældreråd i kladde", published=False)
    index_all()
    assert chosen(editor, "kontakt med borgere") == ["Borgerkontakt"]
    assert chosen(editor, "aeldrepleje") == chosen(editor, "ÆLDREPLEJE") == ["Ældrepleje"]
    assert chosen(editor, "aeldreraad kladde") == chosen(editor, "ældreråd") == ["Ældreråd i kladde"]
    assert chosen(editor, "xyzzyx") == []
    html = editor.get(reverse(CHOOSER.removesuffix("_results"))).content.decode()
    assert 'name=\\"q\\"' in html or 'name="q"' in html


def test_the_chooser_offers_no_draft_of_others(client: Client) -> None:
    competence_index()
    CompetenceFactory.create(name="Ældrepleje")
    CompetenceFactory.create(name="Ældreråd i kladde", published=False)
    index_all()
    client.force_login(holder(Role.PROVIDER, provider="kursuscentret"))
    assert chosen(client, "ældre") == ["Ældrepleje"]


def test_the_list_finds_compounds_and_drafts(editor: Client) -> None:
    competence_index()
    CompetenceFactory.create(name="Borgerkontakt")
    CompetenceFactory.create(name="Kontaktløs kladde", published=False)
    index_all()
    address = reverse("wagtailsnippets_profiles_competence:list")
    html = editor.get(address, {"q": "kontakt med borgere"}).content.decode()
    assert "Borgerkontakt" in html
    assert "Kontaktløs kladde" in editor.get(address, {"q": "kontaktloes"}).content.decode()
    assert "Borgerkontakt" in editor.get(address, {"q": "borger", "ordering": "-name"}).content.decode()


def test_the_choosers_queries_do_not_grow(editor: Client) -> None:
    competence_index()
    counts = []
    for size in (40, 200):
        Competence.objects.all().delete()
        many(size)
        chosen(editor, "journalføring")
        with CaptureQueriesContext(connection) as queries:
            assert chosen(editor, "journalføring")
        counts.append(len(queries))
    assert counts[0] == counts[1]
