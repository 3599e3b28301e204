"""The store of the index, and what the mirror in Elasticsearch has to be told."""

from search.models.index import IndexedAudience, IndexedDocument, IndexedFacet, IndexedLabel
from search.models.mirror import EngineTrouble, IndexChange, IndexVersion, MirrorIndex

__all__ = [
    "EngineTrouble",
    "IndexChange",
    "IndexVersion",
    "IndexedAudience",
    "IndexedDocument",
    "IndexedFacet",
    "IndexedLabel",
    "MirrorIndex",
]
