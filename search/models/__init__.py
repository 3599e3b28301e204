"""The store of the index, what the mirror in Elasticsearch has to be told, and what editors and searches add."""

from search.models.editorial import Direction, EditorialVersion, Promotion, Synonym
from search.models.index import IndexedAudience, IndexedDocument, IndexedFacet, IndexedLabel
from search.models.mirror import EngineTrouble, IndexChange, IndexVersion, MirrorIndex
from search.models.usage import QueryCount, RareQuery, UsageWeek

__all__ = [
    "Direction",
    "EditorialVersion",
    "EngineTrouble",
    "IndexChange",
    "IndexVersion",
    "IndexedAudience",
    "IndexedDocument",
    "IndexedFacet",
    "IndexedLabel",
    "MirrorIndex",
    "Promotion",
    "QueryCount",
    "RareQuery",
    "Synonym",
    "UsageWeek",
]
