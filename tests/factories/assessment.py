"""Valid, coherent objects of self-assessment, made through the services as the widget makes them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from portal.organisations.api import Municipality, MunicipalitySettings
from profilecatalog.assessment.api import EmbedKey, Given, create_embed_key, store_response
from profilecatalog.assessment.enums import AnswerKind
from profilecatalog.assessment.models import Response
from profilecatalog.profiles.api import ProfilePage, ProfileRelease, latest_release
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item

ODENSE = "0461"
AARHUS = "0751"


def level(number: int) -> Given:
    """Return a level as an answer."""
    return Given(AnswerKind.LEVEL, number)


NOT_RELEVANT = Given(AnswerKind.NOT_RELEVANT)
DONT_KNOW = Given(AnswerKind.DONT_KNOW)


def municipality(code: str = ODENSE, **settings: Any) -> Municipality:
    """Return one of the 98, with its own settings if any are given."""
    found = Municipality.objects.get(code=code)
    if settings:
        MunicipalitySettings.objects.update_or_create(municipality=found, defaults=settings)
    return found


def profile(*, competences: int = 3, items: Iterable[Mapping[str, Any]] = (), **kwargs: Any) -> ProfilePage:
    """Return a published profile with so many competences; `items` gives the values of the first items."""
    values = [*items, *({} for _ in range(competences))][: max(competences, len(list(items)))]
    rows = [item(CompetenceFactory.create(), **value) for value in values]
    return ProfilePageFactory.make(groups=[group("Mødet med borgeren", *rows)], **kwargs)


def release_of(page: ProfilePage) -> ProfileRelease:
    """Return what the public sees of a profile."""
    found = latest_release(page)
    assert found is not None
    return found


def same_answer(release: ProfileRelease, given: Given) -> dict[UUID, Given]:
    """Return one answer to all competences."""
    return {need.item.competence_uuid: given for need in release.document.needs}


def answers(release: ProfileRelease, *givens: Given) -> dict[UUID, Given]:
    """Return the answers in the profile's order; the last one is repeated for the rest."""
    needs = release.document.needs
    filled = [*givens, *([givens[-1]] * len(needs))][: len(needs)]
    return {need.item.competence_uuid: given for need, given in zip(needs, filled, strict=True)}


def respond(
    release: ProfileRelease,
    rows: Iterable[Mapping[UUID, Given]],
    *,
    where: Municipality | None = None,
    on: dt.date | None = None,
) -> list[Response]:
    """Store many responses."""
    return [store_response(releases=[release], answers=row, municipality=where, on=on) for row in rows]


def embed_key(where: Municipality) -> EmbedKey:
    """Return a key in force."""
    return create_embed_key(municipality=where, actor=None)
