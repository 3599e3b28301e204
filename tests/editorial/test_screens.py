"""The screens of a submission: who sees it, what it says, how it is answered, and what is refused with words."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.editorial.models import StepState, Submission, Vote
from portal.editorial.moments import moment_of
from profilecatalog.profiles.models import ProfilePage
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
from tests.factories.accounts import administrator, holder, user
from tests.factories.profiles import ProfilePageFactory
from tests.profiles.forms import edit_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(policies: Any) -> People:
    return people()


@pytest.fixture
def case(who: People) -> Submission:
    return sent_in(draft_profile(who.kl), who.kl)


def html_of(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return str(response.content.decode())


def answer(client: Client, case: Submission, state: StepState, **data: str) -> Any:
    digest = moment_of(Submission.objects.get(pk=case.pk)).digest
    given = {"state": str(state.pk), "read": digest, "answer": "approve", "seat": "", "comment": ""}
    return client.post(address(case), {**given, **data})


def test_the_screen_says_where_it_stands_and_what_is_demanded(who: People, case: Submission) -> None:
    html = html_of(signed_in(who.hk), address(case))
    assert "Venter på HK" in html
    assert "KL" in html
    assert "Du taler med borgeren." in html
    assert 'aria-current="step"' in html
    assert "<svg" in html
    assert "Godkend for HK" in html
    assert moment_of(case).digest in html


def test_a_submitter_reads_why_she_does_not_answer(who: People, case: Submission) -> None:
    html = html_of(signed_in(who.kl), address(case))
    assert "Du har selv sendt den ind" in html
    assert 'name="answer"' not in html


def test_an_approval_is_taken_once_and_stands_in_the_history(who: People, case: Submission) -> None:
    client = signed_in(who.hk)
    state = waiting_state(case, who.hk)
    assert answer(client, case, state, comment="Godt arbejde.").status_code == 302
    html = html_of(client, address(case))
    assert "Godkendt for HK" in html
    assert "Godt arbejde." in html
    assert "Venter på KL" in html
    assert 'name="answer"' not in html
    again = answer(client, case, state)
    assert again.status_code == 400
    assert Vote.objects.count() == 1


def test_a_return_asks_for_a_comment_at_its_field_and_keeps_what_was_typed(who: People, case: Submission) -> None:
    client = signed_in(who.hk)
    state = waiting_state(case, who.hk)
    refused = answer(client, case, state, answer="return", comment="   ")
    html = refused.content.decode()
    assert refused.status_code == 400
    assert 'aria-invalid="true"' in html
    assert "Skriv, hvad der skal ændres" in html
    assert not Vote.objects.exists()
    assert answer(client, case, state, answer="return", comment="Skriv det kortere.").status_code == 302
    assert "Returneret til" in html_of(client, address(case))
    mine = signed_in(who.kl)
    assert "Skriv det kortere." in html_of(mine, reverse("wagtailadmin_pages:edit", args=[case.page_id]))


def test_what_changed_meanwhile_is_shown_instead_of_taken(who: People, case: Submission) -> None:
    client = signed_in(who.hk)
    state = waiting_state(case, who.hk)
    read = moment_of(case).digest
    html_of(client, address(case))
    change(case.page.specific, who.kl, in_short="<p>Du taler med virksomheden.</p>")
    stale = answer(client, case, state, read=read, comment="Fint.")
    html = stale.content.decode()
    assert stale.status_code == 409
    assert "Teksten er ændret, siden du åbnede den" in html
    assert "virksomheden." in html.split("<ins>")[1]
    assert "borgeren." in html.split("<del>")[1]
    assert "Fint." in html
    assert not Vote.objects.exists()
    assert answer(client, case, state).status_code == 302


def test_an_answer_says_yes_or_no(who: People, case: Submission) -> None:
    response = answer(signed_in(who.hk), case, waiting_state(case, who.hk), answer="perhaps")
    assert response.status_code == 400
    assert not Vote.objects.exists()


def test_a_step_of_another_page_is_not_answered_here(who: People, case: Submission) -> None:
    other = sent_in(draft_profile(who.kl, "En anden"), who.kl)
    foreign = waiting_state(other, who.hk)
    assert answer(signed_in(who.hk), case, foreign).status_code == 404
    assert signed_in(who.hk).post(address(case), {"state": "x", "answer": "approve"}).status_code == 404
    assert not Vote.objects.exists()


def test_what_changed_since_my_approval(who: People, case: Submission) -> None:
    approve(case, who.hk)
    change(case.page.specific, who.kl, in_short="<p>Du taler med virksomheden.</p>")
    html = html_of(signed_in(who.hk), address(case))
    assert "Det er ændret, siden du sidst svarede" in html
    assert "virksomheden." in html.split("<ins>")[1]
    assert "har godkendt en tidligere tekst" in html
    assert 'name="answer"' in html
    vote = Vote.objects.get()
    kept = html_of(signed_in(who.hk), reverse("editorial:read", args=[case.uuid, vote.pk]))
    assert "Du taler med borgeren." in kept


def test_what_is_published_is_compared_with_on_demand(who: People) -> None:
    from tests.support.editorial import policies_in_force, policies_retired

    policies_retired()
    page = ProfilePageFactory.make(title="Vejleder", in_short="<p>Gammel tekst.</p>")
    policies_in_force()
    change(page, who.kl, in_short="<p>Ny tekst.</p>", release_change="changed", release_reason="Loven.")
    case = sent_in(page, who.kl)
    html = html_of(signed_in(who.hk), address(case))
    assert "Det er ændret i forhold til det, der er udgivet" in html
    assert "Gammel" in html.split("<del>")[1]


def test_the_kept_text_of_another_submission_is_not_shown(who: People, case: Submission) -> None:
    other = sent_in(draft_profile(who.kl, "En anden"), who.kl)
    approve(other, who.hk)
    url = reverse("editorial:read", args=[case.uuid, Vote.objects.get().pk])
    assert signed_in(who.hk).get(url).status_code == 404


def test_those_who_have_nothing_to_do_with_it_find_nothing(who: People, case: Submission) -> None:
    provider = holder("provider", "udbyder@portal.example", provider="skolen")  # type: ignore[arg-type]
    for name in ("submission", "cancel"):
        url = reverse(f"editorial:{name}", args=[case.uuid])
        assert signed_in(provider).get(url).status_code == 404
    assert signed_in(user("ingen@portal.example")).get(address(case)).status_code == 403
    assert Client().get(address(case)).status_code == 302


def test_taking_back_asks_first_and_is_the_submitters(who: People, case: Submission) -> None:
    url = reverse("editorial:cancel", args=[case.uuid])
    assert signed_in(who.hk).post(url).status_code == 404
    mine = signed_in(who.kl)
    assert "Ja, træk den tilbage" in html_of(mine, url)
    case.refresh_from_db()
    assert case.workflow_state.status == "in_progress"
    assert mine.post(url, {"comment": "Vent."}).status_code == 302
    assert "Trukket tilbage" in html_of(mine, address(case))
    assert signed_in(administrator()).get(url).status_code == 200


def test_all_approvals_publish_and_the_screen_says_so(who: People, case: Submission) -> None:
    approve(case, who.hk)
    approve(case, who.kl2)
    assert ProfilePage.objects.get(pk=case.page_id).live
    html = html_of(signed_in(who.hk), address(case))
    assert "Godkendt og udgivet" in html
    assert 'name="answer"' not in html


@pytest.mark.every_database
def test_the_index_shows_each_part_to_those_whose_it_is(who: People, case: Submission) -> None:
    index = reverse("editorial:index")
    assert "Vejleder" in html_of(signed_in(who.hk), index)
    assert "Intet venter på dit svar" in html_of(signed_in(who.kl), index)
    assert "Vejleder" in html_of(signed_in(who.kl), f"{index}?vis=i-gang")
    assert "Her er ikke noget." in html_of(signed_in(who.kl), f"{index}?vis=slut")
    assert "Vejleder" in html_of(signed_in(who.hk), f"{index}?vis=%C3%A6")
    provider = holder("provider", "udbyder@portal.example", provider="skolen")  # type: ignore[arg-type]
    assert "Vejleder" not in html_of(signed_in(provider), f"{index}?vis=i-gang")


def test_the_workflows_in_force_are_drawn(who: People, case: Submission) -> None:
    html = html_of(signed_in(who.hk), reverse("editorial:workflows"))
    assert "profile-both-parties" in html
    assert html.count("<svg") >= 2
    assert "kompetenceprofil" in html
    assert "1 side er i gang" in html


def test_an_emergency_asks_for_a_reason_and_a_mark(who: People) -> None:
    page = draft_profile(who.kl)
    url = reverse("editorial:emergency", args=[page.pk])
    assert signed_in(who.hk).get(url).status_code == 404
    admin = signed_in(administrator())
    assert "Det går uden om det, parterne har aftalt" in html_of(admin, url)
    refused = admin.post(url, {"reason": "Haster", "sure": "1"})
    assert refused.status_code == 400
    assert "mindst 20 tegn" in refused.content.decode()
    unsure = admin.post(url, {"reason": "Loven er ændret fra i morgen tidlig."})
    assert unsure.status_code == 400
    assert "Loven er ændret fra i morgen tidlig." in unsure.content.decode()
    assert not ProfilePage.objects.get(pk=page.pk).live


def test_an_emergency_is_shouted_to_everybody(who: People) -> None:
    from portal.core.models import OutboxMessage

    page = draft_profile(who.kl)
    url = reverse("editorial:emergency", args=[page.pk])
    reason = "Loven er ændret fra i morgen tidlig."
    assert signed_in(administrator()).post(url, {"reason": reason, "sure": "1"}).status_code == 302
    assert ProfilePage.objects.get(pk=page.pk).live
    told = {row.payload["to"] for row in OutboxMessage.objects.filter(key__startswith="editorial.emergency:")}
    assert told == {each.email for each in (who.kl, who.kl2, who.hk, who.hk2)}
    home = html_of(signed_in(who.hk), reverse("wagtailadmin_home"))
    assert reason in home
    assert reason in html_of(signed_in(who.kl), reverse("wagtailadmin_pages:edit", args=[page.pk]))


def test_a_page_without_a_policy_has_no_emergency(who: People) -> None:
    from tests.factories.pages import standard_page

    url = reverse("editorial:emergency", args=[standard_page("Om os").pk])
    assert signed_in(administrator()).get(url).status_code == 404


def test_the_editor_says_what_the_page_needs(who: People) -> None:
    page = draft_profile(who.kl)
    client = signed_in(who.kl)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    html = html_of(client, edit)
    assert "Siden skal godkendes af HK og KL" in " ".join(html.split())
    assert "Den er ikke sendt ind." in html
    assert "action-submit" in html
    assert "action-publish" not in html
    case = sent_in(page, who.kl)
    html = html_of(client, edit)
    assert "Venter på HK" in html
    assert address(case) in html


def test_a_page_without_a_policy_says_nothing(who: People) -> None:
    from tests.factories.pages import standard_page

    html = html_of(signed_in(who.kl), reverse("wagtailadmin_pages:edit", args=[standard_page("Om os").pk]))
    assert "editorial-status" not in html
    assert "action-publish" in html


def test_the_other_party_comments_on_a_paragraph_and_changes_nothing(who: People, case: Submission) -> None:
    from wagtail.models import Comment
    from wagtail.test.utils.form_data import inline_formset

    edit = reverse("wagtailadmin_pages:edit", args=[case.page_id])
    client = signed_in(who.hk)
    assert 'data-side-panel="comments"' in html_of(client, edit)
    draft = ProfilePage.objects.get(pk=case.page_id).get_latest_revision_as_object()
    comment = {"contentpath": "lead", "text": "Kan det siges kortere?", "position": "", "deleted": "", "resolved": ""}
    formset = inline_formset([{**comment, "id": "", "replies": inline_formset([])}])
    response = client.post(edit, edit_data(draft, comments=formset))
    assert response.status_code == 302, response.context["form"].errors
    kept = Comment.objects.get()
    assert (kept.user, kept.text, kept.contentpath) == (who.hk, "Kan det siges kortere?", "lead")
    fresh = Submission.objects.get(pk=case.pk)
    assert fresh.digest == case.digest
    assert fresh.author == who.kl
    assert waiting_state(fresh, who.hk)
    assert "Kan det siges kortere?" in html_of(signed_in(who.kl), edit)


def test_a_task_type_draws_its_own_part_inside_its_step(
    who: People, case: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.editorial.tasks.approvals import PartyApproval

    at = dt.datetime(2027, 3, 1, 9, 30, tzinfo=dt.UTC)
    # Any template of a step will do: what `shown` returns is what it sees as `shown`.
    monkeypatch.setattr(PartyApproval, "template", "editorial/tasks/publish_at.html")
    monkeypatch.setattr(PartyApproval, "shown", lambda self, moment, given: {"at": at})
    html = html_of(signed_in(who.hk), address(case))
    drawn = html.split("<h3>HK og KL godkender", 1)[1].split("</section>", 1)[0]
    assert "1. marts 2027" in drawn
