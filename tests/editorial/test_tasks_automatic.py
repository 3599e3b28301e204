"""Steps that nobody answers: checks, notices and the planned minute; and the conditions by which steps are passed by."""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from portal.core.models.outbox import OutboxMessage
from portal.core.roles import Role
from portal.editorial.api import Finding, Moment, Outcome, StepState, registry, tick
from portal.editorial.checks.waiting import NotYetError
from portal.editorial.content import draft_of
from portal.editorial.links.models import CheckedLink
from portal.editorial.links.services import links_look
from portal.editorial.tasks.checking import split
from portal.editorial.tasks.publish_at import PublishAt, due
from portal.workflows.api import ParameterError
from tests.editorial.definitions import BOTH, step
from tests.editorial.link_server import site
from tests.editorial.moments import holds, moment
from tests.editorial.world import NEW, Bound, bound, fresh
from tests.factories.accounts import administrator
from tests.factories.pages import blocks, standard_page
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, rewrite_competence
from tests.profiles.helpers import draft

__all__ = ["site"]

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Says:
    """What the test check does."""

    what: str = "nothing"
    times: int = 1


@registry.check("tests.says", Says, title="Prøvekontrol")
def says(moment: Moment, given: Says) -> Iterator[Finding]:
    if given.what == "advice":
        yield Finding("Et råd.", field="body", stops=False)
    if given.what == "stop":
        yield from (Finding("Et stop.", field="title") for _time in range(given.times))
    if given.what == "wait":
        raise NotYetError
    if given.what == "break":
        StepState.steps.get(pk=0)


def decide(*names: str, advice: tuple[str, ...] = (), page: Any = None) -> Any:
    """Return the verdict of a step of checks."""
    entry = registry.find("task", "checks")
    given = entry.given({"names": list(names), "advice": list(advice)})
    return entry.what.begin(moment(page or standard_page(published=False)), given)


# --- Checks -----------------------------------------------------------------------------------------------------------


def test_nothing_found_passes_and_advice_is_kept() -> None:
    assert decide("tests.says").outcome == Outcome.PASS
    verdict = decide("tests.says what=advice")
    assert verdict.outcome == Outcome.PASS
    assert [(finding.message, finding.check) for finding in verdict.findings] == [("Et råd.", "tests.says")]


def test_what_stops_returns_the_page_with_everything_that_was_found() -> None:
    verdict = decide(
        "headings", "tests.says what=stop times=2", page=standard_page(body=blocks(("heading", "")), published=False)
    )
    assert verdict.outcome == Outcome.RETURN
    assert [finding.check for finding in verdict.findings] == ["headings", "tests.says", "tests.says"]
    assert verdict.comment == "3 ting skal rettes."


def test_a_check_that_only_advises_in_this_step_stops_nothing() -> None:
    verdict = decide("tests.says what=stop", advice=("tests.says",))
    assert verdict.outcome == Outcome.PASS
    assert [finding.stops for finding in verdict.findings] == [False]


def test_a_job_under_way_is_waited_for_unless_something_stops_already() -> None:
    assert decide("tests.says what=wait").outcome == Outcome.WAIT
    page = standard_page(body=blocks(("heading", "")), published=False)
    assert decide("tests.says what=wait", "headings", page=page).outcome == Outcome.RETURN


def test_a_check_that_breaks_holds_the_page_and_is_logged(caplog: Any) -> None:
    with caplog.at_level(logging.ERROR):
        verdict = decide("tests.says what=break")
    assert verdict.outcome == Outcome.RETURN
    assert "Prøvekontrol" in verdict.findings[0].message and verdict.findings[0].stops
    assert "tests.says" in caplog.text


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"names": []}, "lists no check"),
        ({"names": ["spelling"]}, "unknown check 'spelling'"),
        ({"names": ["headings", "headings"]}, "listed twice"),
        ({"names": ["headings"], "advice": ["alt_texts"]}, "none of the checks"),
        ({"names": ["reading_ease most"]}, "key=value"),
        ({"names": ["reading_ease most=tung"]}, "must be a whole number"),
        ({"names": ["reading_ease most=500"]}, "between 10 and 100"),
        ({"names": ["reading_ease mindst=4"]}, "unknown parameter"),
    ],
)
def test_wrong_parameters_are_refused_with_the_reason(parameters: dict[str, Any], reason: str) -> None:
    with pytest.raises(ParameterError, match=reason):
        registry.find("task", "checks").given(parameters)


def test_parameters_are_read_as_what_they_are() -> None:
    assert split("a n=3 m=-1 yes=true text='to ord'") == ("a", {"n": 3, "m": -1, "yes": True, "text": "to ord"})


CHECKS = '{ name = "checks", names = ["headings", "external_links"] }'


def test_a_page_that_does_not_pass_comes_back_and_nothing_is_published(tmp_path: Path) -> None:
    steps = step("checks", CHECKS, 'start = true\nnext = "parties"') + step("parties", BOTH)
    world = bound(tmp_path, steps=steps)
    changed = draft_of(fresh(world.page))
    changed.body = blocks(("heading", ""), ("paragraph", f"<p>{NEW}</p>"))
    changed.save_revision(user=world.author)
    submission = world.send()
    state = StepState.steps.get(workflow_state=submission.workflow_state)
    assert state.status == TaskState.STATUS_REJECTED
    assert [finding["check"] for finding in state.findings] == ["headings"]
    assert WorkflowState.objects.get(pk=submission.workflow_state_id).status == WorkflowState.STATUS_NEEDS_CHANGES
    assert not world.is_new()


def test_the_step_waits_for_the_job_and_goes_on_by_the_clock(tmp_path: Path, site: str) -> None:
    steps = step("checks", CHECKS, 'start = true\nnext = "parties"') + step("parties", BOTH)
    world = bound(tmp_path, steps=steps)
    changed = draft_of(fresh(world.page))
    changed.body = blocks(("paragraph", f'<p>{NEW} <a href="{site}/200">her</a></p>'))
    changed.save_revision(user=world.author)
    world.send()
    waiting = world.state()
    tick(timezone.now())
    assert fresh(waiting).status == TaskState.STATUS_IN_PROGRESS
    assert CheckedLink.objects.get().url == f"{site}/200"
    links_look(pause=0)
    tick(timezone.now() + dt.timedelta(minutes=2))
    assert fresh(waiting).status == TaskState.STATUS_APPROVED
    assert world.state().task.step.key == "parties"
    assert not world.is_new()


# --- The planned minute -----------------------------------------------------------------------------------------------

PUBLISH = step("parties", BOTH, 'start = true\nnext = "publish"') + step("publish", '"publish_at"')


def test_without_a_plan_the_page_goes_live_with_the_last_approval(tmp_path: Path) -> None:
    world = bound(tmp_path, steps=PUBLISH)
    world.send()
    world.vote("hk")
    world.vote("kl2")
    assert world.is_new()


def test_with_a_plan_it_goes_live_on_the_first_look_after_the_minute(tmp_path: Path) -> None:
    with time_machine.travel("2026-11-02 08:00+00:00", tick=False):
        plan = timezone.now() + dt.timedelta(days=1)
        world = bound(tmp_path, steps=PUBLISH, go_live_at=plan)
        world.send()
        world.vote("hk")
        world.vote("kl2")
        assert not world.is_new()
        tick(timezone.now() + dt.timedelta(minutes=2))
        assert not world.is_new()
    with time_machine.travel(plan - dt.timedelta(seconds=1), tick=False):
        tick()
        assert not world.is_new()
    with time_machine.travel(plan + dt.timedelta(seconds=61), tick=False):
        tick()
        assert world.is_new()


LOCAL = "%Y-%m-%d %H:%M"


@pytest.mark.parametrize(
    ("plan", "rule", "local"),
    [
        # Monday, in the day: as planned.
        ("2026-11-02T09:30:00+00:00", PublishAt(True, "08:00"), "2026-11-02 10:30"),
        # Before the hour.
        ("2026-11-02T04:00:00+00:00", PublishAt(not_before="08:00"), "2026-11-02 08:00"),
        # Saturday and Sunday become Monday: at the hour that is set, or at the planned one.
        ("2026-11-07T13:00:00+00:00", PublishAt(True, "08:00"), "2026-11-09 08:00"),
        ("2026-11-08T13:15:00+00:00", PublishAt(True), "2026-11-09 14:15"),
        # It is Saturday in UTC and Sunday here; it is Friday in UTC and Saturday here.
        ("2026-06-06T22:30:00+00:00", PublishAt(True, "08:00"), "2026-06-08 08:00"),
        ("2026-06-05T22:30:00+00:00", PublishAt(True, "08:00"), "2026-06-08 08:00"),
        # The night when the clock goes forward: 02.30 is skipped and counts as 03.30.
        ("2026-03-29T00:15:00+00:00", PublishAt(not_before="02:30"), "2026-03-29 03:30"),
        ("2026-03-29T02:00:00+00:00", PublishAt(not_before="02:30"), "2026-03-29 04:00"),
        # The night when it goes back: 02.30 comes twice and counts the first time (00.30 UTC).
        ("2026-10-24T23:45:00+00:00", PublishAt(not_before="02:30"), "2026-10-25 02:30"),
        ("2026-10-25T01:15:00+00:00", PublishAt(not_before="02:30"), "2026-10-25 02:15"),
    ],
)
def test_when_a_plan_comes_true(plan: str, rule: PublishAt, local: str) -> None:
    found = due(dt.datetime.fromisoformat(plan), rule)
    assert timezone.localtime(found, timezone.get_default_timezone()).strftime(LOCAL) == local


def test_an_hour_that_comes_twice_counts_the_first_time() -> None:
    found = due(dt.datetime.fromisoformat("2026-10-24T23:45:00+00:00"), PublishAt(not_before="02:30"))
    assert found.astimezone(dt.UTC).isoformat() == "2026-10-25T00:30:00+00:00"


@pytest.mark.parametrize("hour", ["8", "25:00", "kl. 8"])
def test_an_hour_that_is_none_is_refused(hour: str) -> None:
    with pytest.raises(ParameterError, match="not_before"):
        registry.find("task", "publish_at").given({"not_before": hour})


# --- Notices ----------------------------------------------------------------------------------------------------------

TELL = (
    '{ name = "notify", subject_da = "Ny tekst: {page}", text_da = "Læs {page}, {ikke} mere.", parties = ["kl"], '
    'roles = ["administrator"], addresses = ["ud@presse.example"], submitter = true }'
)


def mails() -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(topic="mail", payload__subject__startswith="Ny tekst")
    return sorted((row.payload["to"], row.payload["subject"]) for row in rows)


def told(tmp_path: Path) -> Bound:
    steps = step("tell", TELL, 'start = true\nnext = "parties"') + step("parties", BOTH)
    return bound(tmp_path, steps=steps)


def test_everybody_named_gets_one_mail_and_the_step_goes_on(tmp_path: Path) -> None:
    world = told(tmp_path)
    chief = administrator("chef@portal.example")
    gone = administrator("vaek@portal.example")
    gone.is_active = False
    gone.save()
    world.send(world.people["hk"])
    names = [world.people[name].email for name in ("kl", "kl2", "kl3", "hk")]
    expected = sorted([*names, chief.email, "ud@presse.example"])
    assert mails() == [(email, "Ny tekst: Om profilerne") for email in expected]
    text = OutboxMessage.objects.filter(topic="mail").first().payload["text"]
    assert "Læs Om profilerne, {ikke} mere." in text and f"/admin/pages/{world.page.pk}/" in text
    assert world.state().task.step.key == "parties"


def test_the_same_words_are_told_once(tmp_path: Path) -> None:
    world = told(tmp_path)
    world.send()
    first = mails()
    world.vote("hk", "return", comment="Skriv det om.")
    world.send()
    assert mails() == first


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, "nobody is told"),
        ({"roles": ["chef"]}, "unknown role 'chef'"),
        ({"addresses": ["ikke en adresse"]}, "no e-mail address"),
    ],
)
def test_a_notice_to_nobody_is_refused(more: dict[str, Any], reason: str) -> None:
    with pytest.raises(ParameterError, match=reason):
        registry.find("task", "notify").given({"subject_da": "a", "text_da": "b", **more})


def test_the_roles_are_those_of_the_portal() -> None:
    given = registry.find("task", "notify").given({"subject_da": "a", "text_da": "b", "roles": list(Role.values)})
    assert given.roles == tuple(Role.values)


# --- Conditions -------------------------------------------------------------------------------------------------------


def test_conditions_of_type_section_publisher_and_change() -> None:
    parent = standard_page("Om os", slug="om-os")
    page = standard_page("Historien", slug="historien", parent=parent)
    profile = ProfilePageFactory.make(slug="vejleder")
    assert holds("page_type_is", page, type="pages.StandardPage")
    assert not holds("page_type_is", profile, type="pages.StandardPage")
    assert holds("section_is", page, path="/om-os/") and holds("section_is", parent, path="/om-os/")
    assert not holds("section_is", page, path="/historien/") and not holds("section_is", profile, path="/om-os/")
    assert holds("section_is", page, path="/")
    assert not holds("publisher_is", profile, party="hk")
    assert not holds("is_first_publication", page)
    assert holds("is_first_publication", standard_page("Kladde", published=False))
    changed = draft(profile)
    changed.release_change = "clarified"
    assert holds("change_is", changed, kind="clarified") and not holds("change_is", profile, kind="clarified")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("page_type_is", {"type": "pages.NoSuchPage"}),
        ("page_type_is", {"type": "side"}),
        ("section_is", {"path": "om-os"}),
        ("small_change", {"most": 0}),
    ],
)
def test_conditions_that_mean_nothing_are_refused(name: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        registry.find("condition", name).given(parameters)


WORDS = " ".join(f"ord{number}" for number in range(100))


def test_the_size_of_a_change_is_counted_in_words() -> None:
    page = standard_page(body=blocks(("paragraph", f"<p>{WORDS}</p>")))
    changed = draft_of(page)
    changed.body = blocks(("paragraph", f"<p>{WORDS.replace('ord7 ', 'andet ')}</p>"))
    assert holds("small_change", changed, most=2)
    changed.body = blocks(("paragraph", f"<p>{WORDS.replace('ord1', 'andet')}</p>"))
    assert not holds("small_change", changed, most=5)
    assert holds("small_change", changed, most=20)


def test_a_page_that_nobody_can_read_yet_is_no_small_change() -> None:
    assert not holds("small_change", standard_page(published=False), most=100)


def test_new_words_of_a_competence_count_as_a_change_of_the_profile() -> None:
    competence = CompetenceFactory.create()
    profile = ProfilePageFactory.make(groups=[group("Mødet", item(competence))])
    assert holds("small_change", draft(profile), most=1)
    rewrite_competence(competence, text=f"Jeg {WORDS}.")
    assert not holds("small_change", draft(profile), most=20)


def test_the_screen_says_when_it_goes_live_by_the_step_s_own_rule(tmp_path: Path, client: Any) -> None:
    rule = '{ name = "publish_at", weekdays_only = true, not_before = "08:00" }'
    steps = step("parties", BOTH, 'start = true\nnext = "publish"') + step("publish", rule)
    with time_machine.travel("2026-11-02 08:00+00:00", tick=False):
        world = bound(tmp_path, steps=steps, go_live_at=dt.datetime(2026, 11, 7, 13, 0, tzinfo=dt.UTC))
        submission = world.send()
        world.vote("hk")
        world.vote("kl2")
        client.force_login(world.author)
        shown = client.get(reverse("editorial:submission", args=[submission.uuid])).content.decode()
    assert "9. november 2026" in shown and "8.00" in shown
