"""What the general pages and the contact cards say about themselves to search."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.contacts.api import ContactCard
from portal.organisations.api import Region, place_terms, region_of
from portal.pages.models import ArticlePage, ContactIndexPage, ProjectPage, PublicationPage, StandardPage
from search.api import Kind, SearchDocument, register_source

Documents = Callable[[Any], Iterable[SearchDocument]]


def _words(page: Any) -> str:
    return "\n".join(page.body.stream_block.get_searchable_content(page.body))


def _page_documents(kind: str, note: Callable[[Any], str]) -> Documents:
    def documents(page: Any) -> Iterable[SearchDocument]:
        yield SearchDocument(
            key=str(page.pk),
            kind=kind,
            title=page.title,
            summary=page.lead,
            body=_words(page),
            url=page.get_url() or "",
            note=note(page),
        )

    return documents


def _no_note(page: Any) -> str:
    return ""


def _year(page: Any) -> str:
    return str(page.year)


def _topic(page: ArticlePage) -> str:
    return str(page.topic)


def contact_documents(card: ContactCard) -> Iterable[SearchDocument]:
    """Describe an active card; it has no address of its own, so without the list of contacts it is not found."""
    index = ContactIndexPage.objects.live().first()
    if index is None or not card.active:
        return
    reach = card.municipality or card.region
    yield SearchDocument(
        key=str(card.pk),
        kind="contact",
        title=card.function,
        summary=card.about,
        body=f"{card.organisation}\n{reach or ''}",
        url=index.get_url() or "",
        note=card.organisation,
        facets=place_terms([card.municipality], [_region(card)]),
    )


def _region(card: ContactCard) -> Region | None:
    # A municipality's card is found by its region too; which one that is depends on the day.
    return region_of(card.municipality, on=localdate()) if card.municipality else card.region


def register() -> None:
    """Make pages and contact cards findable."""
    page_kind = {"page": Kind(_("Page"), _("Pages"))}
    work_kind = {"project": Kind(_("Project"), _("Projects"))}
    sources: list[tuple[str, type[Any], Documents, Any, dict[str, Kind]]] = [
        ("pages.standard", StandardPage, _page_documents("page", _no_note), StandardPage.objects.live, page_kind),
        (
            "pages.contacts",
            ContactIndexPage,
            _page_documents("page", _no_note),
            ContactIndexPage.objects.live,
            page_kind,
        ),
        (
            "pages.article",
            ArticlePage,
            _page_documents("article", _topic),
            ArticlePage.objects.live,
            {"article": Kind(_("News item"), _("News"))},
        ),
        ("pages.project", ProjectPage, _page_documents("project", _year), ProjectPage.objects.live, work_kind),
        (
            "pages.publication",
            PublicationPage,
            _page_documents("publication", _year),
            PublicationPage.objects.live,
            {"publication": Kind(_("Publication"), _("Publications"))},
        ),
    ]
    for name, model, documents, every, kinds in sources:
        register_source(name, model=model, documents=documents, all=every, kinds=kinds)
    register_source(
        "pages.contact",
        model=ContactCard,
        documents=contact_documents,
        all=ContactCard.objects.all,
        kinds={"contact": Kind(_("Contact"), _("Contacts"))},
        listed_on=ContactIndexPage,
    )
