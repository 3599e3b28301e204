"""The editors' first screen: what waits for her and nobody else, in a number of queries that does not grow."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.api import principal_of
from portal.editorial.moments import moment_of
from portal.editorial.services import vote_cast
from tests.editorial.people import (
    People,
    address,
    approve,
    change,
    draft_profile,
    people,
    sent_in,
    signed_in,
    waiting_state,
)

pytestmark = pytest.mark.django_db

HOME = "wagtailadmin_home"


@pytest.fixture
def who(policies: Any) -> People:
    return people()


def panel(user: Any) -> str:
    response = signed_in(user).get(reverse(HOME))
    assert response.status_code == 200
    html: str = response.content.decode()
    start = html.index('id="waiting')
    return html[start : html.index("</section>", start)]


def queries(user: Any, url: str) -> int:
    client = signed_in(user)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.every_database
def test_what_waits_is_hers_to_answer(who: People) -> None:
    case = sent_in(draft_profile(who.kl), who.kl)
    assert "Venter på din godkendelse" in panel(who.hk)
    assert address(case) in panel(who.hk)
    mine = panel(who.kl)
    assert "Sendt ind af dig" in mine
    assert "Venter på din godkendelse" not in mine
    approve(case, who.hk)
    assert address(case) not in panel(who.hk)
    assert address(case) not in panel(who.hk2)
    assert address(case) in panel(who.kl2)


def test_what_was_changed_after_the_answer_waits_again(who: People) -> None:
    case = sent_in(draft_profile(who.kl), who.kl)
    approve(case, who.hk)
    change(case.page.specific, who.kl, lead="Andre ord.")
    assert address(case) in panel(who.hk)


def test_what_she_wrote_herself_does_not_wait_for_her(who: People) -> None:
    case = sent_in(draft_profile(who.kl), who.kl)
    change(case.page.specific, who.hk, lead="Ord af HK.")
    assert address(case) not in panel(who.hk)
    assert address(case) in panel(who.hk2)


def test_what_came_back_stands_with_its_author(who: People) -> None:
    case = sent_in(draft_profile(who.kl), who.kl)
    vote_cast(
        state=waiting_state(case, who.hk),
        actor=who.hk,
        principal=principal_of(who.hk, strong=True),
        answer="return",
        read=moment_of(case).digest,
        comment="Kortere.",
    )
    assert "Returneret til dig" in panel(who.kl)
    assert address(case) not in panel(who.kl2)
    assert address(case) not in panel(who.hk)


def test_wagtails_own_lists_of_moderation_are_gone(who: People) -> None:
    sent_in(draft_profile(who.kl), who.kl)
    html = signed_in(who.kl).get(reverse(HOME)).content.decode()
    assert "user_objects_in_workflow_moderation" not in html
    assert "workflow-action" not in html


@pytest.mark.parametrize("address_of", [HOME, "editorial:index"])
def test_thirty_cases_cost_as_much_as_three(who: People, address_of: str) -> None:
    url = reverse(address_of)
    for number in range(3):
        sent_in(draft_profile(who.kl, f"Profil {number}"), who.kl)
    few = queries(who.hk, url)
    for number in range(3, 30):
        sent_in(draft_profile(who.kl, f"Profil {number}"), who.kl)
    many = queries(who.hk, url)
    assert many == few
    assert many <= 40, many
    assert queries(who.kl, url) <= 40


def test_the_long_lists_do_not_grow_either(who: People) -> None:
    url = f"{reverse('editorial:index')}?vis=i-gang"
    for number in range(2):
        sent_in(draft_profile(who.kl, f"Profil {number}"), who.kl)
    few = queries(who.kl, url)
    for number in range(2, 8):
        sent_in(draft_profile(who.kl, f"Profil {number}"), who.kl)
    assert queries(who.kl, url) == few
