"""Both parties and the author at the same page at once: what goes live is what both approved, and one seat is taken once.

Each test runs again with the locks away, and must then go wrong: otherwise it shows nothing.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.api import User, principal_of
from portal.core.errors import RefusedError
from portal.core.failpoints import set_failpoint
from portal.editorial.api import StepState, Submission, Vote, vote_cast
from portal.editorial.content import digest_of, draft_of
from tests.editorial.world import NEW, OLD, Bound, bound, fresh, live_text, written
from tests.factories.accounts import editor
from tests.support.race import meeting_at, together, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]

THREADS = 8
EDITED = "Noget andet."


@pytest.fixture
def world(tmp_path: Path) -> Bound:
    world = bound(tmp_path)
    world.send()
    return world


def answer(world: Bound, state: StepState, read: str, who: str) -> Vote:
    """Answer as somebody who opened the page before all this began."""
    user = User.objects.get(pk=world.people[who].pk)
    return vote_cast(state=state, actor=user, principal=principal_of(user, strong=True), answer=Vote.APPROVE, read=read)


def eight_of_one_party(world: Bound) -> list[Any]:
    """Let eight editors of one party press at once."""
    for number in range(THREADS):
        world.people[f"hk{number}x"] = editor(f"hk{number}x@portal.example", "hk")
    state, read = world.state(), world.digest()

    def act(number: int) -> Vote:
        return answer(world, state, read, f"hk{number}x")

    with meeting_at("editorial.vote.stored", THREADS):
        return list(together(act, threads=THREADS))


def test_a_party_has_one_seat_whoever_presses(world: Bound) -> None:
    outcomes = eight_of_one_party(world)
    assert sum(isinstance(each, Vote) for each in outcomes) == 1, outcomes
    assert sum(isinstance(each, RefusedError) for each in outcomes) == THREADS - 1, outcomes
    assert Vote.objects.count() == 1


def test_negative_control_without_the_lock_only_the_constraint_stops_them(world: Bound) -> None:
    with without_locks():
        outcomes = eight_of_one_party(world)
    assert any(isinstance(each, IntegrityError) for each in outcomes), outcomes
    assert Vote.objects.count() == 1


def parties_and_author(world: Bound) -> list[Any]:
    """Let HK and KL approve, in three threads each, while the author saves another text in two."""
    state, read = world.state(), world.digest()
    people = ("hk", "hk2", "hk3", "kl2", "kl3", "kl3")

    def act(number: int) -> Any:
        if number >= len(people):
            with transaction.atomic():
                return written(fresh(world.page), f"{EDITED} {number}", world.author)
        return answer(world, state, read, people[number])

    with meeting_at("editorial.vote.stored", 2):
        return list(together(act, threads=THREADS))


def approved_parties(text: str) -> set[str]:
    """Return whose approval there is of what the public reads."""
    return {vote.seat for vote in Vote.objects.select_related("read") if text in str(vote.read.content)}


def test_what_goes_live_beside_an_edit_is_what_both_approved(world: Bound) -> None:
    outcomes = parties_and_author(world)
    faults = [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, RefusedError)]
    assert not faults
    text = live_text(world.page)
    assert EDITED not in text
    if NEW in text:
        assert approved_parties(NEW) == {"party:hk", "party:kl"}
    else:
        assert OLD in text
        assert Submission.objects.running().exists()
    # Nothing is lost either: the newest draft is one that the author wrote, or the one that went live.
    assert digest_of(draft_of(fresh(world.page)))


def test_negative_control_without_the_lock_an_approval_lands_beside_the_edit(world: Bound) -> None:
    """An approval and an edit that do not wait for each other: the vote is stored for words that are gone already."""
    state, read = world.state(), world.digest()

    def act(number: int) -> Any:
        return answer(world, state, read, "hk")

    edited: list[str] = []

    def edit_meanwhile() -> None:
        if not edited:
            edited.append("once")
            [outcome] = together(lambda _n: written(fresh(world.page), EDITED, world.author), threads=1)
            edited.append(type(outcome).__name__)

    set_failpoint("editorial.vote.stored", edit_meanwhile)
    try:
        with without_locks():
            [vote] = together(act, threads=1)
    finally:
        set_failpoint("editorial.vote.stored", None)
    assert edited[1] == "Revision"
    assert isinstance(vote, Vote)
    assert vote.digest != world.digest()
