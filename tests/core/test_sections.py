"""The section registry: order, absence, refusal of unknown places."""

import pytest
from django.test import RequestFactory

from portal.core import sections
from portal.core.sections import Section


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "_registry", {})


def _section(title: str) -> Section:
    return Section(title=title, anchor=title.lower(), template="unused.html")


def test_sections_stand_in_order_and_absent_ones_leave_no_trace(registry: None, rf: RequestFactory) -> None:
    sections.register("pages.home", "b", lambda request, obj: _section("B"), order=20)
    sections.register("pages.home", "none", lambda request, obj: None, order=15)
    sections.register("pages.home", "a", lambda request, obj: _section("A"), order=10)
    sections.register("profiles.profile", "other", lambda request, obj: _section("Other"), order=1)
    assert [item.title for item in sections.collect("pages.home", rf.get("/"))] == ["A", "B"]


def test_one_section_that_depends_on_the_asker_makes_the_place_uncacheable(registry: None) -> None:
    sections.register("pages.home", "same", lambda request, obj: None, order=1)
    assert sections.is_cacheable("pages.home")
    sections.register("pages.home", "mine", lambda request, obj: None, order=2, cacheable=False)
    assert not sections.is_cacheable("pages.home")


def test_an_unknown_place_and_a_taken_key_are_refused(registry: None) -> None:
    with pytest.raises(ValueError, match="Unknown section place"):
        sections.register("no.such", "x", lambda request, obj: None, order=1)
    sections.register("pages.home", "x", lambda request, obj: None, order=1)
    with pytest.raises(ValueError, match="registered already"):
        sections.register("pages.home", "x", lambda request, obj: _section("X"), order=1)
