"""What visitors see of the general pages: the site of a fresh database, menu, footer, lists; nothing that is not live."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from portal.core.models import PageGovernance
from portal.pages.api import ArticlePage, HomePage, SiteSettings
from tests.factories import pages as make
from tests.factories.contacts import ContactCardFactory
from tests.factories.organisations import municipality, region

pytestmark = pytest.mark.django_db


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def queries(client: Client, url: str) -> list[str]:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_a_fresh_database_has_a_site_in_danish(client: Client) -> None:
    site = Site.objects.get(is_default_site=True)
    assert isinstance(site.root_page.specific, HomePage)
    assert (site.hostname, site.root_page.title) == ("localhost", "Forside")
    html = read(client, "/")
    assert '<html lang="da">' in html
    assert "Se, hvad dit job kræver nu og fremover" in html
    assert "Welcome to your new Wagtail site" not in html


def test_no_get_writes_anything(client: Client) -> None:
    read(client, "/")
    assert not SiteSettings.objects.exists()


def test_the_home_page_shows_ways_whose_page_is_live(client: Client) -> None:
    home: Any = make.home()
    live, draft = make.standard_page("Find din profil"), make.standard_page("Kladden", published=False)
    ways = [
        ("way", {"icon": "groups", "title": page.title, "text": "Kort.", "page": page.pk}) for page in (live, draft)
    ]
    home.ways = make.blocks(*ways)
    home.notice_title, home.notice_text = "Godt at vide", "<p>Ikke til afskedigelser.</p>"
    home.notice_page = draft.page_ptr
    home.save_revision().publish()
    html = read(client, "/")
    assert live.url in html
    assert "Ikke til afskedigelser." in html
    assert "Kladden" not in html


def test_the_menu_is_the_live_pages_below_home_in_the_order_of_the_tree(client: Client) -> None:
    first, second = make.standard_page("Profiler", show_in_menus=True), make.standard_page("Kurser", show_in_menus=True)
    make.standard_page("Ikke i menuen")
    make.standard_page("Kun en kladde", show_in_menus=True, published=False)
    html = read(client, second.url)
    menu = html[html.index('id="menu"') : html.index("</nav>")]
    assert menu.index(first.title) < menu.index(second.title)
    assert "Ikke i menuen" not in menu
    assert "Kun en kladde" not in html
    assert f'<a href="{second.url}" aria-current="page">' in menu
    assert f'<a href="{first.url}">' in menu


def test_the_menu_marks_the_room_that_a_page_lies_in(client: Client) -> None:
    room = make.standard_page("Profiler", show_in_menus=True)
    inside = make.standard_page("En under", parent=room)
    neighbour = make.standard_page("Profiler og andet", show_in_menus=True)
    html = read(client, inside.url)
    assert f'<a href="{room.url}" aria-current="true">' in html
    assert f'<a href="{neighbour.url}">' in html


def test_the_footer_leaves_out_links_that_lead_nowhere(client: Client) -> None:
    live, draft = make.standard_page("Privatlivspolitik"), make.standard_page("Kladden", published=False)
    SiteSettings.objects.create(
        site=Site.objects.get(),
        footer_text="Udgivet i fællesskab.",
        example_line="Alt indhold her er eksempelindhold",
        privacy_page=live.page_ptr,
        accessibility_page=draft.page_ptr,
        contact_email="portal@hk.example",
        footer_columns=make.blocks(
            (
                "column",
                {
                    "heading": "Hjælp",
                    "links": [
                        make.link("Her", live),
                        make.link("Væk", draft),
                        make.link("Ude", url="https://x.example/"),
                    ],
                },
            ),
            ("column", {"heading": "Tom", "links": [make.link("Også væk", draft)]}),
        ),
    )
    html = read(client, "/")
    foot = html[html.index('class="site-foot"') :]
    for text in ("Udgivet i fællesskab.", "eksempelindhold", "Hjælp", "https://x.example/", "mailto:portal@hk.example"):
        assert text in foot
    assert foot.count(live.url) == 2
    for text in ("Væk", "Tom", "Tilgængelighedserklæring"):
        assert text not in foot


def test_the_breadcrumb_leads_home_and_ends_at_the_page(client: Client) -> None:
    outer = make.standard_page("Ydre")
    inner = make.standard_page("Indre", parent=outer)
    html = read(client, inner.url)
    crumbs = html[html.index("crumbs") : html.index("</ol>", html.index("crumbs"))]
    assert '<a href="/">Forside</a>' in crumbs
    assert f'<a href="{outer.url}">Ydre</a>' in crumbs
    assert '<li aria-current="page">Indre</li>' in crumbs
    assert "crumbs" not in read(client, "/")


def test_english_is_the_interface_and_the_content_stays_marked_as_danish(client: Client) -> None:
    page = make.standard_page("Om portalen", show_in_menus=True)
    url = page.url
    html = read(client, f"/en{url}")
    assert '<html lang="en">' in html
    assert '<main id="main" tabindex="-1" lang="da">' in html
    assert f'href="/en{url}"' in html


def test_articles_come_newest_first_ten_to_a_page(client: Client) -> None:
    for day in range(1, 13):
        make.article(f"Nyhed {day:02}", date=dt.date(2026, 10, day))
    make.article("Ikke udgivet", published=False)
    url = make.article_index().url
    first = read(client, url)
    assert first.index("Nyhed 12") < first.index("Nyhed 03")
    assert "Nyhed 02" not in first
    assert "Ikke udgivet" not in first
    assert "Nyhed 02" in read(client, f"{url}?side=2")


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "1 OR 1=1", "💥", "%00", "9" * 5000])
def test_a_page_number_that_is_none_shows_a_page(client: Client, number: str) -> None:
    make.article()
    assert "En nyhed" in read(client, f"{make.article_index().url}?side={number}")


def test_two_articles_of_one_day_have_a_fixed_order() -> None:
    made = [make.article(f"Nyhed {n}") for n in range(4)]
    order = list(ArticlePage.objects.newest_first().values_list("pk", flat=True))
    assert order == [page.pk for page in reversed(made)]


def test_a_page_behind_a_restriction_is_in_no_menu_and_no_list(client: Client) -> None:
    hidden = make.standard_page("Kun for os", show_in_menus=True)
    article = make.article("Intern nyhed")
    for page in (hidden, article):
        PageViewRestriction.objects.create(page=page.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    html = read(client, make.article_index().url)
    assert "Kun for os" not in html
    assert "Intern nyhed" not in html
    assert client.get(hidden.url).status_code == 302


def test_an_empty_list_says_so(client: Client) -> None:
    assert "Ingen nyheder endnu" in read(client, make.article_index().url)
    html = read(client, make.project_index().url)
    assert "Der er ikke beskrevet projekter endnu." in html
    assert "Ingen kontakter endnu" in read(client, make.contact_index().url)


def test_a_project_and_its_publications_name_each_other(client: Client) -> None:
    shown, hidden = make.publication("Nye roller"), make.publication("Ikke udgivet", published=False)
    project = make.project(publications=[shown, hidden])
    html = read(client, project.url)
    assert shown.url in html
    assert "Parterne" in html
    assert "Ikke udgivet" not in html
    assert project.url in read(client, shown.url)


def test_the_list_of_contacts_is_grouped_and_leaves_out_what_is_taken_off(client: Client) -> None:
    ContactCardFactory.create(function="Landskonsulent", phone="+45 70 10 00 01")
    ContactCardFactory.create(function="Regional konsulent", region=region())
    ContactCardFactory.create(function="Koordinator", municipality=municipality())
    ContactCardFactory.create(function="Taget af", active=False)
    html = read(client, make.contact_index().url)
    assert html.index("Landskonsulent") < html.index("Region Syddanmark") < html.index("Regional konsulent")
    assert html.index("Regional konsulent") < html.index("Odense") < html.index("Koordinator")
    assert 'href="tel:+4570100001"' in html
    assert "Taget af" not in html


def test_chosen_cards_in_a_text_vanish_when_they_are_taken_off(client: Client) -> None:
    kept, off = ContactCardFactory.create(function="Bliver"), ContactCardFactory.create(function="Forsvinder")
    cards = [{"type": "item", "value": card.pk, "id": str(card.uuid)} for card in (kept, off)]
    page = make.standard_page(body=make.blocks(("contacts", {"heading": "Spørg", "cards": cards})))
    assert "Forsvinder" in read(client, page.url)
    off.active = False
    off.save()
    html = read(client, page.url)
    assert "Bliver" in html
    assert "Forsvinder" not in html


def test_hostile_words_are_words(client: Client) -> None:
    nasty = '"><script>alert(1)</script>'
    page = make.standard_page("Farlig", lead=nasty, body=make.blocks(("heading", nasty)))
    html = read(client, page.url)
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_query_counts_do_not_grow_with_the_content(client: Client) -> None:
    room = make.standard_page("Profiler", show_in_menus=True)
    project = make.project(publications=[make.publication("Første")])
    lists = [
        make.home(),
        room,
        make.article_index(),
        make.article(),
        make.project_index(),
        project,
        make.contact_index(),
    ]
    ContactCardFactory.create(municipality=municipality())
    before = {page.url: queries(client, page.url) for page in lists}
    _grow(room, project)
    for url, sql in before.items():
        after = queries(client, url)
        assert len(after) <= len(sql), "\n".join(after)
        assert len(after) <= 16, "\n".join(after)


def _grow(room: Page, project: Any) -> None:
    for n in range(5):
        make.standard_page(f"Menu {n}", show_in_menus=True)
        make.standard_page(f"Under {n}", parent=room)
        make.article(f"Flere {n}")
        publication = make.publication(f"Publikation {n}")
        project.publication_links.create(publication=publication, sort_order=n + 1)
        ContactCardFactory.create(municipality=municipality())
    PageGovernance.objects.create(page=project.page_ptr, review_on=dt.date(2026, 1, 1))
