"""Ways round the parties that are no hole of Wagtail's: roles, copies, moves, aliases, plans, and who wrote what."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.api import membership_grant, principal_of
from portal.core.errors import RefusedError
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.roles import Role
from portal.editorial.api import (
    ExceptionalPublication,
    NotYoursError,
    StepState,
    Submission,
    publish_imported,
    publish_in_emergency,
)
from portal.editorial.content import draft_of
from portal.editorial.policies import policy_for
from portal.organisations.api import Party
from profilecatalog.profiles.models import ProfilePage, ProfileRelease
from tests.editorial.definitions import BOTH, bring, policy, step, workflow
from tests.editorial.people import draft_profile, people
from tests.editorial.world import NEW, OLD, Bound, bound, fresh, live_text, written
from tests.factories.accounts import administrator
from tests.factories.pages import blocks, standard_page

pytestmark = pytest.mark.django_db

HK = '{ name = "party_approval", parties = ["hk"] }'
KL = '{ name = "party_approval", parties = ["kl"] }'
SIDE_BY_SIDE = (
    step("both", '"parallel"', "start = true") + step("hk", HK, 'within = "both"') + step("kl", KL, 'within = "both"')
)
ONE_BY_ONE = step("hk", HK, 'start = true\nnext = "kl"') + step("kl", KL)
SECTION = 'section = "/lukket/"'


# --- Persons ----------------------------------------------------------------------------------------------------------


def test_who_wrote_the_words_does_not_approve_them_when_a_colleague_sends_them_in(tmp_path: Path) -> None:
    world = bound(tmp_path)
    # Wagtail's button saves a revision too: the sender would else be its author.
    written(world.page, NEW, world.people["kl2"])
    submission = world.send(world.people["kl2"])
    assert submission.author == world.people["kl"]
    for who in ("kl", "kl2"):
        with pytest.raises(NotYoursError):
            world.vote(who)
    world.vote("kl3")
    world.vote("hk")
    assert world.is_new()


@pytest.mark.parametrize("steps", [SIDE_BY_SIDE, ONE_BY_ONE], ids=["side by side", "one by one"])
def test_one_person_acts_for_one_party_whatever_the_steps(tmp_path: Path, steps: str) -> None:
    world = bound(tmp_path, steps=steps)
    membership_grant(actor=None, user=world.people["hk"], role=Role.EDITOR, party=Party.objects.get(key="kl"))
    world.send()
    first, *others = StepState.steps.waiting().filter(inner_states=None).order_by("pk")
    world.vote("hk", state=first)
    second = others[0] if others else world.state()
    with pytest.raises(NotYoursError, match="en anden part"):
        world.vote("hk", state=second)
    world.vote("kl2", state=second)
    assert world.is_new()


# --- Kinds of change --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("policies")
def test_a_copy_that_was_never_released_takes_no_short_way(client: Client) -> None:
    who = people()
    page = draft_profile(who.kl)
    client.force_login(who.kl)
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "copy"])
    client.post(address, {"keep_live": True, "slug": "kopi"}, content_type="application/json")
    copy = ProfilePage.objects.get(slug="kopi")
    draft = draft_of(copy)
    draft.release_change, draft.release_reason = "clarified", "Kun ordene."
    draft.save_revision(user=who.kl)
    assert policy_for(draft_of(fresh(copy)), fresh=True).key == "profiles"
    assert not ProfileRelease.objects.filter(profile=copy).exists()


# --- Places -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(tmp_path: Path) -> Any:
    """A section that a policy is for, and a page outside it that was published by a button."""
    section = standard_page("Lukket", slug="lukket")
    bring(
        tmp_path,
        workflow(body=step("parties", BOTH, "start = true")),
        policy(applies=SECTION, approvals='parties = ["hk", "kl"]'),
    )
    return section, standard_page("Fri", body=blocks(("paragraph", f"<p>{NEW}</p>")))


def test_what_is_live_is_not_moved_to_where_a_policy_is_for_it(closed: Any, client: Client) -> None:
    section, page = closed
    client.force_login(administrator())
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, section.pk]))
    assert fresh(page).get_parent().pk != section.pk
    with pytest.raises(RefusedError):
        fresh(page).move(section, pos="last-child")
    page = fresh(page)
    page.unpublish()
    page.move(section, pos="last-child")
    with pytest.raises(RefusedError):
        fresh(page).get_latest_revision().publish()


def test_a_move_that_changes_no_policy_is_a_move(closed: Any) -> None:
    _section, page = closed
    elsewhere = standard_page("Et andet sted")
    fresh(page).move(elsewhere, pos="last-child")
    assert fresh(page).get_parent().pk == elsewhere.pk


def test_no_alias_mirrors_a_free_page_where_a_policy_is(closed: Any) -> None:
    section, page = closed
    with pytest.raises(RefusedError):
        fresh(page).create_alias(parent=section, update_slug="spejl")


def test_an_alias_under_the_same_policy_follows_its_source_and_does_not_part_from_it_unapproved(tmp_path: Path) -> None:
    world = bound(tmp_path)
    elsewhere = standard_page("Et andet sted", published=False)
    alias = fresh(world.page).create_alias(parent=elsewhere, update_slug="spejl")
    world.send()
    world.vote("hk")
    world.vote("kl2")
    assert NEW in live_text(alias)


# --- Time -------------------------------------------------------------------------------------------------------------


def test_an_emergency_publishes_at_once_also_where_another_time_was_planned(tmp_path: Path) -> None:
    world = bound(tmp_path, go_live_at=timezone.now() + dt.timedelta(days=5))
    chief = administrator("chef@portal.example")
    world.send()
    reason = "Loven er ændret i nat, og siden er forkert."
    publish_in_emergency(page=world.page, actor=chief, principal=principal_of(chief, strong=True), reason=reason)
    assert world.is_new()
    assert ExceptionalPublication.objects.get().used_at is not None
    assert not Submission.objects.running().exists()


def test_an_emergency_that_does_not_go_live_is_told_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = bound(tmp_path, go_live_at=timezone.now() + dt.timedelta(days=5))
    chief = administrator("chef@portal.example")
    monkeypatch.setattr("portal.editorial.services._without_plan", lambda page, actor: page.get_latest_revision())
    mails = OutboxMessage.objects.count()
    with pytest.raises(RefusedError):
        publish_in_emergency(
            page=world.page, actor=chief, principal=principal_of(chief, strong=True), reason="Loven er ændret i nat."
        )
    assert OLD in live_text(world.page)
    assert OutboxMessage.objects.count() == mails
    assert not ExceptionalPublication.objects.exists()
    assert not AuditEntry.objects.filter(action="page.published_in_emergency").exists()


# --- Who publishes ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("policies")
def test_dropping_a_publisher_is_no_clarification() -> None:
    who = people()
    page = draft_profile(who.kl)
    publish_imported(page=page, revision=page.get_latest_revision(), actor=None)
    draft = draft_of(fresh(page))
    draft.publishers = [row for row in draft.publishers.all() if row.party.key == "kl"]
    draft.release_change, draft.release_reason = "clarified", "Kun ordene."
    revision = draft.save_revision(user=who.kl)
    with pytest.raises(RefusedError):
        publish_imported(page=fresh(page), revision=revision, actor=None)


def test_who_publishes_what_is_live_has_a_say_in_not_doing_so(tmp_path: Path) -> None:
    who = people()
    page = draft_profile(who.kl)
    draft = draft_of(page)
    draft.publishers = [row for row in draft.publishers.all() if row.party.key in ("hk", "kl")]
    publish_imported(page=page, revision=draft.save_revision(user=who.kl), actor=None)
    bring(
        tmp_path,
        workflow(body=step("all", '{ name = "party_approval", publishers = true }', "start = true")),
        policy(applies='page_type = "profiles.ProfilePage"', approvals="publishers = true"),
    )
    draft = draft_of(fresh(page))
    draft.publishers = [row for row in draft.publishers.all() if row.party.key == "kl"]
    draft.release_change, draft.release_reason = "changed", "Kun KL."
    draft.save_revision(user=who.kl)
    world = Bound(page, {"kl": who.kl, "kl2": who.kl2, "hk": who.hk})
    world.send()
    world.vote("kl2")
    assert ProfileRelease.objects.filter(profile=page).count() == 1
    world.vote("hk")
    assert ProfileRelease.objects.filter(profile=page).count() == 2


def test_a_page_that_nobody_publishes_is_returned_with_a_word(tmp_path: Path) -> None:
    world = bound(
        tmp_path,
        steps=step("all", '{ name = "party_approval", publishers = true }', "start = true"),
        approvals="publishers = true",
    )
    submission = world.send()
    assert submission.workflow_state.status == "needs_changes"
    assert "hvilke parter" in StepState.steps.get().comment
