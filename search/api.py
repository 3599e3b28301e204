"""What other packages may use of search. README.md has an example."""

from search.audiences import page_audiences
from search.documents import PUBLIC, FacetTerm, SearchDocument
from search.objects import narrowed
from search.ranking import Ranked, Stage, register_stage, unregister_stage
from search.results import Facet, FacetValue, HighlightPart, SearchHit, SearchQuery, SearchResult, Suggestion
from search.selectors import search, suggest
from search.services import hide_object, reindex_object, reindex_tree, remove_object
from search.sources import Kind, UnknownSourceError, register_source, unregister_source

__all__ = [
    "PUBLIC",
    "Facet",
    "FacetTerm",
    "FacetValue",
    "HighlightPart",
    "Kind",
    "Ranked",
    "SearchDocument",
    "SearchHit",
    "SearchQuery",
    "SearchResult",
    "Stage",
    "Suggestion",
    "UnknownSourceError",
    "hide_object",
    "narrowed",
    "page_audiences",
    "register_source",
    "register_stage",
    "reindex_object",
    "reindex_tree",
    "remove_object",
    "search",
    "suggest",
    "unregister_source",
    "unregister_stage",
]
