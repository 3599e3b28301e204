"""A person who is erased: her answers keep counting, as those of one person whom nobody knows."""

from pathlib import Path
from typing import Any

import pytest
from wagtail.models import TaskState

from portal.accounts.api import User, person_erase
from portal.core import periodic
from portal.editorial.content import digest_of, draft_of
from portal.editorial.models import ReadContent, StepState, Submission, Vote
from portal.editorial.required import missing
from tests.editorial.definitions import BOTH, step
from tests.editorial.people import approve, draft_profile, people, sent_in
from tests.editorial.world import bound
from tests.factories.accounts import user

pytestmark = pytest.mark.django_db


def test_answers_stay_and_count_without_her(policies: Any) -> None:
    who = people()
    cases = [sent_in(draft_profile(who.kl, title), who.kl) for title in ("Vejleder", "Koordinator")]
    for case in cases:
        approve(case, who.hk)
    uuid = who.hk.uuid
    person_erase(person=who.hk)
    votes = list(Vote.objects.order_by("pk"))
    assert [vote.user for vote in votes] == [None, None]
    assert {vote.who for vote in votes} == {"slettet bruger"}
    assert len({vote.person for vote in votes}) == 1
    assert votes[0].person != uuid
    for case in cases:
        fresh = Submission.objects.get(pk=case.pk)
        draft = draft_of(fresh.page.specific)
        assert missing(fresh, draft, digest_of(draft)).parties == ("kl",)


def test_a_sender_who_is_erased_leaves_what_she_sent(policies: Any) -> None:
    who = people()
    case = sent_in(draft_profile(who.kl), who.kl)
    person_erase(person=who.kl)
    fresh = Submission.objects.get(pk=case.pk)
    assert fresh.author is None
    assert fresh.submitters.get().who == "slettet bruger"
    approve(fresh, who.hk)


def test_her_words_are_taken_out_of_the_steps_that_they_ended(tmp_path: Path) -> None:
    inside = 'within = "side"'
    steps = step("side", '"parallel"', "start = true") + step("a", BOTH, inside) + step("b", BOTH, inside)
    world = bound(tmp_path, steps=steps)
    # A namesake: the name alone is looked for only where it is hers.
    name = {"first_name": "Kanariella", "last_name": "Fuglsangsø"}
    user("navnesoester@portal.example", **name)
    User.objects.filter(pk=world.people["hk"].pk).update(**name)
    world.people["hk"].refresh_from_db()
    world.send()
    inner = StepState.steps.waiting().filter(parent__isnull=False).order_by("pk")[0]
    world.vote("hk", Vote.RETURN, state=inner, comment="Ring til Kanariella Fuglsangsø.")
    assert TaskState.objects.filter(comment__contains="Kanariella").count() == 2
    # Whoever let the clock end it: the words are hers all the same.
    TaskState.objects.filter(pk=inner.parent_id).update(finished_by=None)
    person_erase(person=world.people["hk"])
    assert {row.comment for row in TaskState.objects.exclude(comment="")} == {"Ring til slettet bruger."}
    assert User.objects.get(email="navnesoester@portal.example").first_name == "Kanariella"


def test_what_was_read_goes_with_its_page_and_not_before(policies: Any) -> None:
    who = people()
    gone, kept = (sent_in(draft_profile(who.kl, title), who.kl) for title in ("Vejleder", "Koordinator"))
    for case in (gone, kept):
        approve(case, who.hk)
    forget = next(job for job in periodic.jobs() if job.name == "editorial.forget_read")
    forget.run()
    assert ReadContent.objects.count() == 2
    # From above: the page goes in a cascade.
    gone.page.get_parent().get_children().filter(pk=gone.page_id).delete()
    forget.run()
    assert [read.digest for read in ReadContent.objects.all()] == [kept.digest]
    assert Vote.objects.get().read.parts
