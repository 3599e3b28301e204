"""What tests of the mirror look at: Elasticsearch itself, not what the portal believes of it."""

from typing import Any

from portal.core import outbox
from search import comparing, mirror, rebuilding
from search.api import SearchQuery, search
from search.engines.elasticsearch import index
from search.engines.elasticsearch.connection import indexing_client
from search.models import MirrorIndex

SOURCE = "tests.items"


def key(name: str) -> str:
    return f"{SOURCE}:{name}"


def build() -> str:
    """Build Elasticsearch's index of what there is, and return its name."""
    return rebuilding.rebuild().name


def delivered(limit: int = 100) -> None:
    """Work as the worker does: the messages, and what begins when their transactions are over."""
    outbox.drain(limit)
    mirror.look_after()


def live() -> MirrorIndex:
    return MirrorIndex.objects.get(state=MirrorIndex.LIVE)


def over_there(name: str = "") -> dict[str, tuple[int, bool]]:
    """Return what Elasticsearch holds: key -> version, and whether it stands for something that is gone."""
    client = indexing_client()
    name = name or live().name
    client.indices.refresh(index=name)
    found = client.search(
        index=name, size=1000, sort=[{"key": "asc"}], version=True, docvalue_fields=[{"field": "removed"}]
    )
    return {
        hit["sort"][0].removeprefix(f"{SOURCE}:"): (hit["_version"], hit["fields"]["removed"][0])
        for hit in found["hits"]["hits"]
    }


def shown(text: str, **values: Any) -> tuple[str, list[str]]:
    """Return which engine answered, and the titles."""
    result = search(SearchQuery(text=text, **values))
    return result.engine, [hit.title_text for hit in result.hits]


def is_in_step() -> bool:
    """Tell whether everything is there once, nothing else is, and nothing waits."""
    comparison = comparing.compare(live().name)
    return comparison.is_right and not comparison.pending and comparison.rows == comparison.documents


def aliases() -> dict[str, str]:
    """Return where searches go, without what the mirror writes by."""
    found = indexing_client().indices.get_alias(index=f"{index.prefix()}-*")
    return {
        alias: name for name, known in found.items() for alias in known["aliases"] if alias != index.write_alias(name)
    }
