"""The municipalities' pages: released totals and nothing live, hidden ones in words, meetings and contacts of the place."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from portal.desk.models import MunicipalityIndexPage
from portal.pages.api import HomePage
from profilecatalog.assessment.api import close_standing_rounds
from tests.factories.accounts import user
from tests.factories.assessment import answers, level, profile, release_of, respond, same_answer
from tests.factories.contacts import ContactCardFactory
from tests.factories.events import EventPageFactory, occurrence
from tests.factories.organisations import COPENHAGEN, municipality, region
from tests.factories.pages import home, put

pytestmark = pytest.mark.django_db
SUMMER, AUTUMN = dt.datetime(2026, 8, 12, 12, tzinfo=dt.UTC), dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def index() -> MunicipalityIndexPage:
    found = MunicipalityIndexPage.objects.first()
    return found or put(home(), MunicipalityIndexPage(title="Kommuner", slug="kommuner", show_in_menus=True))


def in_days(days: int) -> dt.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=days)


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def round_of(*, people: int, competences: int = 2, title: str = "Borgerservice") -> Any:
    """Let people in Odense answer in the summer, and close the round in the autumn."""
    page = profile(competences=competences, title=title)
    release = release_of(page)
    rows = [answers(release, level(1 + number % 4)) for number in range(people)]
    respond(release, rows, where=municipality(), on=SUMMER.date())
    close_standing_rounds(AUTUMN)
    return page


class PageType(WagtailPageTestCase):
    """Wagtail's own assertions."""

    def test_the_list(self) -> None:
        self.client.force_login(user(is_superuser=True))
        page = index()
        data = nested_form_data(
            {
                "title": "Kommuner",
                "slug": "kommuner",
                "lead": "Find din kommune.",
                "municipality_lead": "Jeres samlede billede.",
                "safety_title": "",
                "safety_text": rich_text(""),
                "comments": inline_formset([]),
            }
        )
        self.assertAllowedParentPageTypes(MunicipalityIndexPage, {HomePage})
        self.assertAllowedSubpageTypes(MunicipalityIndexPage, set())
        self.assertPageIsRoutable(page)
        self.assertPageIsRenderable(page)
        self.assertPageIsRoutable(page, "/odense/")
        self.assertPageIsRenderable(page, "/odense/")
        self.assertPageIsEditable(page, post_data={**data, "action-publish": "1"})
        self.assertPageIsPreviewable(page, post_data=data)


def test_the_list_names_all_98_under_the_regions_of_the_day(client: Client) -> None:
    html = read(client, index().url)
    assert html.count('class="plain places"') == 5
    assert all(f"/kommuner/{slug}/" in html for slug in ("odense", "koebenhavn", "aeroe", "aabenraa"))
    assert html.index("Ærø") < html.index("Aabenraa")
    with time_machine.travel(dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC), tick=False):
        html = read(client, index().url)
    assert "Region Østdanmark" in html
    assert "Region Sjælland" not in html


def test_the_list_comes_before_the_map_and_counts_coming_meetings(client: Client) -> None:
    event = EventPageFactory.make()
    for days in (-3, 3, 5):
        occurrence(in_days(days), event=event)
    html = read(client, index().url)
    assert "2 møder" in html
    assert html.index("2 møder") < html.index('class="maps"')


@pytest.mark.parametrize("slug", ["findes-ikke", "odense2", "%27", "..%2f", "0461", "a" * 300])
def test_an_unknown_municipality_is_a_page_that_does_not_exist(client: Client, slug: str) -> None:
    response = client.get(f"{index().url}{slug}/")
    assert response.status_code == 404
    assert "site-head" in response.content.decode()


def test_totals_of_the_closed_round_are_shown_with_the_need(client: Client) -> None:
    round_of(people=12)
    html = read(client, f"{index().url}odense/")
    for text in (
        "Borgerservice: hvor står I?",
        "12 svar i alt",
        "Runde lukket 30. september 2026",
        "25 procent Kender",
    ):
        assert text in html
    # Level 2 is asked of everyone now and level 3 in future: 75 and 50 percent have it.
    assert "75 af 100 %" in html
    assert "50 af 100 %" in html
    assert "50 procentpoint" in html
    assert "mindst 8 har svaret" in html


def test_nothing_live_reaches_the_page(client: Client) -> None:
    page = round_of(people=12)
    before = read(client, f"{index().url}odense/")
    release = release_of(page)
    respond(release, [same_answer(release, level(4))] * 20, where=municipality(), on=AUTUMN.date())
    assert read(client, f"{index().url}odense/") == before


def test_too_few_answers_are_said_in_words_and_no_figure_is_told(client: Client) -> None:
    round_of(people=5)
    html = read(client, f"{index().url}odense/")
    assert "For få besvarelser" in html
    assert "svar i alt" not in html
    assert "procent Kender" not in html
    assert 'class="dist"' not in html


def test_a_municipality_without_a_round_says_when_figures_come(client: Client) -> None:
    html = read(client, f"{index().url}koebenhavn/")
    assert "Ingen tal endnu" in html
    assert "Der er ikke angivet kontakter for kommunen endnu." in html


def test_contacts_of_the_municipality_and_its_region_are_shown(client: Client) -> None:
    ContactCardFactory.create(function="Koordinator i Odense", municipality=municipality())
    ContactCardFactory.create(function="Regional konsulent", region=region())
    ContactCardFactory.create(function="Koordinator i København", municipality=municipality(COPENHAGEN))
    html = read(client, f"{index().url}odense/")
    assert html.index("Koordinator i Odense") < html.index("Regional konsulent")
    assert "Koordinator i København" not in html


def test_meetings_come_through_the_registry(client: Client) -> None:
    event = EventPageFactory.make(title="Når samtalen bliver svær")
    occurrence(in_days(3), event=event)
    assert "Når samtalen bliver svær" in read(client, f"{index().url}odense/")


def test_the_editors_words_stand_above_the_figures(client: Client) -> None:
    page = index()
    page.safety_title, page.safety_text = "Kun grupper", "<p>Vores egen forklaring.</p>"
    page.municipality_lead = "Jeres samlede billede."
    page.save_revision().publish()
    html = read(client, f"{page.url}odense/")
    for text in ("Kun grupper", "Vores egen forklaring.", "Jeres samlede billede."):
        assert text in html
    assert "Et tal vises kun, når mindst 8" not in html


def queries(client: Client, url: str) -> list[str]:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_query_counts_do_not_grow_with_the_content(client: Client) -> None:
    url = f"{index().url}odense/"
    round_of(people=9, competences=1, title="Lille")
    event = EventPageFactory.make()
    occurrence(in_days(3), event=event)
    ContactCardFactory.create(municipality=municipality())
    few, few_in_list = queries(client, url), queries(client, index().url)
    ContactCardFactory.create_batch(4, municipality=municipality())
    for days in range(4, 9):
        occurrence(in_days(days))
    many, many_in_list = queries(client, url), queries(client, index().url)
    assert len(many) == len(few), "\n".join(many)
    assert len(many_in_list) == len(few_in_list), "\n".join(many_in_list)
    assert len(many) <= 20, "\n".join(many)


def test_query_counts_do_not_grow_with_competences(client: Client) -> None:
    url = f"{index().url}odense/"
    page = round_of(people=9, competences=6)
    many = queries(client, url)
    assert len(many) <= 17, "\n".join(many)
    assert page.title in read(client, url)
