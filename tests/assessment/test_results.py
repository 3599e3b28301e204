"""A person's own result: what is counted, what comes first, and what never becomes a demand on her."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from portal.core import sections
from profilecatalog.assessment.results import Result, Standing, build_result
from profilecatalog.assessment.screens import ResultScreen, result_screen
from tests.assessment.pages import draw, filled, public_url
from tests.factories.assessment import DONT_KNOW, NOT_RELEVANT, answers, level, profile, release_of

pytestmark = pytest.mark.django_db


def result_of(items: list[dict[str, Any]], *givens: Any) -> Result:
    release = release_of(profile(competences=len(items), items=items))
    return build_result(release.document, answers(release, *givens))


def screen_of(items: list[dict[str, Any]], *givens: Any) -> ResultScreen:
    return result_screen(result_of(items, *givens))


def test_each_answer_stands_in_one_place_beside_the_requirement() -> None:
    items: list[dict[str, Any]] = [{"now_level": 2, "future_level": 3}] * 6
    rows = result_of(items, level(3), level(2), level(1), NOT_RELEVANT, DONT_KNOW, level(4)).rows
    assert [row.standing for row in rows] == [
        Standing.MET,
        Standing.GROWS,
        Standing.BELOW,
        Standing.NOT_RELEVANT,
        Standing.DONT_KNOW,
        Standing.MET,
    ]


def test_a_requirement_of_the_team_asks_nothing_of_one_person() -> None:
    team = {
        "now_team_kind": "min_count",
        "now_team_amount": 2,
        "now_team_level": 4,
        "now_level": None,
        "future_level": None,
    }
    result = result_of([team], level(1))
    assert [row.standing for row in result.rows] == [Standing.NO_REQUIREMENT]
    assert (result.steps, result.gaps, result.below, result.growing) == ((), (), (), ())
    screen = result_screen(result)
    assert screen.has_team_requirements
    assert screen.table[0][2:] == ("Intet krav", "Intet krav")


def test_the_largest_gaps_by_importance_come_first_and_there_are_three() -> None:
    items: list[dict[str, Any]] = [
        {"now_level": 2, "future_level": 2, "importance": "useful"},
        {"now_level": 3, "future_level": 3, "importance": "essential"},
        {"now_level": 1, "future_level": 4, "importance": "essential"},
        {"now_level": 2, "future_level": 2, "importance": "important"},
        {"now_level": 1, "future_level": 1, "importance": "essential"},
    ]
    result = result_of(items, level(1))
    # 2·3·2 + 2·3 = 18 · 3·3 = 9 · 2·2 + 2 = 6 · 3 · none.
    assert [row.weight for row in result.rows] == [3, 18, 9, 6, 0]
    assert result.steps == (result.rows[1], result.rows[2], result.rows[3])
    assert [(gap.from_level, gap.to_level) for gap in result.gaps] == [(1, 3), (1, 4), (1, 2), (1, 2)]


def test_each_step_says_why_and_quotes_the_next_level() -> None:
    screen = screen_of([{"now_level": 2, "future_level": 3}, {"now_level": 1, "future_level": 2}], level(1))
    first, second = screen.steps
    assert first.title.endswith(": fra 1 Kender til 2 Kan")
    assert first.because == "du er på 1 Kender, og kravet nu er 2 Kan. I 2028 er kravet 3 Mestrer."
    assert "trin 2" in first.next_text
    assert second.because == "kravet vokser til 2 Kan i 2028, og du er på 1 Kender."


def test_what_a_person_cannot_tell_is_a_step_when_there_is_room() -> None:
    screen = screen_of([{"now_level": 2, "future_level": 3}], DONT_KNOW)
    (step,) = screen.steps
    assert step.title.endswith(": find ud af, hvor du står")
    assert step.because == "du svarede “Ved ikke”. Kravet nu er 2 Kan."


@pytest.mark.parametrize(
    ("givens", "lead"),
    [
        (
            [level(3), level(3)],
            "Du opfylder 2 af 2 krav i dag. Du mangler ikke noget i det, du har svaret på, hverken nu eller fremover.",
        ),
        ([level(1), level(3)], "Du opfylder 1 af 2 krav i dag. Ét område er værd at tage fat på nu."),
        (
            [level(1), level(2)],
            (
                "Du opfylder 1 af 2 krav i dag. Ét område er værd at tage fat på nu. "
                "Ét krav, som du opfylder i dag, vokser frem mod 2028."
            ),
        ),
        ([level(1), DONT_KNOW], "Du opfylder 0 af 1 krav i dag. Ét område er værd at tage fat på nu."),
        (
            [NOT_RELEVANT, DONT_KNOW],
            "Du har ikke valgt et niveau for nogen kompetence, så der er ikke noget at sammenligne endnu.",
        ),
    ],
)
def test_the_sentence_on_top(givens: list[Any], lead: str) -> None:
    assert screen_of([{"now_level": 2, "future_level": 3}] * 2, *givens).lead == lead


def test_the_page_shows_picture_and_table_and_never_an_average() -> None:
    page = profile(competences=2)
    url = public_url(page)
    html = Client().post(url, filled(release_of(page), "1", "4", token=draw(url))).content.decode()
    assert html.count('class="track"') == 2
    assert "<table" in html
    assert "data-print" in html
    assert "2,5" not in html
    assert "form-error" not in html
    assert html.index("Her kan du begynde") < html.index("Dit billede") < html.index("Tag det med til din MUS")


def test_packages_above_may_add_to_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Result] = []

    def provider(request: Any, result: Result) -> None:
        seen.append(result)

    monkeypatch.setattr(sections, "_registry", {})
    sections.register("assessment.result", "trial", provider, order=1)
    page = profile(competences=1)
    url = public_url(page)
    Client().post(url, filled(release_of(page), "1", token=draw(url)))
    assert [gap.to_level for gap in seen[0].gaps] == [2]


def test_english_sentences() -> None:
    with translation.override("en"):
        screen = screen_of([{"now_level": 2, "future_level": 3}], level(1))
    assert screen.lead == "You meet 0 of 1 requirement today. One area is worth taking up now."
    assert screen.steps[0].because == "you are at 1 Kender, and 2 Kan is required now. In 2028 it is 3 Mestrer."
