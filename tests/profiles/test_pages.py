"""The public pages: drawn from releases alone, with a constant number of queries."""

from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils import WagtailPageTestCase

from portal.core import sections
from portal.pages.api import HomePage, StandardPage
from profilecatalog.profiles.api import CompetenceIndexPage, ProfileIndexPage, ProfilePage
from profilecatalog.profiles.models import ProfileSource, Voice
from tests.factories.profiles import (
    CompetenceFactory,
    ProfilePageFactory,
    competence_index,
    group,
    item,
    profile_index,
    rewrite_competence,
)
from tests.profiles.forms import edit_data
from tests.profiles.helpers import draft, publish

pytestmark = pytest.mark.django_db


class PageTypeTests(WagtailPageTestCase):
    """Wagtail's own assertions for each page type."""

    def setUp(self) -> None:
        self.login()

    def test_where_the_types_fit(self) -> None:
        self.assertAllowedParentPageTypes(ProfileIndexPage, {HomePage})
        self.assertAllowedParentPageTypes(ProfilePage, {ProfileIndexPage})
        self.assertAllowedParentPageTypes(CompetenceIndexPage, {HomePage})
        self.assertAllowedSubpageTypes(ProfilePage, {})
        self.assertAllowedSubpageTypes(CompetenceIndexPage, {})
        self.assertCanNotCreateAt(StandardPage, ProfilePage)

    def test_the_lists(self) -> None:
        for page in (profile_index(), competence_index()):
            self.assertPageIsRoutable(page)
            self.assertPageIsRenderable(page)
            self.assertPageIsEditable(page, post_data=self._list_data(page))
            self.assertPageIsPreviewable(page, post_data=self._list_data(page))

    def _list_data(self, page: Any) -> dict[str, Any]:
        from wagtail.test.utils.form_data import inline_formset, nested_form_data

        own = {"title": page.title, "slug": page.slug, "lead": "Kort.", "comments": inline_formset([])}
        data: dict[str, Any] = nested_form_data({**own, "action-publish": "1"})
        return data

    def test_a_profile(self) -> None:
        page = ProfilePageFactory.make()
        data = edit_data(draft(page))
        self.assertPageIsRoutable(page)
        self.assertPageIsRenderable(page)
        self.assertPageIsRenderable(page, "/udgave/1/")
        self.assertPageIsEditable(page, post_data={**data, "action-publish": "1"})
        self.assertPageIsPreviewable(page, post_data=data)


def body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_profile_page_says_what_the_release_says(client: Client) -> None:
    competence_index()
    competence = CompetenceFactory.create(name="Klar dialog", slug="klar-dialog", kind="attitude")
    asked = item(competence, future_level=4, future_team_kind="min_count", future_team_amount=2, future_team_level=3)
    page = ProfilePageFactory.make(title="Borgerservice", groups=[group("Mødet med borgeren", asked)])
    html = body(client, page.url)
    for text in (
        "Borgerservice",
        "Mødet med borgeren",
        "2 Kan",
        "4 Udvikler",
        "Jeg kan klar dialog på trin 3.",
        "2028",
    ):
        assert text in html
    assert 'href="/kompetencer/klar-dialog/"' in html
    assert 'class="team-note' in html


def test_a_changed_competence_changes_no_live_page(client: Client) -> None:
    competence = CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(competence))])
    before = body(client, page.url)
    rewrite_competence(competence, text="Jeg kan noget helt andet.")
    assert body(client, page.url) == before
    publish(draft(page), change="clarified", reason="Klarere.")
    assert "noget helt andet" in body(client, page.url)


def test_old_releases_keep_their_address_and_point_to_the_newest(client: Client) -> None:
    page = ProfilePageFactory.make(title="Det gamle navn")
    changed = draft(page)
    changed.title = "Det nye navn"
    items_before = changed.groups.all()[0].items
    items_before.add(item(CompetenceFactory.create(name="Nyt fag"), sort_order=5))
    publish(changed, change="changed", reason="Fordi faget er nyt.")
    old, new = body(client, f"{page.url}udgave/1/"), body(client, page.url)
    assert "Det gamle navn" in old
    assert "Nyt fag" not in old
    assert "noindex" in old
    assert f'href="{page.url}"' in old
    assert "Fordi faget er nyt." in new
    assert "Ny i udgave 2" in new or "New in release 2" in new
    assert f"{page.url}udgave/1/" in new
    assert client.get(f"{page.url}udgave/3/").status_code == 404


def test_a_preview_shows_the_would_be_release_and_what_stands_in_its_way(
    client: Client, django_user_model: Any
) -> None:
    client.force_login(django_user_model.objects.create_superuser("redaktoer@hk.example"))
    competence = CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(competence))])
    rewrite_competence(competence, text="Jeg kan noget nyt.")
    changed = draft(page)
    changed.title = "Kladdens navn"
    changed.future_year = None
    changed.save_revision()
    html = body(client, reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert "Kladdens navn" in html
    assert "Jeg kan noget nyt." in html
    assert 'class="notice warn"' in html
    assert "Kladdens navn" not in body(client, page.url)


def test_the_competence_page_names_who_asks_and_only_published_ones_answer(client: Client) -> None:
    index = competence_index()
    competence = CompetenceFactory.create(name="Klar dialog")
    CompetenceFactory.create(slug="kladde", published=False)
    page = ProfilePageFactory.make(title="Borgerservice", groups=[group("En", item(competence))])
    html = body(client, index.competence_url(competence.slug))
    assert "Klar dialog" in html
    assert f'href="{page.url}"' in html
    assert client.get(index.competence_url("kladde")).status_code == 404
    assert client.get(index.competence_url("findes-ikke")).status_code == 404
    assert "Klar dialog" in body(client, index.url)


def test_the_list_narrows_and_survives_nonsense(client: Client) -> None:
    index = profile_index()
    ProfilePageFactory.make(title="Basisprofilen", kind="base")
    ProfilePageFactory.make(title="Specialprofilen", sector="Jobcenter")
    ProfilePageFactory.make(title="Kladdeprofilen", published=False)
    everything, base, none = (
        body(client, index.url),
        body(client, f"{index.url}?kind=base"),
        f"{index.url}?kind=base&sector=Jobcenter",
    )
    assert "Basisprofilen" in everything
    assert "Specialprofilen" in everything
    assert "Kladdeprofilen" not in everything
    assert "Specialprofilen" not in base
    assert "empty-state" in body(client, none)
    assert "Specialprofilen" in body(client, f"{index.url}?kind=%00'\"&sector=😀")


def test_a_profile_that_was_never_published_has_no_page(client: Client) -> None:
    page = ProfilePageFactory.make(published=False)
    assert client.get(f"/profiler/{page.slug}/").status_code == 404


def _profile(size: int) -> ProfilePage:
    groups = [group(f"Gruppe {n}", *(item(c) for c in CompetenceFactory.create_batch(size))) for n in range(size)]
    page: Any = draft(ProfilePageFactory.make(groups=groups))
    page.voices = [Voice(quote=f"Citat {n}", who="Medarbejder", sort_order=n) for n in range(size)]
    page.sources = [ProfileSource(title=f"Kilde {n}", sort_order=n) for n in range(size)]
    return publish(page, change="clarified", reason="Stemmer og kilder.")


def _queries(client: Client, url: str) -> list[str]:
    from django.db import connection

    client.get(url, {"varm": "op"})
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url, {"tom": "cache"}).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_query_counts_do_not_grow_with_the_content(client: Client) -> None:
    competences = competence_index()
    small, large = _profile(1), _profile(4)
    few, many = _queries(client, small.url), _queries(client, large.url)
    assert len(few) == len(many), "\n".join(many)
    for url in (profile_index().url, competences.url):
        before = _queries(client, url)
        ProfilePageFactory.make()
        ProfilePageFactory.make()
        after = _queries(client, url)
        assert len(before) == len(after), "\n".join(after)
    competence = CompetenceFactory.create()
    url = competences.competence_url(competence.slug)
    ProfilePageFactory.make(groups=[group("En", item(competence))])
    one = _queries(client, url)
    for _ in range(3):
        ProfilePageFactory.make(groups=[group("En", item(competence))])
    assert len(_queries(client, url)) == len(one), "\n".join(one)


def test_the_catalogues_own_part_of_a_profile_page_takes_twelve_queries(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Site, four of routing, two of privacy, releases, linked pages, competences, settings, menu; the rest of the budget
    of fifteen is for the sections of the floors above."""
    competence_index()
    page = _profile(3)
    monkeypatch.setitem(sections._registry, "profiles.profile", {})
    queries = _queries(client, page.url)
    assert len(queries) <= 12, "\n".join(queries)
