""" "New release?": asked when a competence is published anew, settled by a release, put off or declined by an editor."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.core.sections import collect
from profilecatalog.profiles.models import Competence, ProfilePage, ReleaseProposal
from profilecatalog.profiles.services.proposals import proposal_decline, proposal_postpone
from tests.factories.accounts import holder
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, rewrite_competence
from tests.profiles.helpers import draft, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(django_user_model: Any) -> Any:
    return django_user_model.objects.create_superuser("redaktoer@hk.example")


@pytest.fixture
def competence() -> Competence:
    return CompetenceFactory.create(name="Klar dialog")


@pytest.fixture
def page(competence: Competence) -> ProfilePage:
    return ProfilePageFactory.make(title="Borgerservice", groups=[group("En", item(competence))])


@pytest.fixture
def proposal(competence: Competence, page: ProfilePage) -> ReleaseProposal:
    rewrite_competence(competence, text="Jeg kan sige det klarere.")
    return ReleaseProposal.objects.get()


def test_other_words_ask_the_profiles_that_use_them_and_no_other(proposal: ReleaseProposal, page: ProfilePage) -> None:
    ProfilePageFactory.make()
    assert (proposal.profile, proposal.status) == (page, "waiting")


def test_a_draft_or_an_unchanged_publication_asks_nothing(competence: Competence, page: ProfilePage) -> None:
    rewrite_competence(competence, text="Jeg kan noget andet.", publish=False)
    CompetenceFactory.create()
    competence.save_revision().publish()
    assert not ReleaseProposal.objects.exists()


def test_a_second_change_asks_once_and_the_old_words_withdraw(
    proposal: ReleaseProposal, competence: Competence
) -> None:
    rewrite_competence(competence, text="Jeg kan sige det endnu klarere.")
    assert ReleaseProposal.objects.count() == 1
    rewrite_competence(competence, text="Jeg kan klar dialog på trin 1.")
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"


def test_a_new_release_adopts_what_waits(proposal: ReleaseProposal, page: ProfilePage, editor: Any) -> None:
    publish(draft(page), change="clarified", reason="Klarere sprog.", user=editor)
    proposal.refresh_from_db()
    assert proposal.release is not None
    assert (proposal.status, proposal.release.number, proposal.decided_by) == ("adopted", 2, editor)


def test_a_release_without_the_competence_withdraws_the_question(proposal: ReleaseProposal, page: ProfilePage) -> None:
    changed = draft(page)
    changed.groups = [group("En", item(CompetenceFactory.create()))]
    publish(changed, change="changed", reason="Byttet ud.")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.release) == ("withdrawn", None)


def test_declined_words_are_not_asked_about_again_but_others_are(
    proposal: ReleaseProposal, competence: Competence, editor: Any
) -> None:
    proposal_decline(proposal=proposal, actor=editor, reason="Ingen forskel i praksis.")
    rewrite_competence(competence, level=2, text="Jeg kan klar dialog på trin 2.")
    assert ReleaseProposal.objects.open().count() == 0
    rewrite_competence(competence, text="Jeg kan noget tredje.")
    assert ReleaseProposal.objects.open().count() == 1


def test_a_postponed_question_comes_back_on_its_day(proposal: ReleaseProposal, editor: Any) -> None:
    today = timezone.localdate()
    proposal_postpone(proposal=proposal, actor=editor, until=today + dt.timedelta(days=7))
    assert not ReleaseProposal.objects.due(today).exists()
    assert ReleaseProposal.objects.due(today + dt.timedelta(days=7)).exists()
    entry = AuditEntry.objects.get(action="case.postpone")
    assert (entry.actor, entry.before["state"], entry.after["state"]) == (editor, "open", "postponed")
    assert entry.after["day"] == (today + dt.timedelta(days=7)).isoformat()


def test_an_answer_needs_a_day_ahead_or_a_reason(proposal: ReleaseProposal, editor: Any) -> None:
    with pytest.raises(ValidationError):
        proposal_postpone(proposal=proposal, actor=editor, until=timezone.localdate())
    with pytest.raises(ValidationError):
        proposal_decline(proposal=proposal, actor=editor, reason="  ")
    proposal.refresh_from_db()
    assert proposal.status == "waiting"
    assert not AuditEntry.objects.filter(action__in=["case.postpone", "case.decline"]).exists()


def test_the_database_holds_one_open_question(proposal: ReleaseProposal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseProposal.objects.create(profile=proposal.profile, competence=proposal.competence, wording="x")


def test_the_dashboard_shows_what_waits_to_those_who_may_act(
    proposal: ReleaseProposal, editor: Any, rf: RequestFactory, django_user_model: Any
) -> None:
    def keys(user: Any) -> list[str]:
        request = rf.get("/admin/")
        request.user = user
        return [section.anchor for section in collect("admin.dashboard", request, user)]

    assert "nye-udgaver" in keys(editor)
    assert "nye-udgaver" not in keys(django_user_model.objects.create_user("laeser@hk.example"))


def test_the_editor_sees_the_question_and_answers_it(client: Client, proposal: ReleaseProposal, editor: Any) -> None:
    client.force_login(editor)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[proposal.profile_id])).content.decode()
    address = reverse("profiles_admin:proposal", args=[proposal.uuid])
    assert address in home
    assert address in edit
    assert client.get(address).status_code == 200
    refused = client.post(address, {"transition": "decline", "number": "1", "comment": "", "day": ""})
    assert refused.status_code == 400
    assert refused.context["problem_field"] == "comment"
    until = timezone.localdate() + dt.timedelta(days=30)
    answer = {"transition": "postpone", "number": "1", "day": until.isoformat()}
    assert client.post(address, answer).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.status, proposal.postponed_until) == ("postponed", until)
    answer = {"transition": "decline", "number": "2", "comment": "Nej tak."}
    assert client.post(address, answer).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reason) == ("declined", "Nej tak.")
    settled = client.get(address).content.decode()
    assert "Nej tak." in settled
    assert "Det kan du gøre" not in settled


def test_a_stranger_finds_no_question(client: Client, proposal: ReleaseProposal) -> None:
    client.force_login(holder(Role.PROVIDER, provider="skolen"))
    address = reverse("profiles_admin:proposal", args=[proposal.uuid])
    assert client.get(address).status_code == 404
    answer = {"transition": "decline", "number": "1", "comment": "Nej."}
    assert client.post(address, answer).status_code == 404
    proposal.refresh_from_db()
    assert proposal.status == "waiting"
