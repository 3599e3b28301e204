"""Valid, coherent general pages, published the way an editor publishes."""

import datetime as dt
import json
from typing import Any
from uuid import uuid4

from wagtail.models import Page

from portal.pages.api import (
    ArticleIndexPage,
    ArticlePage,
    ContactIndexPage,
    HomePage,
    ProjectIndexPage,
    ProjectPage,
    ProjectPublication,
    PublicationPage,
    StandardPage,
)


def home() -> HomePage:
    """Return the home page that a migration makes."""
    return HomePage.objects.get()


def put(parent: Page, page: Any, *, published: bool = True) -> Any:
    """Put a page below another and publish it, or leave it a draft."""
    page.live = False
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision()
    if published:
        revision.publish()
    return type(page).objects.get(pk=page.pk)


def blocks(*given: tuple[str, Any]) -> str:
    """Return the JSON of a body."""
    return json.dumps([{"type": kind, "value": value, "id": str(uuid4())} for kind, value in given])


def link(text: str, page: Page | None = None, url: str = "") -> dict[str, Any]:
    """Return an item of a list of links."""
    value = {"text": text, "page": page.pk if page else None, "url": url}
    return {"type": "item", "value": value, "id": str(uuid4())}


def standard_page(
    title: str = "Om portalen", *, parent: Page | None = None, published: bool = True, **values: Any
) -> StandardPage:
    """Return a page of free text."""
    values = {"lead": f"Kort om {title}.", "body": blocks(("paragraph", "<p>En kort tekst.</p>")), **values}
    page: StandardPage = put(parent or home(), StandardPage(title=title, **values), published=published)
    return page


def article_index() -> ArticleIndexPage:
    """Return the list of news, made when it is not there."""
    found = ArticleIndexPage.objects.first()
    return found or put(home(), ArticleIndexPage(title="Nyheder", slug="nyheder", lead="Nyt fra faget."))


def article(title: str = "En nyhed", *, published: bool = True, **values: Any) -> ArticlePage:
    """Return an article of today, or of the day given."""
    values = {"lead": f"Kort om {title}.", "date": dt.date(2026, 11, 1), **values}
    page: ArticlePage = put(article_index(), ArticlePage(title=title, **values), published=published)
    return page


def project_index() -> ProjectIndexPage:
    """Return the list of projects, made when it is not there."""
    found = ProjectIndexPage.objects.first()
    return found or put(home(), ProjectIndexPage(title="Projekter", slug="projekter"))


def publication(title: str = "Nye roller", *, published: bool = True, **values: Any) -> PublicationPage:
    """Return a publication."""
    values = {"lead": f"Kort om {title}.", "year": 2025, "took_part": "Tre kommuner", "paid_by": "Parterne", **values}
    page: PublicationPage = put(project_index(), PublicationPage(title=title, **values), published=published)
    return page


def project(title: str = "Fremtidens borgerkontakt", *, publications: Any = (), **values: Any) -> ProjectPage:
    """Return a project with its publications."""
    values = {"lead": f"Kort om {title}.", "year": 2024, "took_part": "Tre kommuner", "paid_by": "Parterne", **values}
    page = ProjectPage(title=title, **values)
    page.publication_links = [
        ProjectPublication(publication=found, sort_order=number) for number, found in enumerate(publications)
    ]
    made: ProjectPage = put(project_index(), page)
    return made


def contact_index() -> ContactIndexPage:
    """Return the list of contacts, made when it is not there."""
    found = ContactIndexPage.objects.first()
    return found or put(home(), ContactIndexPage(title="Kontakt", slug="kontakt"))
