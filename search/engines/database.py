"""What the two database engines share: the store, and the shape of the queries; each adds its own matching and ranking."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection

from search.danish import tokens
from search.engines.base import Candidate, EngineCount, EngineRequest, EngineResult
from search.models import IndexedDocument

# What is indexed of a text, in words.
INDEXED_WORDS = 10_000

Tokens = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL with its parameters; `about` names the filter it comes from, so that a facet can leave it out."""

    sql: str
    parameters: tuple[Any, ...]
    about: str = ""


class DatabaseEngine:
    """Search inside the portal's own database."""

    name: ClassVar[str]
    # The tables to read: `d` is the document.
    tables: ClassVar[str]

    # --- What each database does in its own way ---

    def write_tokens(self, row: IndexedDocument) -> None:
        """Keep the tokens of one document, in place of those it had."""
        raise NotImplementedError

    def delete_tokens(self, document_ids: Sequence[int]) -> None:
        """Forget the tokens of documents that are about to go."""
        raise NotImplementedError

    def expression(self, request: EngineRequest) -> str:
        """Return the question in the database's own full-text language."""
        raise NotImplementedError

    def matching(self, request: EngineRequest) -> Condition:
        """Return the condition that the text matches."""
        raise NotImplementedError

    def score(self, request: EngineRequest) -> Condition:
        """Return an expression that is larger for better hits."""
        raise NotImplementedError

    # --- Answering ---

    def search(self, request: EngineRequest) -> EngineResult:
        """Answer with three queries and one per filter, whatever the hits."""
        conditions = self._conditions(request)
        kinds = self._kind_counts(conditions)
        total = sum(kind.count for kind in kinds if not request.kinds or kind.value in request.kinds)
        last = (total - 1) // request.limit * request.limit if total and request.limit else 0
        offset = min(request.offset, last)
        return EngineResult(
            candidates=self._candidates(request, conditions, offset) if total and request.limit else (),
            offset=offset,
            total=total,
            kinds=kinds,
            facets=self._facet_counts(request, conditions) if total else {},
        )

    def _conditions(self, request: EngineRequest) -> list[Condition]:
        conditions = [self.matching(request), _seen_by(request.audiences)]
        if request.without:
            keys = tuple(sorted(request.without))
            conditions.append(Condition(f"d.key NOT IN ({_marks(keys)})", keys))
        for name, values in (request.filters or {}).items():
            conditions.append(_has_facet(name, values))
        if request.kinds:
            conditions.append(Condition(f"d.kind IN ({_marks(request.kinds)})", tuple(request.kinds), about="kind"))
        return conditions

    def _kind_counts(self, conditions: list[Condition]) -> tuple[EngineCount, ...]:
        where = _where(conditions, leave_out="kind")
        rows = _rows(
            f"SELECT d.kind, MAX(d.kind_label), COUNT(*) FROM {self.tables} WHERE {where.sql}"  # noqa: S608
            " GROUP BY d.kind ORDER BY 3 DESC, 1",
            where.parameters,
        )
        return tuple(EngineCount(*row) for row in rows)

    def _candidates(self, request: EngineRequest, conditions: list[Condition], offset: int) -> tuple[Candidate, ...]:
        score, where = self.score(request), _where(conditions)
        rows = _rows(
            f"SELECT d.key, {score.sql} FROM {self.tables} WHERE {where.sql}"  # noqa: S608
            " ORDER BY CASE WHEN d.title_key = %s THEN 0 ELSE 1 END, 2 DESC, d.id LIMIT %s OFFSET %s",
            (*score.parameters, *where.parameters, request.title_key, request.limit, offset),
        )
        return tuple(Candidate(*row) for row in rows)

    def _facet_counts(self, request: EngineRequest, conditions: list[Condition]) -> dict[str, tuple[EngineCount, ...]]:
        chosen = tuple(request.filters or {})
        facets = {name: self._counts(_where(conditions, leave_out=name), "f.name = %s", (name,)) for name in chosen}
        others = f"f.name NOT IN ({_marks(chosen)})" if chosen else "1 = 1"
        facets |= self._counts_by_name(_where(conditions), others, chosen)
        return {name: counts for name, counts in facets.items() if counts}

    def _counts(self, where: Condition, names: str, parameters: tuple[str, ...]) -> tuple[EngineCount, ...]:
        found = self._counts_by_name(where, names, parameters)
        return found[parameters[0]] if found else ()

    def _counts_by_name(
        self, where: Condition, names: str, parameters: tuple[str, ...]
    ) -> dict[str, tuple[EngineCount, ...]]:
        rows = _rows(
            f"SELECT f.name, f.value, MAX(f.label), COUNT(*) FROM search_indexedfacet f WHERE {names}"  # noqa: S608
            f" AND f.document_id IN (SELECT d.id FROM {self.tables} WHERE {where.sql})"
            " GROUP BY f.name, f.value ORDER BY 1, 4 DESC, 2",
            (*parameters, *where.parameters),
        )
        facets: dict[str, tuple[EngineCount, ...]] = {}
        for name, value, label, number in rows:
            facets[name] = (*facets.get(name, ()), EngineCount(value, label, number))
        return facets


def _seen_by(audiences: frozenset[str]) -> Condition:
    names = tuple(sorted(audiences))
    labels = f"SELECT 1 FROM search_indexedaudience a WHERE a.document_id = d.id AND a.name IN ({_marks(names)})"  # noqa: S608
    return Condition(f"EXISTS ({labels})", names)


def _has_facet(name: str, values: tuple[str, ...]) -> Condition:
    labels = (
        "SELECT 1 FROM search_indexedfacet f WHERE f.document_id = d.id AND f.name = %s"  # noqa: S608
        f" AND f.value IN ({_marks(values)})"
    )
    return Condition(f"EXISTS ({labels})", (name, *values), about=name)


def _where(conditions: Iterable[Condition], leave_out: str = "") -> Condition:
    kept = [condition for condition in conditions if not leave_out or condition.about != leave_out]
    return Condition(
        " AND ".join(condition.sql for condition in kept),
        tuple(parameter for condition in kept for parameter in condition.parameters),
    )


def _rows(sql: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def columns(row: IndexedDocument) -> tuple[Tokens, Tokens, Tokens]:
    """Return the tokens of title, summary and body."""
    title, summary, body = (tokens(text, INDEXED_WORDS) for text in (row.title, row.summary, row.body))
    return title, summary, body
