"""Each general page type can be made where it fits, edited, previewed and read."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.pages.api import (
    ArticleIndexPage,
    ArticlePage,
    ContactIndexPage,
    HomePage,
    ProjectIndexPage,
    ProjectPage,
    PublicationPage,
    StandardPage,
)
from tests.factories import pages as make
from tests.factories.accounts import user

pytestmark = pytest.mark.django_db


def form(title: str = "En side", **values: Any) -> dict[str, Any]:
    """Return what the browser sends for a page."""
    slug = title.lower().replace(" ", "-")
    data: dict[str, Any] = nested_form_data({"title": title, "slug": slug, "comments": inline_formset([]), **values})
    return data


BODY = streamfield([("heading", "Sådan"), ("paragraph", rich_text("<p>En tekst.</p>"))])


class PageTypes(WagtailPageTestCase):
    """Wagtail's own assertions."""

    def setUp(self) -> None:
        self.user = user("redaktoer@hk.example", is_superuser=True)
        self.client.force_login(self.user)

    def whole(self, page: Page, data: dict[str, Any]) -> None:
        """Route, draw, edit and preview one page."""
        self.assertPageIsRoutable(page)
        self.assertPageIsRenderable(page)
        self.assertPageIsEditable(page, post_data={**data, "action-publish": "1"})
        self.assertPageIsPreviewable(page, post_data=data)

    def test_where_they_fit(self) -> None:
        self.assertAllowedParentPageTypes(HomePage, {Page})
        self.assertAllowedParentPageTypes(StandardPage, {HomePage, StandardPage})
        self.assertAllowedSubpageTypes(StandardPage, {StandardPage})
        self.assertAllowedParentPageTypes(ArticlePage, {ArticleIndexPage})
        self.assertAllowedSubpageTypes(ArticleIndexPage, {ArticlePage})
        self.assertAllowedSubpageTypes(ProjectIndexPage, {ProjectPage, PublicationPage})
        for leaf in (ArticlePage, ProjectPage, PublicationPage, ContactIndexPage):
            self.assertAllowedSubpageTypes(leaf, set())

    def test_the_home_page(self) -> None:
        data = form(
            "Forside",
            slug="forside",
            hero_title="Se, hvad dit job kræver",
            hero_lead="Kort.",
            search_label="Søg",
            ways=streamfield([]),
            who_title="Hvem står bag?",
            who_text=rich_text("<p>Parterne.</p>"),
            who_page="",
            notice_title="",
            notice_text=rich_text(""),
            notice_page="",
        )
        self.whole(make.home(), data)
        self.client.force_login(self.user)
        address = reverse("wagtailadmin_pages:edit", args=[make.home().pk])
        self.assertRedirects(self.client.post(address, {**data, "action-publish": "1"}), "/admin/pages/1/")
        assert HomePage.objects.get().hero_title == "Se, hvad dit job kræver"
        # The site has one root.
        assert not HomePage.can_create_at(Page.objects.get(depth=1))

    def test_a_standard_page(self) -> None:
        self.whole(make.standard_page(), form("Om portalen", lead="Kort.", body=BODY))
        self.client.force_login(self.user)
        self.assertCanCreate(make.home(), StandardPage, form("Om svar", lead="", body=BODY))

    def test_articles(self) -> None:
        self.whole(make.article_index(), form("Nyheder", lead="Kort."))
        data = form("En nyhed", date="2026-11-01", topic="Profiler", lead="Kort.", body=BODY)
        self.whole(make.article(), data)
        self.client.force_login(self.user)
        self.assertCanCreate(make.article_index(), ArticlePage, {**data, "slug": "en-anden"})

    def test_projects_and_publications(self) -> None:
        publication = make.publication()
        self.whole(make.project_index(), form("Projekter", lead="Kort."))
        facts = {"lead": "Kort.", "year": "2024", "paid_by": "Parterne", "took_part": "Tre kommuner", "body": BODY}
        self.whole(publication, form("Nye roller", **facts, document="", page_count="48"))
        links = inline_formset([{"publication": str(publication.pk)}])
        project = make.project()
        self.whole(project, form("Fremtidens borgerkontakt", **facts, publication_links=links))
        assert [link.publication_id for link in ProjectPage.objects.get().publication_links.all()] == [publication.pk]

    def test_the_list_of_contacts(self) -> None:
        self.whole(make.contact_index(), form("Kontakt", lead="Kort.", body=streamfield([])))


def test_a_year_outside_reason_is_refused() -> None:
    from django.core.exceptions import ValidationError

    page = make.project()
    page.year = 20244
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    assert set(caught.value.message_dict) == {"year"}
