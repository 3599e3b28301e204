""" "New release?" as a case: it comes back on its day, other words ask again, publishing closes it, none is orphaned."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.core.formats import long_date
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.organisations.api import Party
from portal.workflows.api import (
    Asker,
    BadDefinitionError,
    Case,
    NotAllowedError,
    StaleCaseError,
    case_transition,
    cases_due,
    definitions_export,
    definitions_import,
)
from profilecatalog.profiles.models import Competence, ProfilePage, ReleaseProposal
from profilecatalog.profiles.models.parts import ProfilePublisher
from profilecatalog.profiles.services.new_release import KIND, cases_begin
from profilecatalog.profiles.services.proposals import proposal_decline, proposal_postpone
from tests.factories.accounts import editor, holder
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, rewrite_competence
from tests.profiles.helpers import draft, publish

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def kl() -> Any:
    return editor("kl@kl.example", party="kl")


@pytest.fixture
def competence() -> Competence:
    return CompetenceFactory.create(name="Klar dialog")


@pytest.fixture
def profile(competence: Competence) -> ProfilePage:
    return ProfilePageFactory.make(title="Borgerservice", groups=[group("En", item(competence))])


@pytest.fixture
def proposal(competence: Competence, profile: ProfilePage) -> ReleaseProposal:
    rewrite_competence(competence, text="Jeg kan sige det klarere.")
    return ReleaseProposal.objects.get()


def case_of(proposal: ReleaseProposal) -> Case:
    return Case.objects.about(proposal).filter(kind=KIND).select_related("definition").first()


def answer(proposal: ReleaseProposal, actor: Any, transition: str, **given: Any) -> Case:
    case = case_of(proposal)
    given.setdefault("expected", case.number)
    return case_transition(asker=Asker(actor=actor), case=case, transition=transition, **given)


def stands(proposal: ReleaseProposal) -> tuple[str, str, bool]:
    proposal.refresh_from_db()
    case = case_of(proposal)
    return case.state, proposal.status, case.is_open


def test_each_question_has_a_case_that_says_who_changed_the_words(proposal: ReleaseProposal) -> None:
    assert stands(proposal) == ("open", "waiting", True)
    assert case_of(proposal).definition.key == "new-release"
    assert AuditEntry.objects.filter(action="case.start", object_key=str(proposal.uuid)).count() == 1


def test_put_off_it_comes_back_by_itself_on_the_day(proposal: ReleaseProposal, kl: Any) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        answer(proposal, kl, "postpone", day=dt.date(2026, 3, 9), comment="Vi venter på aftalen.")
        assert stands(proposal) == ("postponed", "postponed", True)
        assert proposal.postponed_until == dt.date(2026, 3, 9)
        clock.move_to(MORNING + dt.timedelta(days=6))
        cases_due()
        assert stands(proposal)[0] == "postponed"
        clock.move_to(MORNING + dt.timedelta(days=7))
        cases_due()
        assert stands(proposal) == ("open", "waiting", True)
        assert proposal.postponed_until is None
        # The editor who put it off is still known: the clock answered nothing.
        assert proposal.decided_by == kl
    assert list(case_of(proposal).steps.order_by("number").values_list("target", flat=True)) == [
        "open",
        "postponed",
        "open",
    ]


def test_other_words_bring_back_what_was_put_off_and_tell_whoever_looks_at_it(
    proposal: ReleaseProposal, competence: Competence, kl: Any
) -> None:
    answer(proposal, kl, "postpone", day=timezone.localdate() + dt.timedelta(days=30))
    rewrite_competence(competence, text="Jeg kan noget tredje.")
    assert stands(proposal) == ("open", "waiting", True)
    assert ReleaseProposal.objects.count() == 1
    with pytest.raises(StaleCaseError):
        answer(proposal, kl, "decline", comment="Ingen forskel.", expected=2)
    assert stands(proposal)[0] == "open"


def test_other_words_after_a_no_are_another_question(
    proposal: ReleaseProposal, competence: Competence, kl: Any
) -> None:
    answer(proposal, kl, "decline", comment="Ingen forskel i praksis.")
    assert stands(proposal) == ("declined", "declined", False)
    assert (proposal.reason, proposal.decided_by) == ("Ingen forskel i praksis.", kl)
    rewrite_competence(competence, text="Jeg kan noget tredje.")
    other = ReleaseProposal.objects.exclude(pk=proposal.pk).get()
    assert (stands(other)[0], stands(proposal)[0]) == ("open", "declined")


@pytest.mark.parametrize("put_off", [False, True])
def test_a_release_that_takes_the_words_in_adopts(
    proposal: ReleaseProposal, profile: ProfilePage, kl: Any, put_off: bool
) -> None:
    if put_off:
        answer(proposal, kl, "postpone", day=timezone.localdate() + dt.timedelta(days=30))
    publish(draft(profile), change="clarified", reason="Klarere sprog.", user=kl)
    assert stands(proposal) == ("adopted", "adopted", False)
    assert (proposal.release.number, proposal.decided_by) == (2, kl)
    last = case_of(proposal).steps.order_by("-number").first()
    assert (last.transition, last.actor) == ("adopt", kl)
    with pytest.raises(NotAllowedError):
        answer(proposal, kl, "decline", comment="For sent.")


def test_the_old_words_again_withdraw(proposal: ReleaseProposal, competence: Competence) -> None:
    rewrite_competence(competence, text="Jeg kan klar dialog på trin 1.")
    assert stands(proposal) == ("withdrawn", "withdrawn", False)


@pytest.mark.parametrize("transition", ["adopt", "withdraw", "changed-again", "come-back"])
def test_nobody_presses_what_only_publishing_or_the_clock_does(
    proposal: ReleaseProposal, kl: Any, transition: str
) -> None:
    with pytest.raises(NotAllowedError):
        answer(proposal, kl, transition, comment="x", day=timezone.localdate() + dt.timedelta(days=2))
    assert stands(proposal)[0] == "open"


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.EMPLOYEE, Role.COORDINATOR])
def test_only_who_may_change_the_profile_answers(proposal: ReleaseProposal, role: Role) -> None:
    from tests.factories.organisations import municipality

    places: dict[Role, dict[str, Any]] = {Role.PROVIDER: {"provider": "skolen"}}
    stranger = holder(role, **places.get(role, {"municipality": municipality()}))
    with pytest.raises(NotAllowedError):
        answer(proposal, stranger, "decline", comment="Nej.")
    assert stands(proposal)[0] == "open"


class TestFromBefore:
    """Questions that were there before cases were kept."""

    @pytest.fixture(autouse=True)
    def _without(self, proposal: ReleaseProposal) -> None:
        Case.objects.about(proposal).delete()

    def test_a_waiting_one_gets_a_case_once(self, proposal: ReleaseProposal) -> None:
        cases_begin()
        cases_begin()
        case = Case.objects.about(proposal).get()
        assert (case.state, case.started_at) == ("open", proposal.raised_at)

    def test_one_that_was_put_off_stays_so_until_its_day(self, proposal: ReleaseProposal, kl: Any) -> None:
        until = timezone.localdate() + dt.timedelta(days=3)
        ReleaseProposal.objects.filter(pk=proposal.pk).update(
            status="postponed", postponed_until=until, decided_at=timezone.now(), decided_by=kl
        )
        cases_begin()
        assert stands(proposal) == ("postponed", "postponed", True)
        with time_machine.travel(timezone.now() + dt.timedelta(days=4)):
            cases_due()
            assert stands(proposal) == ("open", "waiting", True)

    def test_a_settled_one_gets_none(self, proposal: ReleaseProposal) -> None:
        ReleaseProposal.objects.filter(pk=proposal.pk).update(status="withdrawn")
        cases_begin()
        assert not Case.objects.about(proposal).exists()

    def test_a_publication_does_not_wait_for_the_case(self, proposal: ReleaseProposal, profile: ProfilePage) -> None:
        publish(draft(profile), change="clarified", reason="Klarere sprog.")
        assert stands(proposal) == ("adopted", "adopted", False)

    def test_an_answer_does_not_wait_for_the_case(self, proposal: ReleaseProposal, kl: Any) -> None:
        proposal_postpone(proposal=proposal, actor=kl, until=timezone.localdate() + dt.timedelta(days=2))
        proposal_decline(proposal=proposal, actor=kl, reason="Nej.")
        assert stands(proposal) == ("declined", "declined", False)


class TestPolicy:
    """A party's own process for the profiles that it publishes alone."""

    def store(self, folder: Path, **changes: str) -> None:
        text = definitions_export(keys=["new-release"])["new-release"].replace('"new-release"', '"new-release-kl"')
        for old, new in changes.items():
            text = text.replace(old, new)
        file = folder / "kl.toml"
        file.write_text(text + '\n[[applies]]\nparty = "kl"\n', encoding="utf-8")
        definitions_import(actor=None, files=[file])

    def made(self, *parties: str) -> ReleaseProposal:
        competence = CompetenceFactory.create()
        made = ProfilePageFactory.make(groups=[group("En", item(competence))])
        ProfilePublisher.objects.filter(page=made).delete()
        for key in parties:
            ProfilePublisher.objects.create(page=made, party=Party.objects.get(key=key))
        rewrite_competence(competence, text="Jeg kan sige det klarere.")
        return ReleaseProposal.objects.get(profile=made)

    def test_it_moves_that_party_s_questions_and_no_other(self, tmp_path: Path, kl: Any) -> None:
        self.store(tmp_path, **{"months = 12": "days = 14"})
        own, hk, joint = self.made("kl"), self.made("hk"), self.made("hk", "kl")
        keys = [case_of(each).definition.key for each in (own, hk, joint)]
        assert keys == ["new-release-kl", "new-release", "new-release"]
        far = timezone.localdate() + dt.timedelta(days=20)
        with pytest.raises(Exception, match="Vælg en dag senest"):
            answer(own, kl, "postpone", day=far)
        answer(hk, kl, "postpone", day=far)

    def test_a_no_without_a_reason_is_refused_whatever_the_definition_says(self, tmp_path: Path, kl: Any) -> None:
        self.store(tmp_path, **{"comment_required = true\n": ""})
        own = self.made("kl")
        with pytest.raises(Exception, match="Skriv hvorfor profilen"):
            answer(own, kl, "decline")
        assert stands(own) == ("open", "waiting", True)

    def test_a_definition_that_would_stop_a_publication_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadDefinitionError, match="need a transition 'adopt'"):
            self.store(tmp_path, **{'key = "adopt"': 'key = "adapt"'})
        with pytest.raises(BadDefinitionError, match="must lead out of 'postponed'"):
            self.store(tmp_path, **{'from = ["open", "postponed"]\nto = "adopted"': 'from = ["open"]\nto = "adopted"'})


class TestScreen:
    @pytest.fixture
    def office(self, kl: Any) -> Client:
        client = Client()
        client.force_login(kl)
        return client

    def address(self, proposal: ReleaseProposal) -> str:
        return reverse("profiles_admin:proposal", args=[proposal.uuid])

    def test_it_shows_where_it_stands_what_one_can_do_and_the_drawing(
        self, office: Client, proposal: ReleaseProposal
    ) -> None:
        html = office.get(self.address(proposal)).content.decode()
        for text in ("Venter på svar", "Lav en ny udgave", "Udskyd", "Afvis forslaget", 'role="img"'):
            assert text in html
        assert 'type="date"' in html

    @pytest.mark.parametrize(
        ("data", "field", "text"),
        [
            ({"transition": "postpone", "day": ""}, "day", "Vælg en dag efter i dag."),
            ({"transition": "postpone", "day": "2026-02-31"}, "day", "Vælg en dag efter i dag."),
            ({"transition": "postpone", "day": "i morgen\x00"}, "day", "Vælg en dag efter i dag."),
            ({"transition": "postpone", "day": "9999-12-31"}, "day", "Vælg en dag senest"),
            ({"transition": "decline", "day": ""}, "comment", "Skriv hvorfor."),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
        self, office: Client, proposal: ReleaseProposal, data: dict[str, str], field: str, text: str
    ) -> None:
        comment = "" if field == "comment" else "Husk mig"
        response = office.post(self.address(proposal), {**data, "number": "1", "comment": comment})
        html = response.content.decode()
        assert response.status_code == 400
        assert f'id="case-{field}-error-{data["transition"]}"' in html
        assert text in html
        assert html.count("Husk mig") == bool(comment)
        assert stands(proposal)[0] == "open"

    def test_putting_off_is_noted_with_its_day(self, office: Client, proposal: ReleaseProposal) -> None:
        until = timezone.localdate() + dt.timedelta(days=30)
        data = {"transition": "postpone", "number": "1", "day": until.isoformat(), "comment": ""}
        html = office.post(self.address(proposal), data, follow=True).content.decode()
        assert f"Den {long_date(until)} bliver det til “Venter på svar” af sig selv." in html
        assert f"indtil {long_date(until)}" in html
        assert stands(proposal)[0] == "postponed"

    def test_what_was_answered_can_be_looked_up_from_the_profile(
        self, office: Client, proposal: ReleaseProposal, kl: Any
    ) -> None:
        answer(proposal, kl, "decline", comment="Ingen forskel i praksis.")
        edit = office.get(reverse("wagtailadmin_pages:edit", args=[proposal.profile_id])).content.decode()
        assert self.address(proposal) in edit
        html = office.get(self.address(proposal)).content.decode()
        assert "Ingen forskel i praksis." in html
        assert "Lav en ny udgave" not in html
        response = office.post(self.address(proposal), {"transition": "postpone", "number": "2", "day": "2030-01-01"})
        assert response.status_code == 400

    def test_the_dashboard_asks_as_often_for_many(self, office: Client, proposal: ReleaseProposal) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as caught:
                office.get(reverse("wagtailadmin_home"))
            return len(caught)

        queries()
        few = queries()
        for _number in range(8):
            competence = CompetenceFactory.create()
            ProfilePageFactory.make(groups=[group("En", item(competence))])
            rewrite_competence(competence, text="Jeg kan sige det klarere.")
        assert ReleaseProposal.objects.open().count() == 9
        assert queries() == few


def test_the_case_goes_with_the_question(proposal: ReleaseProposal) -> None:
    proposal.delete()
    assert not Case.objects.filter(kind=KIND).exists()
