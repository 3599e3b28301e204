"""Every engine behind the public search, each in its turn: one set of cases shows the contract for all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from search.api import SearchQuery, SearchResult, search, suggest
from search.engines import database_engine
from search.engines.base import SearchEngine
from search.engines.choice import answering
from search.models import IndexedDocument, IndexVersion


class EngineInTurn:
    """The database's own engine, asked as people ask: through `search.api`."""

    def __init__(self, engine: SearchEngine) -> None:
        self.engine = engine

    def ready(self) -> None:
        """Let the engine know everything that is in the index now; the database knows it already."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let this engine answer and no other: an answer of another one in its place would show nothing."""
        self.ready()
        with answering(self.engine):
            yield

    def ask(self, text: str, **values: Any) -> SearchResult:
        with self.alone():
            result = search(SearchQuery(text=text, **values))
        assert result.engine in ("", self.engine.name)
        return result

    def titles(self, text: str, **values: Any) -> list[str]:
        return [hit.title_text for hit in self.ask(text, **values).hits]

    def suggestions(self, text: str, **values: Any) -> list[str]:
        with self.alone():
            return [suggestion.text for suggestion in suggest(text, **values)]


class ElasticsearchInTurn(EngineInTurn):
    """A real Elasticsearch with an index of this test's own. How it follows by itself is shown in `test_mirror`."""

    def __init__(self) -> None:
        from search.engines.elasticsearch import index
        from search.engines.elasticsearch.connection import indexing_client
        from search.engines.elasticsearch.engine import ElasticsearchEngine

        # The fixture of the cluster removes what begins with this test's prefix.
        self.index_name = f"{index.prefix()}-contract-{uuid4().hex}"
        indexing_client().indices.create(
            index=self.index_name, **index.body(), aliases={index.write_alias(self.index_name): {}}
        )
        self._there: dict[str, int] = {}
        super().__init__(ElasticsearchEngine(self.index_name))

    def ready(self) -> None:
        from search import mirror
        from search.engines.elasticsearch import bulk

        now = dict(IndexedDocument.objects.values_list("key", "version"))
        if now == self._there:
            return
        changed = [key for key, version in now.items() if self._there.get(key) != version]
        entries = [bulk.Entry(row.key, row.version, row) for row in mirror.described().filter(key__in=changed)]
        gone = IndexVersion.objects.create().pk
        entries += [bulk.Entry(key, gone) for key in self._there.keys() - now.keys()]
        assert bulk.send(self.index_name, entries) == []
        bulk.refresh(self.index_name)
        self._there = now


def in_turn(name: str) -> EngineInTurn:
    """Return the engine of this name: "database" is that of the run."""
    return ElasticsearchInTurn() if name == "elasticsearch" else EngineInTurn(database_engine())
