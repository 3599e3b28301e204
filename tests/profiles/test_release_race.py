"""Several editors publish one profile at the same moment: every release gets a number of its own, and none is lost."""

from typing import Any

import pytest

from portal.core.models import AuditEntry
from profilecatalog.profiles.models import ProfilePage, ProfileRelease, ReleaseProposal
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, rewrite_competence
from tests.profiles.helpers import draft, numbers
from tests.support.race import together

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
EDITORS = 8


def test_publications_at_the_same_moment_take_numbers_one_after_the_other() -> None:
    page = ProfilePageFactory.make()
    revisions: list[Any] = []
    for number in range(EDITORS):
        changed = draft(page)
        changed.title = f"Navn {number}"
        changed.release_change, changed.release_reason = "clarified", f"Navn {number}."
        revisions.append(changed.save_revision())
    outcomes = together(lambda number: revisions[number].publish(), threads=EDITORS)
    assert outcomes == [None] * EDITORS
    assert numbers(page) == list(range(1, EDITORS + 2))
    newest = ProfileRelease.objects.filter(profile=page).order_by("-number")[0]
    assert newest.document.title == ProfilePage.objects.get(pk=page.pk).title
    assert {r.document.title for r in ProfileRelease.objects.filter(number__gt=1)} == {
        f"Navn {n}" for n in range(EDITORS)
    }
    assert AuditEntry.objects.filter(action="profile.published").count() == EDITORS + 1


def test_one_competence_published_by_many_at_once_asks_once() -> None:
    competence = CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(competence))])
    drafts = [rewrite_competence(competence, text=f"Jeg kan {n}.", publish=False) for n in range(EDITORS)]
    revisions: list[Any] = list(drafts[-1].revisions.order_by("-pk")[:EDITORS])
    outcomes = together(lambda number: revisions[number].publish(), threads=EDITORS)
    assert outcomes == [None] * EDITORS
    assert ReleaseProposal.objects.filter(profile=page).count() == 1
