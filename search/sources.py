"""The registry of sources: each package above says which of its objects can be found, and how to describe them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from wagtail.models import Page

from search.documents import SearchDocument

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of document is called: on the badge of one hit, and in the type filter."""

    one: "StrOrPromise"
    many: "StrOrPromise"


class UnknownSourceError(LookupError):
    """Nobody registered a source for this kind of object."""


@dataclass(frozen=True, slots=True)
class Source:
    """How one model is described to search."""

    name: str
    model: type[Model]
    # An object that must not be found (a draft) gives no documents.
    documents: Callable[[Any], Iterable[SearchDocument]]
    all: Callable[[], Iterable[Any]]
    kinds: Mapping[str, Kind]
    listed_on: type[Page] | None = None
    told_by: tuple[type[Page], ...] = ()


_sources: dict[str, Source] = {}


def register_source(
    name: str,
    *,
    model: type[Model],
    documents: Callable[[Any], Iterable[SearchDocument]],
    all: Callable[[], Iterable[Any]],  # noqa: A002 - the name in the contract between the packages
    kinds: Mapping[str, Kind],
    listed_on: type[Page] | None = None,
    told_by: tuple[type[Page], ...] = (),
) -> None:
    """Register a source; call it from `AppConfig.ready`.

    Args:
        name: a stable name such as "pages.article"; it stands in the index.
        model: the class whose objects are described; subclasses that are not registered themselves count too.
        documents: what an object says about itself; called by the worker, in Danish, with the object read afresh.
        all: every object that may have documents, for a full reindex.
        kinds: the kinds that the documents may have, with their lazy names.
        listed_on: the type of page that shows the objects, for those that have no page of their own. Without a live one
            they are not found; its privacy is theirs; when its address or privacy changes, all of them are indexed again.

        told_by: types of pages from which the documents take facets. When such a page is published, hidden or moved, all
            objects are indexed again; when it is hidden, they have no facets until then.

    Raises:
        ValueError: the name or the model is taken by another source.
    """
    source = Source(name, model, documents, all, kinds, listed_on, told_by)
    for other in _sources.values():
        if other == source:
            return
        if name == other.name or model is other.model:
            raise ValueError(f"Search source {name!r} or its model {model.__name__} is registered already.")
    _sources[name] = source


def unregister_source(name: str) -> None:
    """Take a source out again: for tests that bring one of their own."""
    _sources.pop(name, None)


def sources() -> list[Source]:
    """Return all sources by name."""
    return [_sources[name] for name in sorted(_sources)]


def source_named(name: str) -> Source | None:
    """Return a source by its name; None for one that is no longer registered."""
    return _sources.get(name)


def source_of(model: type[Model]) -> Source | None:
    """Return the source of a model or of the nearest registered class that it inherits from."""
    by_model: dict[type, Source] = {source.model: source for source in _sources.values()}
    return next((by_model[cls] for cls in model.__mro__ if cls in by_model), None)


def sources_listed_on(model: type[Page]) -> list[Source]:
    """Return the sources whose objects are shown on pages of this type."""
    return [source for source in sources() if source.listed_on is not None and issubclass(model, source.listed_on)]


def sources_told_by(model: type[Page]) -> list[Source]:
    """Return the sources whose objects say something that pages of this type tell."""
    return [source for source in sources() if issubclass(model, source.told_by)]


def kinds() -> dict[str, Kind]:
    """Return every registered kind; two sources may share one."""
    return {key: kind for source in sources() for key, kind in source.kinds.items()}
