"""Search for editors, through the admin: words, promoted results, what people looked for, and the ways between them."""

import datetime as dt
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from portal.core.models import AuditEntry
from portal.core.roles import Role
from search.models import Promotion, QueryCount, Synonym
from search.promotions import promoted_for
from search.synonyms import expansions
from tests.factories.accounts import administrator, editor, holder, user
from tests.factories.pages import standard_page
from tests.search.conftest import Index

pytestmark = pytest.mark.django_db

SYNONYMS, PROMOTIONS = "wagtailsnippets_search_synonym", "wagtailsnippets_search_promotion"
HOSTILE = [
    '"',
    "'",
    "\x00",
    "*",
    "💥",
    "a" * 10_000,
    "ord " * 500,
    "' OR 1=1 --",
    "%",
    "(((",
    "<script>alert(1)</script>",
]
NOON = dt.datetime(2026, 6, 10, 10, tzinfo=dt.UTC)
MONDAY = dt.date(2026, 6, 8)


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(editor())
    return client


def shown(client: Client, name: str, *args: Any, **parameters: Any) -> str:
    response = client.get(reverse(name, args=args), parameters)
    assert response.status_code == 200
    return unescape(response.content.decode())


def rule(**values: Any) -> dict[str, Any]:
    return {"direction": "equal", "words": "skranke\nreception", "means": "", "active": "on", "note": "", **values}


def promotion(page: Any, **values: Any) -> dict[str, Any]:
    empty = {"starts_on": "", "ends_on": "", "note": ""}
    return {"queries": "løn", "page": page.pk, "position": "1", "active": "on", **empty, **values}


class TestSynonyms:
    """An editor keeps them; both parties' alike."""

    @pytest.mark.parametrize("party", ["hk", "kl"])
    def test_an_editor_makes_changes_and_deletes_one(self, client: Client, party: str) -> None:
        client.force_login(editor(f"{party}@{party}.example", party))
        assert client.post(reverse(f"{SYNONYMS}:add"), rule()).status_code == 302
        made = Synonym.objects.get()
        assert [e.words for e in expansions(("skranke",))] == [("reception",)]
        edit = reverse(f"{SYNONYMS}:edit", args=[made.pk])
        assert client.post(edit, rule(words="skranke\nmodtagelse", note="Et lokalt ord")).status_code == 302
        assert [e.words for e in expansions(("skranke",))] == [("modtagelse",)]
        assert client.post(reverse(f"{SYNONYMS}:delete", args=[made.pk])).status_code == 302
        assert expansions(("skranke",)) == ()
        acts = AuditEntry.objects.filter(object_type="search.synonym").order_by("at", "pk")
        assert [act.action for act in acts] == ["synonym.created", "synonym.changed", "synonym.deleted"]
        assert (acts[1].before["is"], acts[1].after["is"]) == ("skranke = reception", "skranke = modtagelse")

    def test_what_is_wrong_stands_at_the_field_and_what_was_typed_stays(self, client: Client) -> None:
        response = client.post(reverse(f"{SYNONYMS}:add"), rule(words="kun-et-ord", note="Min note"))
        text = unescape(response.content.decode())
        assert response.context["form"].errors.keys() == {"words"}
        assert "kun-et-ord" in text
        assert "Min note" in text
        assert "mindst to ord" in text
        assert not Synonym.objects.exists()

    def test_the_preview_shows_both_sides_keeps_the_form_and_stores_nothing(self, client: Client, index: Index) -> None:
        index("1", title="Vagten i receptionen")
        before = AuditEntry.objects.count()
        response = client.post(reverse(f"{SYNONYMS}:add"), rule(note="Min note", **{"show-changes": "1"}))
        text = unescape(response.content.decode())
        assert response.status_code == 200
        assert "Vagten i receptionen" in text
        assert "Min note" in text
        assert not Synonym.objects.exists()
        assert AuditEntry.objects.count() == before
        assert expansions(("skranke",)) == ()

    def test_the_preview_of_a_rule_that_is_there_changes_it_as_little(self, client: Client, index: Index) -> None:
        index("1", title="Modtagelsen")
        made = Synonym.objects.create(words="skranke\nreception")
        address = reverse(f"{SYNONYMS}:edit", args=[made.pk])
        response = client.post(address, rule(words="skranke\nmodtagelse", **{"show-changes": "1"}))
        assert "Modtagelsen" in unescape(response.content.decode())
        made.refresh_from_db()
        assert made.words == "skranke\nreception"

    def test_the_preview_of_what_is_wrong_is_the_field_s_message(self, client: Client) -> None:
        response = client.post(reverse(f"{SYNONYMS}:add"), rule(words="", **{"show-changes": "1"}))
        assert response.context["form"].errors.keys() == {"words"}

    def test_the_preview_takes_as_many_questions_however_many_searches_are_known(
        self, client: Client, index: Index
    ) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.post(reverse(f"{SYNONYMS}:add"), rule(**{"show-changes": "1"}))
            return len(queries)

        with time_machine.travel(NOON, tick=False):
            for number in range(10):
                QueryCount.objects.create(week=MONDAY, text=f"ord {number}", times=9)
            few = cost()
            for number in range(10, 60):
                QueryCount.objects.create(week=MONDAY, text=f"ord {number}", times=8)
            assert cost() == few

    @pytest.mark.parametrize("text", HOSTILE)
    def test_whatever_is_typed_the_page_stands(self, client: Client, text: str) -> None:
        for act in ({}, {"show-changes": "1"}):
            response = client.post(reverse(f"{SYNONYMS}:add"), rule(words=f"{text}\nskranke", **act))
            assert response.status_code in {200, 302}
            assert "<script>alert(1)" not in response.content.decode()
        shown(client, f"{SYNONYMS}:list", q=text)
        assert "<script>alert(1)" not in client.get(reverse(f"{SYNONYMS}:add"), {"words": text}).content.decode()

    def test_a_list_of_many_asks_as_often_as_a_list_of_one(self, client: Client) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                shown(client, f"{SYNONYMS}:list")
            return len(queries)

        Synonym.objects.create(words="a1\nb1")
        cost()
        few = cost()
        for number in range(20):
            Synonym.objects.create(words=f"a{number}x\nb{number}x")
        assert cost() == few

    def test_nothing_yet(self, client: Client) -> None:
        shown(client, f"{SYNONYMS}:list")
        shown(client, f"{PROMOTIONS}:list")


class TestPromotions:
    """An editor keeps them."""

    def test_an_editor_makes_changes_and_deletes_one(self, client: Client) -> None:
        page = standard_page("Løn og pension")
        assert client.post(reverse(f"{PROMOTIONS}:add"), promotion(page)).status_code == 302
        made = Promotion.objects.get()
        assert promoted_for("løn") == (f"pages.standard:{page.pk}",)
        assert "Løn og pension" in shown(client, f"{PROMOTIONS}:list")
        edit = reverse(f"{PROMOTIONS}:edit", args=[made.pk])
        assert client.post(edit, promotion(page, queries="ferie", ends_on="2031-01-01")).status_code == 302
        assert promoted_for("løn") == ()
        assert client.post(reverse(f"{PROMOTIONS}:delete", args=[made.pk])).status_code == 302
        acts = AuditEntry.objects.filter(object_type="search.promotion").order_by("at", "pk")
        assert [act.action for act in acts] == ["promotion.created", "promotion.changed", "promotion.deleted"]

    def test_what_is_wrong_stands_at_the_field(self, client: Client) -> None:
        page = standard_page("Løn og pension")
        wrong = promotion(page, queries="og", starts_on="2026-06-10", ends_on="2026-06-01")
        response = client.post(reverse(f"{PROMOTIONS}:add"), wrong)
        assert response.context["form"].errors.keys() == {"queries", "ends_on"}
        response = client.post(reverse(f"{PROMOTIONS}:add"), {**wrong, "page": ""})
        assert "page" in response.context["form"].errors

    def test_the_list_says_why_a_page_is_not_shown(self, client: Client) -> None:
        draft = standard_page("Kladde", published=False)
        Promotion.objects.create(queries="løn", page=draft.page_ptr)
        assert "Siden er ikke udgivet" in shown(client, f"{PROMOTIONS}:list")

    def test_the_list_says_who_sees_a_private_page(self, client: Client) -> None:
        above = standard_page("Kun for nogle")
        below = standard_page("Løn", parent=above)
        Promotion.objects.create(queries="løn", page=below.page_ptr)
        said = "Står først for dem, der må se siden"
        assert said not in shown(client, f"{PROMOTIONS}:list")
        PageViewRestriction.objects.create(page=above.page_ptr, restriction_type=PageViewRestriction.LOGIN)
        assert said in shown(client, f"{PROMOTIONS}:list")

    def test_a_list_of_many_asks_as_often_as_a_list_of_one(self, client: Client) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                shown(client, f"{PROMOTIONS}:list")
            return len(queries)

        Promotion.objects.create(queries="ord", page=standard_page("Side").page_ptr)
        cost()
        few = cost()
        for number in range(5):
            Promotion.objects.create(queries=f"ord {number}", page=standard_page(f"Side {number}").page_ptr)
        assert cost() == few


class TestWhatPeopleLookedFor:
    """The page, and the ways on from it."""

    @pytest.fixture(autouse=True)
    def noon(self) -> Any:
        with time_machine.travel(NOON, tick=False):
            yield

    def test_nothing_yet(self, client: Client) -> None:
        text = shown(client, "search_admin:usage")
        assert "Der er ikke talt noget" in text
        assert "<svg" not in text.split("<main")[-1] or "search-chart" not in text

    def test_most_asked_and_not_found_by_week_and_together(self, client: Client) -> None:
        for week, text, times, misses in [
            (0, "mus", 10, 0),
            (1, "mus", 5, 0),
            (1, "skranke", 9, 9),
            (20, "fax", 50, 50),
        ]:
            monday = MONDAY - dt.timedelta(weeks=week)
            QueryCount.objects.create(week=monday, text=text, times=times, misses=misses)
        screen = client.get(reverse("search_admin:usage")).context["screen"]
        assert [(line.asked.text, line.asked.times) for line in screen.asked] == [("mus", 15), ("skranke", 9)]
        assert [line.asked.text for line in screen.missed] == ["skranke"]
        assert (screen.times, screen.misses) == (24, 9)
        week = client.get(reverse("search_admin:usage"), {"uge": "2026-06-08"}).context["screen"]
        assert [(line.asked.text, line.asked.times) for line in week.asked] == [("mus", 10)]
        assert week.missed == ()
        year = client.get(reverse("search_admin:usage"), {"uger": "52"}).context["screen"]
        assert [line.asked.text for line in year.missed] == ["fax", "skranke"]

    def test_one_press_to_a_synonym_or_a_promoted_result(self, client: Client) -> None:
        QueryCount.objects.create(week=MONDAY, text="børn & unge", times=9, misses=9)
        (line,) = client.get(reverse("search_admin:usage")).context["screen"].missed
        assert line.synonym_url in shown(client, "search_admin:usage").replace("&amp;", "&")
        for address in (line.synonym_url, line.promotion_url):
            assert "børn & unge" in unescape(client.get(address).content.decode())
        assert client.get(line.result_url).status_code == 200

    @pytest.mark.parametrize(
        "parameters",
        [
            {"uger": "0"},
            {"uger": "-1"},
            {"uger": "9" * 99},
            {"uger": "x"},
            {"uge": "0001-01-01"},
            {"uge": "💥"},
            {"uge": "\x00"},
        ],
    )
    def test_whatever_the_address_says_there_is_a_page(self, client: Client, parameters: dict[str, str]) -> None:
        shown(client, "search_admin:usage", **parameters)

    def test_a_year_of_many_asks_as_often_as_a_week_of_one(self, client: Client) -> None:
        def cost(**parameters: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                shown(client, "search_admin:usage", **parameters)
            return len(queries)

        QueryCount.objects.create(week=MONDAY, text="mus", times=9, misses=1)
        cost()
        few = cost()
        for number in range(30):
            monday = MONDAY - dt.timedelta(weeks=number)
            QueryCount.objects.create(week=monday, text=f"ord {number}", times=9, misses=number % 3)
        assert cost(uger="52") == few


class TestTheMenu:
    """Who finds it."""

    def test_editors_and_administrators(self, client: Client) -> None:
        for person in (editor("r@kl.example", "kl"), administrator()):
            client.force_login(person)
            text = client.get(reverse("wagtailadmin_home")).content.decode()
            for name in ("search_admin:usage", f"{SYNONYMS}:list", f"{PROMOTIONS}:list"):
                assert reverse(name) in text

    def test_nobody_else(self, client: Client) -> None:
        client.force_login(holder(Role.PROVIDER, provider="akademiet"))
        text = client.get(reverse("wagtailadmin_home")).content.decode()
        for name in ("search_admin:usage", f"{SYNONYMS}:list", f"{PROMOTIONS}:list"):
            assert reverse(name) not in text
            assert client.get(reverse(name)).status_code == 302
        client.force_login(user("uden@rolle.example"))
        assert client.get(reverse("search_admin:usage")).status_code in {302, 403}
