"""What search finds of the catalogue: the newest release and published competences, never a draft."""

from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from portal.core import outbox
from profilecatalog.profiles.api import ProfilePage
from search.api import SearchQuery, search
from tests.factories.profiles import (
    CompetenceFactory,
    ProfilePageFactory,
    competence_index,
    group,
    item,
    rewrite_competence,
)
from tests.profiles.helpers import draft

pytestmark = pytest.mark.django_db


def found(text: str) -> set[tuple[str, str]]:
    while outbox.drain():
        pass
    return {(hit.kind, hit.title_text) for hit in search(SearchQuery(text=text)).hits}


def test_a_profile_is_found_by_its_release_and_a_competence_by_its_texts() -> None:
    competence_index()
    competence = CompetenceFactory.create(name="Klar dialog")
    page = ProfilePageFactory.make(title="Borgerservice", groups=[group("En", item(competence))])
    assert ("profile", "Borgerservice") in found("Borgerservice")
    assert {("competence", "Klar dialog"), ("profile", "Borgerservice")} <= found("dialog")
    changed = draft(page)
    changed.title = "Hemmeligheder"
    changed.save_revision()
    rewrite_competence(competence, text="Jeg kan zoologi.")
    assert found("Hemmeligheder") == set()
    # The competence says it now; the profile does not until its next release.
    assert found("zoologi") == {("competence", "Klar dialog")}


def test_what_is_unpublished_is_not_found() -> None:
    competence_index()
    competence: Any = CompetenceFactory.create(name="Klar dialog")
    page = ProfilePageFactory.make(title="Borgerservice", groups=[group("En", item(competence))])
    found("")
    ProfilePage.objects.get(pk=page.pk).unpublish()
    competence.unpublish()
    assert found("dialog") == set()


def facets_of_competences(text: str) -> dict[str, list[str]]:
    result = search(SearchQuery(text=text, kinds=("competence",)))
    assert result.total == 1
    return {
        name: [v.label for v in result.facet(name).values] for name in ("sector", "level") if result.facet(name).values
    }


@pytest.mark.parametrize("way", ["unpublished", "private"])
def test_a_competence_tells_nothing_of_a_profile_that_is_hidden(way: str) -> None:
    competence_index()
    competence = CompetenceFactory.create(name="Klar dialog")
    page = ProfilePageFactory.make(title="Borgerservice", groups=[group("En", item(competence))])
    found("dialog")
    assert facets_of_competences("dialog")
    if way == "unpublished":
        ProfilePage.objects.get(pk=page.pk).unpublish()
    else:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert facets_of_competences("dialog") == {}
    found("dialog")
    assert facets_of_competences("dialog") == {}
    if way == "private":
        PageViewRestriction.objects.get().delete()
        found("dialog")
        assert facets_of_competences("dialog")
