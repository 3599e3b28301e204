"""Who may answer, what an answer counts for, and what takes it away again."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, WorkflowState

from portal.accounts.api import membership_grant, principal_of
from portal.core.errors import RefusedError
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.editorial.api import (
    ExceptionalPublication,
    NotYoursError,
    StaleReadingError,
    StepState,
    Submission,
    Vote,
    publish_in_emergency,
    submission_cancel,
    submission_send,
)
from portal.editorial.content import draft_of
from portal.organisations.api import Party
from profilecatalog.profiles.models import ProfileRelease
from tests.editorial.definitions import BOTH, bring, policy, step, workflow
from tests.editorial.world import NEW, OLD, Bound, bound, fresh, live_text, written
from tests.factories.accounts import administrator, editor
from tests.factories.profiles import ProfilePageFactory, rewrite_competence
from tests.profiles.forms import edit_data

pytestmark = pytest.mark.django_db

PROFILE = 'page_type = "profiles.ProfilePage"'
NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


@pytest.fixture
def world(tmp_path: Path) -> Bound:
    return bound(tmp_path)


@pytest.fixture
def profile(tmp_path: Path) -> Bound:
    """A published profile whose draft was given another job, under a policy that wants both parties."""
    page = ProfilePageFactory.make()
    people = {name: editor(f"{name}@portal.example", name.rstrip("2")) for name in ("kl", "kl2", "hk", "hk2")}
    bring(tmp_path, workflow(body=step("parties", BOTH, "start = true")), policy_text())
    draft = draft_of(page)
    draft.target_job, draft.release_change, draft.release_reason = "Rådgiver", "changed", "Jobbet har skiftet navn."
    draft.save_revision(user=people["kl"])
    return Bound(page, people)


def policy_text() -> str:
    """Return the policy of the profiles."""
    return policy(applies=PROFILE, approvals='parties = ["hk", "kl"]')


# --- Both parties -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [("hk", "kl2"), ("kl2", "hk")])
def test_it_goes_live_when_both_parties_have_approved_in_any_order(world: Bound, order: tuple[str, str]) -> None:
    submission = world.send()
    world.vote(order[0])
    assert OLD in live_text(world.page)
    world.vote(order[1])
    assert world.is_new()
    submission.refresh_from_db()
    assert submission.workflow_state.status == WorkflowState.STATUS_APPROVED
    assert submission.used_at is not None
    acts = AuditEntry.objects.filter(object_key=str(world.page.translation_key)).values_list("action", flat=True)
    assert sorted(acts) == ["page.approved", "page.approved", "page.sent_in"]


def test_the_published_revision_is_the_approved_one(world: Bound) -> None:
    revision = fresh(world.page).latest_revision
    world.send()
    world.vote("hk")
    world.vote("kl2")
    assert fresh(world.page).live_revision == revision


def test_who_sent_it_in_does_not_answer(world: Bound) -> None:
    world.send()
    with pytest.raises(NotYoursError, match="selv sendt den ind"):
        world.vote("kl")


@pytest.mark.parametrize("who", ["kl3", "hk2"])
def test_her_colleagues_and_the_other_party_do(world: Bound, who: str) -> None:
    world.send()
    assert world.vote(who).seat == f"party:{who.rstrip('23')}"


def test_who_wrote_the_latest_change_does_not_answer(world: Bound) -> None:
    world.send()
    written(fresh(world.page), "En rettelse.", world.people["hk"])
    with pytest.raises(NotYoursError):
        world.vote("hk")
    # A save without a change takes nobody's place as its author.
    written(fresh(world.page), "En rettelse.", world.people["hk2"])
    with pytest.raises(NotYoursError):
        world.vote("hk")
    assert world.vote("hk2")


def test_a_party_has_one_seat_and_a_person_one_vote(world: Bound) -> None:
    world.send()
    world.vote("hk")
    for who in ("hk", "hk2"):
        with pytest.raises(NotYoursError):
            world.vote(who)
    assert Vote.objects.count() == 1


def test_an_editor_of_both_parties_answers_once(world: Bound) -> None:
    kl = Party.objects.get(key="kl")
    membership_grant(actor=None, user=world.people["hk3"], role=Role.EDITOR, party=kl)
    world.send()
    assert world.vote("hk3", seat="party:kl").seat == "party:kl"
    with pytest.raises(NotYoursError):
        world.vote("hk3", seat="party:hk")
    assert not world.is_new()


def test_a_session_without_its_second_factor_answers_nothing(world: Bound) -> None:
    world.send()
    with pytest.raises(NotYoursError):
        world.vote("hk", strong=False)


def test_others_answer_nothing(world: Bound) -> None:
    world.send()
    world.people["chef"] = administrator("chef@portal.example")
    with pytest.raises(NotYoursError):
        world.vote("chef")


# --- What was read ----------------------------------------------------------------------------------------------------


def test_an_edit_makes_an_approval_count_no_longer(world: Bound) -> None:
    world.send()
    world.vote("hk")
    written(fresh(world.page), "Noget andet.", world.author)
    world.vote("kl2")
    assert OLD in live_text(world.page)
    # Of the words that are there now, HK has said nothing yet.
    world.vote("hk2")
    assert "Noget andet." in live_text(world.page)


def test_an_approval_comes_back_with_its_words(world: Bound) -> None:
    world.send()
    world.vote("hk")
    written(fresh(world.page), "Noget andet.", world.author)
    written(fresh(world.page), NEW, world.author)
    world.vote("kl2")
    assert world.is_new()


def test_who_read_something_else_is_told_so(world: Bound) -> None:
    world.send()
    read = world.digest()
    written(fresh(world.page), "Noget andet.", world.author)
    with pytest.raises(StaleReadingError):
        world.vote("hk", read=read)
    assert Vote.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "same"),
    [
        ({}, True),
        ({"go_live_at": timezone.now() + dt.timedelta(days=3)}, False),
        ({"slug": "en-anden-adresse"}, False),
        ({"seo_title": "Et andet navn"}, False),
        ({"lead": "En anden indledning."}, False),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_everything_that_is_published_is_part_of_what_was_read(
    world: Bound, values: dict[str, Any], same: bool
) -> None:
    before = world.digest()
    written(fresh(world.page), NEW, world.author, **values)
    assert (world.digest() == before) == same


def test_a_comment_on_a_paragraph_changes_nothing_that_was_read(world: Bound) -> None:
    before = world.digest()
    draft = draft_of(fresh(world.page))
    draft.wagtail_admin_comments.add(Comment(user=world.people["hk"], text="Er det rigtigt?", contentpath="lead"))
    draft.save_revision(user=world.people["hk"])
    assert world.digest() == before


def test_posting_the_form_of_a_profile_unchanged_costs_no_approval(profile: Bound, client: Client) -> None:
    before = profile.digest()
    client.force_login(profile.author)
    data = edit_data(draft_of(profile.page), release_change="changed", release_reason="Jobbet har skiftet navn.")
    for _twice in range(2):
        response = client.post(reverse("wagtailadmin_pages:edit", args=[profile.page.pk]), data)
        assert response.status_code == 302
    assert fresh(profile.page).revisions.count() == 4
    assert profile.digest() == before


def test_the_words_of_a_competence_are_part_of_what_was_read(profile: Bound) -> None:
    profile.send()
    profile.vote("hk")
    competence = profile.page.groups.get().items.get().competence
    rewrite_competence(competence, text="Jeg kan noget helt andet.")
    profile.vote("kl2")
    assert ProfileRelease.objects.filter(profile=profile.page).count() == 1
    profile.vote("hk2")
    release = ProfileRelease.objects.get(profile=profile.page, number=2)
    assert release.document.items[0].level_texts[0] == "Jeg kan noget helt andet."


def test_publishing_the_same_revision_again_needs_the_approval_of_new_words(profile: Bound) -> None:
    profile.send()
    profile.vote("hk")
    profile.vote("kl2")
    rewrite_competence(profile.page.groups.get().items.get().competence, text="Jeg kan noget helt andet.")
    page = fresh(profile.page)
    with pytest.raises(RefusedError):
        page.live_revision.publish()
    assert ProfileRelease.objects.filter(profile=profile.page).count() == 2


# --- Returned ---------------------------------------------------------------------------------------------------------


def test_a_return_needs_a_word_and_brings_the_page_back(world: Bound) -> None:
    submission = world.send()
    with pytest.raises(RefusedError):
        world.vote("hk", Vote.RETURN, comment="  ")
    world.vote("hk", Vote.RETURN, comment="Skriv kortere.")
    submission.refresh_from_db()
    assert submission.workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    with pytest.raises(RefusedError):
        world.vote("kl2", state=StepState.steps.latest("pk"))


def test_sent_in_again_everybody_answers_again(world: Bound) -> None:
    world.send()
    world.vote("kl2")
    world.vote("hk", Vote.RETURN, comment="Skriv kortere.")
    submission = world.send(world.people["kl3"])
    assert submission.round == 2
    with pytest.raises(NotYoursError):
        world.vote("kl3")
    world.vote("hk")
    assert not world.is_new()
    world.vote("kl2")
    assert world.is_new()


def test_what_was_sent_in_can_be_taken_back_once(world: Bound) -> None:
    submission = world.send()
    world.vote("hk")
    submission_cancel(submission=submission, actor=world.author)
    with pytest.raises(RefusedError):
        submission_cancel(submission=submission, actor=world.author)
    assert OLD in live_text(world.page)
    again = world.send()
    assert again.pk != submission.pk
    world.vote("kl2")
    assert not world.is_new()


def test_sending_in_twice_is_said(world: Bound) -> None:
    world.send()
    with pytest.raises(RefusedError):
        world.send()
    assert Submission.objects.count() == 1


def test_a_page_without_a_policy_is_sent_nowhere(world: Bound) -> None:
    open_page = ProfilePageFactory.make()
    with pytest.raises(RefusedError):
        submission_send(page=open_page, actor=world.author)


# --- In an emergency --------------------------------------------------------------------------------------------------


def test_an_emergency_needs_its_right_and_a_reason_and_is_written_down(world: Bound) -> None:
    chief = administrator("chef@portal.example")
    strong = principal_of(chief, strong=True)
    world.send()
    with pytest.raises(NotYoursError):
        publish_in_emergency(
            page=world.page,
            actor=world.people["hk"],
            principal=principal_of(world.people["hk"], strong=True),
            reason="Fordi det haster meget i dag.",
        )
    with pytest.raises(NotYoursError):
        publish_in_emergency(
            page=world.page, actor=chief, principal=principal_of(chief), reason="Fordi det haster meget i dag."
        )
    with pytest.raises(RefusedError):
        publish_in_emergency(page=world.page, actor=chief, principal=strong, reason="Haster.")
    assert not world.is_new()
    publish_in_emergency(
        page=world.page, actor=chief, principal=strong, reason="Loven er ændret i nat, og siden er forkert."
    )
    assert world.is_new()
    entry = AuditEntry.objects.get(action="page.published_in_emergency")
    assert entry.after["reason"].startswith("Loven er ændret")
    assert not Submission.objects.running().exists()
    exception = ExceptionalPublication.objects.get()
    assert (exception.used_at is not None, exception.digest) == (True, entry.after["content"])
