"""How a result list is narrowed to what is asked for: the same values for profiles, competences and courses."""

from collections.abc import Iterable

from profilecatalog.profiles.documents import ReleaseDocument
from profilecatalog.profiles.models import Competence, ProfileRelease, Scale
from profilecatalog.profiles.slugs import danish_slug
from search.api import PUBLIC, FacetTerm, page_audiences


def sector_terms(names: Iterable[str]) -> tuple[FacetTerm, ...]:
    """Return the terms of sectors, each once."""
    return tuple(FacetTerm("sector", danish_slug(name)[:80], name) for name in sorted({*names} - {""}))


def level_terms(levels: Iterable[tuple[Scale, int]]) -> tuple[FacetTerm, ...]:
    """Return the terms of levels that are named by scale and number, such as those that a course lifts to."""
    asked = list(levels)
    named = {(scale.pk, level.number): level.name for scale, _number in asked for level in scale.levels.all()}
    return _terms(f"{number} {named[scale.pk, number]}" for scale, number in asked if (scale.pk, number) in named)


def release_level_terms(
    documents: Iterable[ReleaseDocument], competence: Competence | None = None
) -> tuple[FacetTerm, ...]:
    """Return the levels that releases ask for, now or in future, of one competence or of all."""
    return _terms(
        document.scale.level(requirement.level).label
        for document in documents
        for item in document.items
        if competence is None or item.competence_uuid == competence.uuid
        for requirement in item.requirements
    )


def asked_for(competence: Competence) -> tuple[FacetTerm, ...]:
    """Return at which levels, and in which sectors, the profiles that everybody may read ask for a competence."""
    releases = ProfileRelease.objects.latest_of_each().asking_for(competence.pk).select_related("profile")
    shown = [r.document for r in releases if r.profile.live and PUBLIC in page_audiences(r.profile)]
    return (*sector_terms(document.sector for document in shown), *release_level_terms(shown, competence))


def _terms(labels: Iterable[str]) -> tuple[FacetTerm, ...]:
    # By its words, not by its scale: what two scales call "3 Mestrer" is one level to who looks for it.
    return tuple(FacetTerm("level", danish_slug(label), label) for label in sorted(set(labels)))
