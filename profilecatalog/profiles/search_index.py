"""What the catalogue says about itself to search."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.rich_text import get_text_for_indexing

from profilecatalog.profiles.enums import ProfileKind
from profilecatalog.profiles.models import Competence, CompetenceIndexPage, ProfilePage
from profilecatalog.profiles.search_terms import asked_for, release_level_terms, sector_terms
from profilecatalog.profiles.selectors import latest_release
from search.api import Kind, SearchDocument, register_source


def profile_documents(page: ProfilePage) -> Iterable[SearchDocument]:
    """Describe a profile by its newest release, which is what the reader will see; an alias is found as its original."""
    release = latest_release(page)
    if release is None or page.alias_of_id is not None:
        return
    document = release.document
    texts = [document.sector, document.target_job, get_text_for_indexing(document.in_short), *document.tasks]
    texts += [text for item in document.items for text in (item.name, *item.level_texts)]
    yield SearchDocument(
        key=str(page.pk),
        kind="profile",
        title=document.title,
        summary=document.summary,
        body="\n".join(texts),
        url=page.get_url() or "",
        kind_label=ProfileKind(document.kind).label,
        labels=tuple(name for name in [document.target_job] if name),
        facets=(*sector_terms([document.sector]), *release_level_terms([document])),
    )


def competence_documents(competence: Competence) -> Iterable[SearchDocument]:
    """Describe a published competence; without a list of competences it has no address and is not found."""
    index = CompetenceIndexPage.objects.live().first()
    if index is None:
        return
    rows: Any = competence.level_texts.all()
    yield SearchDocument(
        key=str(competence.pk),
        kind="competence",
        title=competence.name,
        summary=competence.description,
        body="\n".join([competence.area.name, *(row.text for row in rows)]),
        url=index.competence_url(competence.slug),
        facets=asked_for(competence),
    )


def register() -> None:
    """Register both sources."""
    register_source(
        "profiles.profile",
        model=ProfilePage,
        documents=profile_documents,
        all=ProfilePage.objects.live,
        kinds={"profile": Kind(_("Profile"), _("Profiles"))},
    )
    register_source(
        "profiles.competence",
        model=Competence,
        documents=competence_documents,
        all=Competence.objects.live,
        kinds={"competence": Kind(_("Competence"), _("Competences"))},
        listed_on=CompetenceIndexPage,
        told_by=(ProfilePage,),
    )
