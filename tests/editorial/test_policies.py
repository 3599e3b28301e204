"""Which policy is for a page: the nearest wins, and what is asked twice in one request is read once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from wagtail.models import Page

from portal.editorial import policies as module
from portal.editorial.models import Definition
from portal.editorial.policies import Needed, is_bound_below, needed, policy_for, workflow_in_force
from portal.editorial.registry import registry
from portal.editorial.retiring import definition_retire
from portal.editorial.schema import POLICY_KIND
from portal.organisations.api import Party
from portal.pages.api import StandardPage
from profilecatalog.profiles.models import ProfilePublisher
from profilecatalog.profiles.pages import ProfilePage
from tests.editorial.definitions import bring, policy, workflow
from tests.factories.pages import home, standard_page
from tests.factories.profiles import ProfilePageFactory, profile_index

pytestmark = pytest.mark.django_db

PROFILES = 'page_type = "profiles.ProfilePage"'


def key_of(page: Any) -> str:
    found = policy_for(page)
    return found.key if found else ""


@pytest.fixture
def in_request() -> Any:
    # Without the receiver that closes the test's connection.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    request_started.send(sender=None)
    yield
    request_finished.send(sender=None)
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def about() -> StandardPage:
    return standard_page("Om portalen", slug="om")


class TestNearest:
    def test_a_page_without_a_policy_is_open(self, about: StandardPage) -> None:
        assert policy_for(about) is None
        assert not is_bound_below(home(), StandardPage)

    def test_the_longest_section_wins_and_counts_by_whole_words(self, tmp_path: Path, about: StandardPage) -> None:
        inner = standard_page("Os", slug="os", parent=about)
        below = standard_page("Presse", slug="presse", parent=inner)
        beside = standard_page("Oms", slug="oms")
        bring(
            tmp_path,
            workflow(),
            policy("everywhere"),
            policy("type", 'page_type = "pages.StandardPage"'),
            policy("om", 'section = "/om/"'),
            policy("om-os", 'section = "/om/os/"'),
        )
        assert key_of(home()) == "everywhere"
        assert key_of(beside) == "type"
        assert [key_of(page) for page in (about, inner, below)] == ["om", "om-os", "om-os"]

    def test_a_section_wins_over_any_number_of_conditions(self, tmp_path: Path, about: StandardPage) -> None:
        narrow = 'page_type = "pages.StandardPage"\nwhen = [{ name = "tests.title_holds", word = "Om" }]'
        bring(tmp_path, workflow(), policy("narrow", narrow), policy("section", 'section = "/om/"'))
        assert key_of(about) == "section"

    def test_in_one_section_the_one_that_asks_for_more_wins(self, tmp_path: Path) -> None:
        page = ProfilePageFactory.make()
        page.release_change = "clarified"
        bring(tmp_path, workflow(), policy("type", PROFILES), policy("change", f'{PROFILES}\nchange = "clarified"'))
        assert key_of(page) == "change"
        page.release_change = "changed"
        assert key_of(page) == "type"

    def test_where_two_ask_for_equally_much_the_change_counts_first_and_never_chance(self, tmp_path: Path) -> None:
        page = ProfilePageFactory.make()
        ProfilePublisher.objects.create(page=page, party=Party.objects.get(key="hk"))
        page = ProfilePage.objects.get(pk=page.pk)
        page.release_change = "changed"
        claims = {"a": PROFILES, "b": 'publisher = "hk"', "c": 'change = "changed"', "d": 'when = ["tests.yes"]'}
        bring(tmp_path, workflow(), *(policy(key, applies) for key, applies in claims.items()))
        order = []
        while found := policy_for(page):
            order.append(found.key)
            definition_retire(actor=None, kind=POLICY_KIND, key=found.key)
        assert order == ["c", "b", "d", "a"]

    def test_one_policy_may_claim_several_places(self, tmp_path: Path, about: StandardPage) -> None:
        profile = ProfilePageFactory.make()
        text = policy("both", 'section = "/om/"') + f"\n[[applies]]\n{PROFILES}\n"
        bring(tmp_path, workflow(), text)
        assert key_of(about) == key_of(profile) == "both"
        assert key_of(home()) == ""


class TestWhatAMatchAsks:
    def test_the_publisher_is_one_of_those_in_memory(self, tmp_path: Path) -> None:
        page = ProfilePageFactory.make()
        bring(tmp_path, workflow(), policy("hk", 'publisher = "hk"'))
        assert key_of(page) == ""
        page.publishers = [ProfilePublisher(party=Party.objects.get(key="hk"))]
        assert key_of(page) == "hk"

    def test_a_condition_of_the_registry_sees_the_page(self, tmp_path: Path, about: StandardPage) -> None:
        bring(tmp_path, workflow(), policy("named", 'when = [{ name = "tests.title_holds", word = "portalen" }]'))
        assert key_of(about) == "named"
        about.title = "Noget andet"
        assert key_of(about) == ""

    def test_a_plain_page_is_asked_as_what_it_is(self, tmp_path: Path, about: StandardPage) -> None:
        bring(tmp_path, workflow(), policy("type", 'page_type = "pages.StandardPage"'))
        assert key_of(Page.objects.get(pk=about.pk)) == "type"

    def test_a_policy_whose_condition_is_gone_opens_no_page_and_shortens_no_way(
        self, tmp_path: Path, about: StandardPage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bring(tmp_path, workflow(), policy("gone", 'section = "/om/"\nwhen = ["tests.yes"]'))
        kept = {name: entry for name, entry in registry._entries.items() if name[1] != "tests.yes"}
        monkeypatch.setattr(registry, "_entries", kept)
        assert key_of(about) == "gone"
        bring(tmp_path, policy("wide"))
        assert key_of(about) == "wide"


class TestAPageThatIsNotThereYet:
    def test_it_is_bound_where_a_policy_may_be_for_it(self, tmp_path: Path, about: StandardPage) -> None:
        bring(
            tmp_path, workflow(), policy("changed", f'{PROFILES}\nchange = "changed"'), policy("om", 'section = "/om/"')
        )
        assert is_bound_below(profile_index(), ProfilePage)
        assert is_bound_below(about, StandardPage)
        assert not is_bound_below(home(), StandardPage)


class TestNeeded:
    def test_named_parties_publishers_and_people(self, tmp_path: Path) -> None:
        page = ProfilePageFactory.make()
        page.publishers = [ProfilePublisher(party=Party.objects.get(key="ds"))]
        both = workflow().replace('parties = ["hk", "kl"]', 'parties = ["hk", "kl"], publishers = true')
        rows = bring(tmp_path, both, policy(approvals='parties = ["hk"]\npublishers = true\npeople = 2'))
        assert needed(rows[1], page) == Needed(frozenset({"hk", "ds"}), 2)

    def test_an_older_version_demands_what_it_said(self, tmp_path: Path) -> None:
        _workflow, old = bring(tmp_path, workflow(), policy())
        bring(tmp_path, policy(approvals="people = 1"))
        assert needed(old, home()) == Needed(frozenset({"hk"}), 0)


def test_new_submissions_begin_under_the_latest_version(tmp_path: Path) -> None:
    (first,) = bring(tmp_path, workflow())
    assert workflow_in_force("trial") == first
    (second,) = bring(tmp_path, workflow().replace("days = 14", "days = 21"))
    assert workflow_in_force("trial") == second
    assert workflow_in_force("nothing") is None


class TestMemo:
    def test_a_list_of_pages_needs_as_many_queries_as_one(
        self, tmp_path: Path, django_assert_num_queries: Callable[..., Any], in_request: None
    ) -> None:
        pages = [ProfilePageFactory.make() for _number in range(3)]
        bring(tmp_path, workflow(), policy("om", 'section = "/om/"'), policy("of-profiles", PROFILES))
        module.forget()
        home_page = home()
        policy_for(home_page)
        with django_assert_num_queries(0):
            assert {key_of(page) for page in pages} == {"of-profiles"}
            assert not is_bound_below(home_page, StandardPage)

    def test_whoever_decides_reads_anew(self, tmp_path: Path, in_request: None) -> None:
        bring(tmp_path, workflow(), policy("wide"))
        page = home()
        assert key_of(page) == "wide"
        # By another process: nothing here hears of it.
        Definition.objects.filter(kind=POLICY_KIND).update(retired_at="2026-01-01T00:00Z")
        assert key_of(page) == "wide"
        assert policy_for(page, fresh=True) is None

    def test_a_new_version_is_seen_at_once(self, tmp_path: Path, in_request: None) -> None:
        page = home()
        assert key_of(page) == ""
        bring(tmp_path, workflow(), policy("wide"))
        assert key_of(page) == "wide"
        definition_retire(actor=None, kind=POLICY_KIND, key="wide")
        assert key_of(page) == ""

    def test_outside_a_request_nothing_is_remembered(
        self, tmp_path: Path, django_assert_num_queries: Callable[..., Any]
    ) -> None:
        bring(tmp_path, workflow(), policy("of-profiles", PROFILES))
        page = home()
        with django_assert_num_queries(2):
            key_of(page)
            key_of(page)


@registry.condition("tests.yes")
def _yes(moment: Any, given: Any) -> bool:
    assert isinstance(moment.page, Page)
    return True


class TestShipped:
    def test_none_is_in_force_in_a_test_that_does_not_say_so(self) -> None:
        assert not Definition.objects.in_force().filter(kind=POLICY_KIND).exists()
        assert policy_for(ProfilePageFactory.make()) is None

    def test_both_parties_approve_a_profile_and_one_more_editor_a_clarification(
        self, request: pytest.FixtureRequest
    ) -> None:
        page = ProfilePageFactory.make()
        found = request.getfixturevalue("policies")
        assert set(found) == {"profiles", "profiles-clarified"}
        for change, key, wanted in (
            ("changed", "profiles", Needed(frozenset({"hk", "kl"}), 0)),
            ("clarified", "profiles-clarified", Needed(frozenset(), 1)),
        ):
            page.release_change = change
            row = policy_for(page)
            assert row == found[key]
            assert needed(row, page) == wanted
            assert workflow_in_force(row.content["workflow"]) is not None

    def test_a_new_profile_cannot_be_called_a_clarification(self, request: pytest.FixtureRequest) -> None:
        page = ProfilePageFactory.make(published=False)
        page.release_change = "clarified"
        found = request.getfixturevalue("policies")
        assert policy_for(page) == found["profiles"]

    @pytest.mark.parametrize("number", [1, 5])
    def test_a_list_of_profiles_needs_one_query_and_no_more(
        self, number: int, request: pytest.FixtureRequest, django_assert_num_queries: Callable[..., Any]
    ) -> None:
        for _number in range(number):
            ProfilePageFactory.make()
        request.getfixturevalue("policies")
        request.getfixturevalue("in_request")
        pages = list(ProfilePage.objects.all())
        with django_assert_num_queries(1):
            assert {key_of(page) for page in pages} == {"profiles"}

    def test_other_pages_are_open(self, policies: dict[str, Definition], about: StandardPage) -> None:
        assert policy_for(about) is None
        assert is_bound_below(profile_index(), ProfilePage)
