"""Two editors answer one question at once, and a publication comes between: one answer counts, and nobody deadlocks."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.workflows.api import (
    Asker,
    Case,
    CaseDefinition,
    NotAllowedError,
    RetireError,
    StaleCaseError,
    case_transition,
    definition_retire,
)
from profilecatalog.profiles.models import ReleaseProposal
from profilecatalog.profiles.services.new_release import KIND
from profilecatalog.profiles.services.proposals import proposals_raise
from tests.factories.accounts import editor
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, rewrite_competence
from tests.support.race import meeting_at, together, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 8


@pytest.fixture
def editors() -> list[Any]:
    return [editor(f"{number}@hk.example") for number in range(PEOPLE)]


@pytest.fixture
def proposal() -> ReleaseProposal:
    competence = CompetenceFactory.create(name="Klar dialog")
    ProfilePageFactory.make(groups=[group("En", item(competence))])
    rewrite_competence(competence, text="Jeg kan sige det klarere.")
    return ReleaseProposal.objects.get()


def answer(proposal: ReleaseProposal, editors: list[Any]) -> list[object]:
    """Let half of the editors decline and half put off, all at the same screen."""
    case, day = Case.objects.about(proposal).get(), timezone.localdate() + dt.timedelta(days=9)

    def press(number: int) -> Case:
        way = ("postpone", "decline")[number % 2]
        asker = Asker(actor=editors[number])
        return case_transition(asker=asker, case=case, transition=way, expected=1, day=day, comment=f"Svar {number}")

    with meeting_at("workflows.locked", PEOPLE):
        return list(together(press, threads=PEOPLE))


def count(outcomes: Sequence[object], kind: type[object]) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


def test_one_answer_counts_and_the_proposal_follows_it(proposal: ReleaseProposal, editors: list[Any]) -> None:
    outcomes = answer(proposal, editors)
    assert (count(outcomes, Case), count(outcomes, StaleCaseError)) == (1, PEOPLE - 1), outcomes
    proposal.refresh_from_db()
    step = Case.objects.about(proposal).get().steps.get(number=2)
    assert (step.target, step.actor) == (proposal.status, proposal.decided_by)


def test_negative_control_without_the_lock_the_constraint_is_what_is_left(
    proposal: ReleaseProposal, editors: list[Any]
) -> None:
    with without_locks():
        outcomes = answer(proposal, editors)
    assert count(outcomes, IntegrityError) > 0, outcomes
    assert Case.objects.about(proposal).get().steps.count() == 2


def test_other_words_and_a_no_at_once_leave_one_open_question_for_the_new_words(
    proposal: ReleaseProposal, editors: list[Any]
) -> None:
    case = Case.objects.about(proposal).get()

    def act(number: int) -> object:
        if number:
            asker = Asker(actor=editors[0])
            return case_transition(asker=asker, case=case, transition="decline", expected=1, comment="Ingen forskel.")
        with transaction.atomic():
            proposals_raise(competence=proposal.competence, wording="other words", actor=editors[1])
        return None

    outcomes = together(act, threads=2)
    assert outcomes[0] is None, outcomes
    assert isinstance(outcomes[1], Case | StaleCaseError | NotAllowedError), outcomes
    waiting = ReleaseProposal.objects.open().get()
    assert (waiting.wording, waiting.status) == ("other words", "waiting")
    assert Case.objects.open().about(waiting).get().state == "open"


def test_two_who_retire_the_last_two_definitions_at_once_leave_one() -> None:
    first = CaseDefinition.objects.in_force().get(kind=KIND)
    place = {"applies": [{"section": "/profiler/"}]}
    wide, narrow = (
        CaseDefinition.objects.create(
            key=key, version=1, kind=KIND, sha256=key, content={**first.content, "key": key, **place}
        )
        for key in ("wide", "narrow")
    )
    CaseDefinition.objects.filter(pk=first.pk).delete()
    outcomes = together(lambda number: definition_retire(actor=None, key=(wide, narrow)[number].key), threads=2)
    assert (count(outcomes, CaseDefinition), count(outcomes, RetireError)) == (1, 1), outcomes
    assert CaseDefinition.objects.in_force().filter(kind=KIND).count() == 1
