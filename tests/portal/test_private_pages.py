"""What only those signed in may read is named nowhere else: not in lists, menus, sections, other pages or search."""

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from tests.factories.pages import article, article_index, home, project, publication, standard_page
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, competence_index, group, item

pytestmark = pytest.mark.django_db

CANARY = "Hemmelig kanariefugl"


def _make_private(page: Page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def _assert_nowhere(client: Client, *paths: str) -> None:
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        assert CANARY not in response.content.decode(), path


def test_a_private_profile_is_named_nowhere(client: Client) -> None:
    competences = competence_index()
    competence = CompetenceFactory.create(name="Klart sprog", slug="klart-sprog")
    secret = ProfilePageFactory.make(title=CANARY, slug="hemmelig", groups=[group("En", item(competence))])
    other = ProfilePageFactory.make(title="Åben profil", slug="aaben", groups=[group("En", item(competence))])
    competence_page = competences.competence_url("klart-sprog")
    paths = ["/", "/profiler/", other.url, competence_page, "/soeg/?q=kanariefugl"]
    call_command("worker", once=True)
    assert CANARY in client.get("/profiler/").content.decode()
    assert CANARY in client.get(competence_page).content.decode()
    _make_private(secret)
    call_command("worker", once=True)
    assert client.get(secret.url).status_code == 302
    paths.remove("/soeg/?q=kanariefugl")
    _assert_nowhere(client, *paths)
    # The search page repeats the question, so here only the hits are read.
    assert secret.url not in client.get("/soeg/?q=kanariefugl").content.decode()


def test_private_news_projects_and_pages_are_in_no_list(client: Client) -> None:
    news, secret_work, about = article(CANARY), publication(CANARY), standard_page("Om os")
    child = standard_page(CANARY, parent=about)
    work = project("Åbent projekt", publications=[secret_work])
    for page in (news, secret_work, child):
        _make_private(page)
    _assert_nowhere(client, article_index().url, work.get_parent().url, work.url, about.url)


def test_a_private_page_is_not_in_the_menu(client: Client) -> None:
    page = standard_page(CANARY)
    Page.objects.filter(pk=page.pk).update(show_in_menus=True)
    assert CANARY in client.get("/").content.decode()
    _make_private(page)
    _assert_nowhere(client, home().url)
