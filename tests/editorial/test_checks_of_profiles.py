"""What a profile is checked for before people are asked to read it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.editorial.api import Finding
from portal.editorial.checks.anchors import fragment
from portal.organisations.api import Party
from profilecatalog.profiles.models import (
    CompetenceLevelText,
    DialogueQuestion,
    ProfilePage,
    ProfilePublisher,
    ProfileSource,
    ProfileTask,
)
from tests.editorial.moments import found
from tests.factories.accounts import editor
from tests.factories.pages import standard_page
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item
from tests.profiles.helpers import draft, items

pytestmark = pytest.mark.django_db

PROFILE_CHECKS = ("profiles.complete", "profiles.level_texts", "profiles.change_declared")


def finished(**values: Any) -> Any:
    """Return the draft of a profile that lacks nothing."""
    page = ProfilePageFactory.make(**values)
    page = draft(page)
    page.release_change, page.release_reason = "changed", "Nye opgaver er kommet til."
    page.tasks = [ProfileTask(text=f"Opgave {number}", sort_order=number) for number in range(3)]
    page.questions = [DialogueQuestion(text=f"Hvad {number}?", sort_order=number) for number in range(3)]
    page.publishers = [ProfilePublisher(party=Party.objects.get(key="hk"))]
    page.sources = [ProfileSource(title="Interviews", url="https://kl.example/")]
    return page


def everything(page: Any) -> list[Finding]:
    return [finding for name in PROFILE_CHECKS for finding in found(name, page)]


def without_text(competence: Any, level: int) -> None:
    CompetenceLevelText.objects.filter(competence=competence, level_number=level).delete()


def test_a_finished_profile_is_right() -> None:
    assert everything(finished()) == []


def test_another_page_is_none_of_their_business() -> None:
    assert everything(standard_page(published=False)) == []


@pytest.mark.parametrize(
    ("field", "value", "stops"),
    [
        ("lead", " ", True),
        ("in_short", "<p></p>", True),
        ("target_job", "", True),
        ("sector", "", False),
        ("tasks", [], True),
        ("tasks", [ProfileTask(text="Én")], False),
        ("questions", [], True),
        ("questions", [DialogueQuestion(text="Én?")], False),
        ("publishers", [], True),
        ("sources", [], False),
        ("groups", [], True),
    ],
)
def test_what_is_missing_is_named_at_its_field(field: str, value: Any, stops: bool) -> None:
    page = finished()
    setattr(page, field, value)
    (finding,) = found("profiles.complete", page)
    assert (finding.field, finding.stops) == (field, stops)


def test_base_competences_need_neither_job_nor_sector() -> None:
    page = finished(kind="base", target_job="", sector="")
    assert found("profiles.complete", page) == []


def test_what_a_release_would_refuse_is_said_at_the_row() -> None:
    page = finished(
        groups=[group("Først", item(CompetenceFactory.create())), group("Dernæst", item(CompetenceFactory.create()))]
    )
    row = items(page)[1]
    row.now_level = row.future_level = None
    asked = [finding for finding in found("profiles.complete", page) if finding.row]
    assert [(finding.row, finding.field, finding.stops) for finding in asked] == [
        (str(row.uuid), "groups-1-items-0-now_level", True)
    ]
    assert "Dernæst" in asked[0].message


def test_an_empty_group_stops_and_two_of_a_name_are_asked_about() -> None:
    page = finished()
    page.groups = [*page.groups.all(), group("Ny"), group(" ny ", item(CompetenceFactory.create()))]
    findings = found("profiles.complete", page)
    assert [(finding.stops, "tom" in finding.message) for finding in findings] == [
        (True, True),
        (False, False),
        (False, False),
    ]


def test_a_profile_without_a_future_is_asked_about() -> None:
    page = finished(groups=[group("Nu", item(CompetenceFactory.create(), future_level=None))])
    (finding,) = found("profiles.complete", page)
    assert finding.field == "groups" and not finding.stops


def test_a_competence_without_a_level_text_is_named_with_the_level() -> None:
    competence = CompetenceFactory.create(name="Digital vejledning")
    page = finished(groups=[group("Mødet", item(competence))])
    without_text(competence, 3)
    (finding,) = found("profiles.level_texts", page)
    assert "Digital vejledning" in finding.message and "3 Mestrer" in finding.message
    assert (finding.row, finding.field) == (str(items(page)[0].uuid), "groups-0-items-0-competence")


def test_a_draft_of_a_competence_fills_no_hole() -> None:
    competence = CompetenceFactory.create()
    page = finished(groups=[group("Mødet", item(competence))])
    competence.refresh_from_db()
    competence.save_revision()
    without_text(competence, 1)
    assert len(found("profiles.level_texts", page)) == 1


@pytest.mark.parametrize(
    ("change", "reason", "fields"),
    [
        ("", "", ["release_change", "release_reason"]),
        ("changed", "", ["release_reason"]),
        ("clarified", "Fordi.", ["release_change"]),
        ("changed", "Fordi.", []),
    ],
)
def test_a_raised_requirement_must_be_declared_and_truly(change: str, reason: str, fields: list[str]) -> None:
    page = finished()
    page.save_revision().publish()
    page = draft(ProfilePage.objects.get(pk=page.pk))
    items(page)[0].future_level = 4
    page.release_change, page.release_reason = change, reason
    findings = found("profiles.change_declared", page)
    assert [finding.field for finding in findings] == fields
    assert all(finding.stops for finding in findings)
    assert [finding for finding in found("profiles.complete", page) if finding.field in fields] == []


def test_a_big_profile_costs_as_many_questions_as_a_small_one() -> None:
    costs = []
    for size in (2, 30):
        rows = [item(CompetenceFactory.create()) for _number in range(size)]
        page = finished(groups=[group("En", *rows[: size // 2]), group("To", *rows[size // 2 :])])
        page.save_revision()
        page = draft(page)
        with CaptureQueriesContext(connection) as queries:
            for name in (*PROFILE_CHECKS, "internal_links", "alt_texts", "headings", "reading_ease", "external_links"):
                found(name, page)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 40, costs


def test_every_finding_leads_to_something_that_the_editor_has(client: Any) -> None:
    page = finished(
        groups=[group("Først", item(CompetenceFactory.create())), group("Dernæst", item(CompetenceFactory.create()))]
    )
    items(page)[1].now_level = items(page)[1].future_level = None
    page.publishers, page.sources, page.lead = [], [ProfileSource(title="x", url="file:///x")], ""
    page.save_revision()
    page = draft(page)
    findings = [*found("profiles.complete", page), *found("external_links", page)]
    places = {fragment(ProfilePage, finding.field, finding.row) for finding in findings}
    assert places == {
        "#inline_child_groups-1-items-0",
        "#inline_child_sources-0",
        "#id_publishers-FORMS",
        "#:w:contentpath=lead",
    }
    client.force_login(editor())
    shown = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert all(f'id="{place[1:]}"' in shown for place in places if ":" not in place)
    assert 'data-contentpath="lead"' in shown


def test_a_finding_in_a_stream_leads_to_its_block() -> None:
    assert fragment(ProfilePage, "body", "4d65b114") == "#:w:contentpath=body.4d65b114"
    assert fragment(ProfilePage, "", "") == ""
