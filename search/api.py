"""What other packages may use of search. README.md has an example."""

from search.audiences import page_audiences
from search.documents import FacetTerm, SearchDocument
from search.results import Facet, FacetValue, HighlightPart, SearchHit, SearchQuery, SearchResult
from search.selectors import search
from search.services import reindex_object, reindex_tree, remove_object
from search.sources import Kind, UnknownSourceError, register_source, unregister_source

__all__ = [
    "Facet",
    "FacetTerm",
    "FacetValue",
    "HighlightPart",
    "Kind",
    "SearchDocument",
    "SearchHit",
    "SearchQuery",
    "SearchResult",
    "UnknownSourceError",
    "page_audiences",
    "register_source",
    "reindex_object",
    "reindex_tree",
    "remove_object",
    "search",
    "unregister_source",
]
