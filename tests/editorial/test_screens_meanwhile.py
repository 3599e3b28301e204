"""The screens when something happened while somebody read: a deadline, a colleague, another answer, a clock that failed."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from portal.editorial.models import StepState, Submission, Vote
from portal.editorial.screens import standing
from tests.editorial.definitions import ONE, step
from tests.editorial.people import address, signed_in
from tests.editorial.world import NEW, Bound, bound, written
from tests.factories.accounts import holder, user

pytestmark = pytest.mark.django_db

SUBSTITUTES = "Stedfortrædere"
HK_ONLY = '{ name = "party_approval", parties = ["hk"] }'
PANEL = '{ name = "panel", approvals = 1, parties = ["hk", "kl"] }'


def html_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(str(response.content.decode()).split())


def posted(world: Bound, who: str, state: StepState, **data: str) -> Any:
    given = {"state": str(state.pk), "read": world.digest(), "answer": "approve", "seat": "", "comment": ""}
    return signed_in(world.people[who]).post(address(case_of(state)), {**given, **data})


def case_of(state: StepState) -> Submission:
    found: Submission = Submission.objects.get(workflow_state=state.workflow_state_id)
    return found


# --- Substitutes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lent(tmp_path: Path) -> Bound:
    """A page that waits for HK, and a provider's editor who stands in for HK after a fortnight."""
    Group.objects.create(name=SUBSTITUTES)
    rules = f'start = true\n[steps.deadline]\ndays = 14\nsubstitutes = ["hk={SUBSTITUTES}"]'
    world = bound(tmp_path, steps=step("hk", HK_ONLY, rules), approvals='parties = ["hk"]')
    for name, given in (("substitute", {"provider": "skolen"}), ("other", {"provider": "en-anden"})):
        world.people[name] = holder("provider", f"{name}@portal.example", **given)  # type: ignore[arg-type]
    world.people["substitute"].groups.add(Group.objects.get(name=SUBSTITUTES))
    return world


def test_a_substitute_opens_what_waits_for_her_and_answers_it(lent: Bound) -> None:
    lent.send()
    url, index = address(case_of(lent.state())), reverse("editorial:index")
    assert signed_in(lent.people["substitute"]).get(url).status_code == 404
    with time_machine.travel(timezone.now() + dt.timedelta(days=15), tick=False):
        hers = signed_in(lent.people["substitute"])
        assert url in html_of(hers.get(index))
        assert "Godkend for HK" in html_of(hers.get(url))
        assert signed_in(lent.people["other"]).get(url).status_code == 404
        assert posted(lent, "substitute", lent.state()).status_code == 302
        # It has ended, and she still reads what she answered.
        assert "Godkendt og udgivet" in html_of(hers.get(url))


def test_a_substitute_whom_somebody_forestalls_keeps_what_she_wrote(lent: Bound) -> None:
    lent.send()
    state = lent.state()
    with time_machine.travel(timezone.now() + dt.timedelta(days=15), tick=False):
        lent.vote("hk")
        html = html_of(posted(lent, "substitute", state, comment="Godt for mig."), 400)
    assert "Godt for mig." in html
    assert Vote.objects.count() == 1


def test_a_step_that_ended_in_time_was_never_lent(lent: Bound) -> None:
    lent.send()
    url = address(case_of(lent.state()))
    lent.vote("hk")
    with time_machine.travel(timezone.now() + dt.timedelta(days=15), tick=False):
        assert signed_in(lent.people["substitute"]).get(url).status_code == 404


def test_who_has_answered_still_sees_it_when_her_role_is_over(lent: Bound) -> None:
    lent.send()
    state = lent.state()
    with time_machine.travel(timezone.now() + dt.timedelta(days=15), tick=False):
        lent.vote("substitute")
        lent.people["substitute"].groups.remove(Group.objects.get(name=SUBSTITUTES))
        html = html_of(signed_in(lent.people["substitute"]).get(address(case_of(state))))
    assert "Godkendt for HK" in html


# --- Answered meanwhile -----------------------------------------------------------------------------------------------


def test_what_was_typed_stays_when_a_colleague_has_answered_meanwhile(tmp_path: Path) -> None:
    world = bound(tmp_path)
    world.send()
    state = world.state()
    world.vote("hk")
    html = html_of(posted(world, "hk2", state, answer="return", comment="Skriv det kortere."), 400)
    assert "Skriv det kortere." in html
    assert "Det, du skrev (det er ikke noteret)" in html
    assert 'name="answer"' not in html
    assert Vote.objects.count() == 1
    assert "Skriv det kortere." not in html_of(signed_in(world.people["hk2"]).get(address(case_of(state))))


def test_what_was_typed_stays_when_it_has_ended_meanwhile(tmp_path: Path) -> None:
    world = bound(tmp_path)
    world.send()
    state = world.state()
    world.vote("hk")
    world.vote("kl2")
    html = html_of(posted(world, "hk2", state, comment="Rigtig godt."), 400)
    assert "Rigtig godt." in html
    assert "Det, du skrev (det er ikke noteret)" in html


def test_a_no_that_does_not_return_the_page_does_not_say_that_it_did(tmp_path: Path) -> None:
    world = bound(tmp_path, steps=step("panel", PANEL, "start = true"), approvals="people = 1")
    world.send()
    state = world.state()
    html = html_of(_followed(world, "hk", state, "Jeg er uenig."))
    assert "Dit nej er noteret." in html
    assert "returneret til den, der skrev den" not in html
    state.workflow_state.refresh_from_db()
    assert state.workflow_state.status == "in_progress"


def test_a_no_that_returns_the_page_says_so(tmp_path: Path) -> None:
    world = bound(tmp_path)
    world.send()
    html = html_of(_followed(world, "hk", world.state(), "Skriv det kortere."))
    assert "Dit nej er noteret." not in html
    assert "Siden er returneret til den, der skrev den." in html


def _followed(world: Bound, who: str, state: StepState, comment: str) -> Any:
    given = {"state": str(state.pk), "read": world.digest(), "answer": "return", "seat": "", "comment": comment}
    return signed_in(world.people[who]).post(address(case_of(state)), given, follow=True)


# --- The clock --------------------------------------------------------------------------------------------------------


def test_why_the_clock_stumbled_is_not_told_to_editors(tmp_path: Path) -> None:
    world = bound(tmp_path)
    world.send()
    state = world.state()
    StepState.steps.filter(pk=state.pk).update(problem="relation editorial_vote does not exist")
    html = html_of(signed_in(world.people["hk"]).get(address(case_of(state))))
    assert "Portalen kunne ikke gå videre; den prøver igen om lidt." in html
    assert "does not exist" not in html


# --- What stood on the screen -----------------------------------------------------------------------------------------


def test_a_hash_finds_no_other_pages_text(tmp_path: Path) -> None:
    from tests.factories.pages import blocks, standard_page

    world = bound(tmp_path)
    world.send()
    state = world.state()
    client = signed_in(world.people["hk"])
    client.get(address(case_of(state)))
    world.vote("hk")
    read = world.digest()
    secret = standard_page("Hemmelig", published=False, body=blocks(("paragraph", "<p>Gammelt.</p>")))
    written(secret, "Ikke for dig.", world.people["kl"])
    other = Bound(secret, world.people)
    other.send()
    foreign = other.state()
    # Once as another page's answer was about it, once as it stood on another page's screen.
    for found in ("of an answer", "of a screen"):
        html = html_of(posted(other, "hk", foreign, read=read), 409)
        assert NEW not in html, found
        assert "Portalen ved ikke længere, hvad du havde foran dig" in html
        Vote.objects.all().delete()
    own = html_of(posted(world, "hk2", state, read="f" * 64), 409)
    assert "Portalen ved ikke længere" in own


@pytest.mark.parametrize("read", ["", "x" * 64, "a\x00b", "a b", "\u00e6" * 4000])
def test_a_hash_that_is_none_is_only_stale(tmp_path: Path, read: str) -> None:
    world = bound(tmp_path)
    world.send()
    html_of(posted(world, "hk", world.state(), read=read), 409)
    assert not Vote.objects.exists()


# --- What is demanded -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approvals", "said"),
    [
        ('parties = ["hk"]\npeople = 2', "Siden skal godkendes af HK, og af 2 personer i alt, før den udgives."),
        ('parties = ["hk"]', "Siden skal godkendes af HK, før den udgives."),
    ],
)
def test_what_is_demanded_names_parties_and_persons(tmp_path: Path, approvals: str, said: str) -> None:
    both = step("hk", HK_ONLY, 'start = true\nnext = "panel"') + step("panel", ONE.replace("= 1", "= 2"))
    world = bound(tmp_path, steps=both, approvals=approvals)
    submission = world.send()
    assert standing.demand(submission.policy, submission.page.specific) == said
    assert said in html_of(signed_in(world.people["hk"]).get(address(submission)))


def test_a_person_of_no_role_is_not_let_in_by_the_group_alone(lent: Bound) -> None:
    person = user("vikar@portal.example")
    person.groups.add(Group.objects.get(name=SUBSTITUTES))
    lent.send()
    with time_machine.travel(timezone.now() + dt.timedelta(days=15), tick=False):
        response = signed_in(person).get(address(case_of(lent.state())))
    assert response.status_code == 403
