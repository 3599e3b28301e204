"""Wagtail's holes, each attacked: on stock behaviour the attack publishes, under a policy it does not.

The list is that of docs/decisions/0025-approvals-of-exact-content.md. Each attack is a function that tries to bring the
draft before the public without both parties' approval of it; it runs twice, once in a stock portal (the negative control:
there it must succeed, or the attack shows nothing) and once in ours.
"""

import datetime as dt
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Task, TaskState, Workflow, WorkflowPage, WorkflowState, WorkflowTask
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield
from wagtail.workflows import publish_workflow_state

from portal.accounts.api import User
from portal.core import publication
from portal.core.errors import RefusedError
from portal.core.models import BasePage
from portal.editorial.api import StepState, Vote, submission_send
from portal.editorial.content import draft_of
from portal.editorial.models import Step
from tests.editorial.definitions import BOTH, step
from tests.editorial.world import NEW, Bound, bound, fresh, written
from tests.factories.pages import standard_page

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


class Stage:
    """Where an attack takes place: the page with its draft, who attacks, and how the workflow is begun and answered."""

    def __init__(self, world: Bound, client: Client, attacker: User, *, stock: bool) -> None:
        self.world = world
        self.page = world.page
        self.client = client
        self.attacker = attacker
        self.stock = stock

    def start(self) -> Any:
        """Send the draft in, and return the task's state that waits."""
        if not self.stock:
            self.world.send()
            return self.world.state()
        page = fresh(self.page)
        return page.get_workflow().start(page, self.world.author).current_task_state

    def approve(self, who: str) -> None:
        """Let one of the people approve what she reads now, on the way that the portal offers her."""
        if not self.stock:
            self.world.vote(who)
            return
        state = WorkflowState.objects.for_instance(self.page).active().get().current_task_state.specific
        state.task.specific.on_action(state, self.world.people[who], "approve")

    def post(self, name: str, *args: Any, **data: Any) -> Any:
        """Post as the attacker."""
        return self.client.post(reverse(name, args=args), data)

    def edit(self, **data: Any) -> Any:
        """Post the editor's form of the draft with some values replaced."""
        return self.post("wagtailadmin_pages:edit", self.page.pk, **form(self.page, **data))


def form(page: Any, **given: Any) -> dict[str, Any]:
    """Return what the editor's form of a page of free text posts."""
    draft = draft_of(fresh(page))
    text = json.dumps({"blocks": [{"key": "a", "text": given.pop("text", NEW), "type": "unstyled"}]})
    body = streamfield([("paragraph", text)])
    return {
        **nested_form_data({"body": body, "comments": inline_formset([])}),
        "title": draft.title,
        "slug": draft.slug,
        "lead": draft.lead,
        "seo_title": "",
        "search_description": "",
        "responsible": "",
        "review_on": "",
        **given,
    }


# --- The two portals --------------------------------------------------------------------------------------------------


@pytest.fixture
def ours(tmp_path: Path, client: Client) -> Stage:
    world = bound(tmp_path)
    return _stage(world, client, stock=False)


@pytest.fixture
def stock(tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Stage:
    """A stock portal: no gate, Wagtail's own assignment of workflows, its own finish, a task of its own for each party."""
    world = bound(tmp_path)
    monkeypatch.setattr(publication, "_gates", [publication._Open()])
    monkeypatch.setattr(BasePage, "get_workflow", Page.get_workflow)
    monkeypatch.setattr(WorkflowState, "on_finish", publish_workflow_state)
    settings.WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
    workflow = Workflow.objects.create(name="Begge parter")
    for number, party in enumerate(("kl", "hk")):
        task = GroupApprovalTask.objects.create(name=party)
        task.groups.set(Group.objects.filter(name__in=world.people[party].groups.values("name")))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=number)
    WorkflowPage.objects.create(workflow=workflow, page=world.page)
    return _stage(world, client, stock=True)


def _stage(world: Bound, client: Client, *, stock: bool) -> Stage:
    attacker = User.objects.create_superuser("hun@portal.example")
    client.force_login(attacker)
    return Stage(world, client, attacker, stock=stock)


# --- The attacks ------------------------------------------------------------------------------------------------------


def presses_publish(stage: Stage) -> None:
    """Hole 1: whoever may publish presses the button and skips the workflow."""
    stage.edit(**{"action-publish": "1"})


def publishes_while_it_runs(stage: Stage) -> None:
    """Hole 2: publishing cancels the workflow and goes live."""
    stage.start()
    stage.approve("kl2")
    stage.edit(**{"action-publish": "1"})


def edits_after_the_first_approval(stage: Stage) -> None:
    """Hole 3: the newest revision is published, not the one that was approved. (Stock: without asking again on edit.)"""
    from django.conf import settings

    settings.WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
    written(stage.page, "Noget helt andet.", stage.world.author)
    stage.start()
    stage.approve("kl2")
    written(fresh(stage.page), NEW, stage.world.author)
    stage.approve("hk")


def overwrites_by_autosave(stage: Stage) -> None:
    """Hole 4: autosave overwrites the very revision that was approved, and no new approval is asked for."""
    revision = written(stage.page, "Noget helt andet.", stage.attacker)
    stage.start()
    stage.approve("kl2")
    response = stage.client.post(
        reverse("wagtailadmin_pages:edit", args=[stage.page.pk]),
        form(stage.page, text=NEW, overwrite_revision_id=str(revision.pk)),
        headers={"accept": "application/json"},
    )
    assert response.status_code == 200
    assert fresh(revision).content["body"].find(NEW) > 0
    stage.approve("hk")


def deactivates_the_last_task(stage: Stage) -> None:
    """Hole 7: the task that is left is switched off, and the page goes live."""
    state = stage.start()
    if stage.stock:
        stage.approve("kl2")
    for task in Task.objects.filter(workflow_tasks__workflow=state.workflow_state.workflow):
        task.specific.deactivate(user=stage.attacker)


def empties_the_workflow(stage: Stage) -> None:
    """Hole 7: a workflow without steps publishes what is sent into it."""
    WorkflowTask.objects.filter(workflow=fresh(stage.page).get_workflow()).delete()
    stage.edit(**{"action-submit": "1"})


def publishes_in_bulk(stage: Stage) -> None:
    """Publish by the bulk action of the explorer."""
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    stage.client.post(f"{address}?id={stage.page.pk}", {})


def publishes_by_time(stage: Stage) -> None:
    """Publish at a planned time, by the command that the worker runs."""
    with time_machine.travel(NOON, tick=False):
        later = timezone.localtime(NOON + dt.timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
        stage.edit(go_live_at=later, **{"action-publish": "1"})
    with time_machine.travel(NOON + dt.timedelta(hours=2), tick=False):
        call_command("publish_scheduled")


def publishes_by_the_api(stage: Stage) -> None:
    """Publish by the admin's own API of pages."""
    address = reverse("wagtailadmin_api:pages:action", args=[stage.page.pk, "publish"])
    stage.client.post(address, "{}", content_type="application/json")


def reverts_and_publishes(stage: Stage) -> None:
    """Publish from the screen that brings an earlier revision back."""
    revision = fresh(stage.page).get_latest_revision()
    data = form(stage.page, revision=str(revision.pk), **{"action-publish": "1"})
    stage.post("wagtailadmin_pages:edit", stage.page.pk, **data)


def publishes_by_code(stage: Stage) -> None:
    """Publish from a script, asking nobody."""
    fresh(stage.page).get_latest_revision().publish()


def saves_the_row(stage: Stage) -> None:
    """Take the page down and save its row as live with the new text, past every action of Wagtail's."""
    page = fresh(stage.page)
    page.unpublish()
    draft = draft_of(page)
    draft.live = True
    draft.save()


def copies_as_published(stage: Stage) -> None:
    """Publish the draft's words on a copy that is made as published."""
    draft = draft_of(fresh(stage.page))
    draft.copy(update_attrs={"slug": "kopi", "title": "Kopi", "live": True}, user=stage.attacker, copy_revisions=False)


def unpublishes_and_publishes_again(stage: Stage) -> None:
    """Use an approval twice: the draft was approved once, taken down, and is put back by a button."""
    if not stage.stock:
        stage.start()
        stage.approve("kl2")
        stage.approve("hk")
        assert stage.world.is_new()
    fresh(stage.page).unpublish(user=stage.attacker)
    stage.edit(**{"action-publish": "1"})


Attack = Callable[[Stage], None]
ATTACKS: list[Attack] = [
    presses_publish,
    publishes_while_it_runs,
    edits_after_the_first_approval,
    overwrites_by_autosave,
    deactivates_the_last_task,
    empties_the_workflow,
    publishes_in_bulk,
    publishes_by_time,
    publishes_by_the_api,
    reverts_and_publishes,
    publishes_by_code,
    saves_the_row,
    copies_as_published,
    unpublishes_and_publishes_again,
]


def public(stage: Stage) -> bool:
    """Tell whether the public reads the new words anywhere."""
    live = [page.specific for page in Page.objects.live().type(type(stage.page))]
    return any(NEW in str(page.body) for page in live)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_policy_holds(attack: Attack, ours: Stage) -> None:
    with suppress(RefusedError, PermissionDenied):
        attack(ours)
    assert not public(ours)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_stock_gives_way(attack: Attack, stock: Stage) -> None:
    attack(stock)
    assert public(stock)


# --- Holes that do not publish at once --------------------------------------------------------------------------------


@pytest.fixture
def two(ours: Stage) -> tuple[Stage, Any]:
    """Two pages that were sent in; returns the stage of the first and the waiting step of the second."""
    ours.start()
    other = standard_page("En anden side", published=False)
    written(other, NEW, ours.world.author)
    submission = submission_send(page=other, actor=ours.world.author)
    return ours, StepState.steps.get(workflow_state=submission.workflow_state)


def test_the_address_of_another_pages_task_answers_nothing(two: tuple[Stage, Any], client: Client) -> None:
    stage, foreign = two
    client.force_login(stage.world.people["hk"])
    for action in ("approve", "reject"):
        for name in ("workflow_action", "collect_workflow_action_data"):
            client.post(
                reverse(f"wagtailadmin_pages:{name}", args=[stage.page.pk, action, foreign.pk]), {"comment": "Nej."}
            )
    foreign.refresh_from_db()
    assert foreign.status == TaskState.STATUS_IN_PROGRESS
    assert foreign.votes.count() == 0


def test_the_address_of_another_pages_task_answers_it_in_a_stock_portal(stock: Stage) -> None:
    stage = stock
    stage.start()
    other = standard_page("En anden side")
    WorkflowPage.objects.create(workflow=fresh(stage.page).get_workflow(), page=other)
    foreign = fresh(other).get_workflow().start(fresh(other), stage.world.author).current_task_state
    stage.client.force_login(stage.world.people["kl2"])
    stage.post("wagtailadmin_pages:workflow_action", stage.page.pk, "approve", foreign.pk, comment="")
    foreign.refresh_from_db()
    assert foreign.status == TaskState.STATUS_APPROVED


@pytest.mark.parametrize("extra", ['{"update": false}', '{"user": 1}', "[]", "nonsense", '{"comment": {"a": 1}}'])
def test_extra_data_of_an_action_reaches_nobody(ours: Stage, client: Client, extra: str) -> None:
    state = ours.start()
    client.force_login(ours.world.people["hk"])
    response = ours.edit(
        **{"action-workflow-action": "1", "workflow-action-name": "approve", "workflow-action-extra-data": extra}
    )
    assert response.status_code in (200, 302)
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert state.votes.count() == 0


def test_extra_data_stops_a_workflow_half_way_in_a_stock_portal(stock: Stage) -> None:
    state = stock.start()
    stock.client.force_login(stock.world.people["kl2"])
    stock.edit(
        **{
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": '{"update": false}',
        }
    )
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_APPROVED
    assert state.workflow_state.current_task_state_id == state.pk


def test_a_task_refuses_to_be_acted_on_by_code(ours: Stage) -> None:
    state = ours.start()
    with pytest.raises(RefusedError):
        state.task.specific.on_action(state, ours.attacker, "approve", update=False)
    assert state.task.specific.get_actions(fresh(ours.page), ours.attacker) == []


def test_a_workflow_that_only_skips_returns_the_page(tmp_path: Path, client: Client) -> None:
    world = bound(tmp_path, steps=step("parties", BOTH, "start = true"))
    Step.objects.update(skip=[{"name": "tests.title_holds", "word": "Om"}])
    with pytest.raises(RefusedError):
        world.send()
    assert not world.is_new()


def test_sending_in_again_is_one_act(ours: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hole 8: when it breaks half-way, the returned submission is still returned, and the edit is not half there."""
    ours.start()
    ours.world.vote("hk", Vote.RETURN, comment="Skriv kortere.")
    revisions = fresh(ours.page).revisions.count()

    def fail(**kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("portal.editorial.engine.step_start", fail)
    with pytest.raises(ZeroDivisionError):
        ours.edit(text="En tredje tekst.", **{"action-submit": "1"})
    state = WorkflowState.objects.for_instance(ours.page).active().get()
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert state.current_task_state is not None
    assert fresh(ours.page).revisions.count() == revisions


def test_sending_in_again_is_torn_apart_in_a_stock_portal(stock: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    state = stock.start().specific
    state.task.specific.on_action(state, stock.world.people["kl2"], "reject", comment="Skriv kortere.")

    def fail(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(GroupApprovalTask, "start", fail)
    with pytest.raises(ZeroDivisionError):
        WorkflowState.objects.for_instance(stock.page).active().get().resume(stock.attacker)
    torn = WorkflowState.objects.for_instance(stock.page).active().get()
    assert torn.status == WorkflowState.STATUS_IN_PROGRESS
    assert torn.current_task_state is None
