"""A person who is erased: her answers keep counting, as those of one person whom nobody knows."""

from typing import Any

import pytest

from portal.accounts.api import person_erase
from portal.editorial.content import digest_of, draft_of
from portal.editorial.models import Submission, Vote
from portal.editorial.required import missing
from tests.editorial.people import approve, draft_profile, people, sent_in

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
