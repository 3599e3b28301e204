"""What the two database engines share: the shape of the queries; each adds its own matching and ranking."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection

from search.danish import tokens
from search.engines.base import DATE, Candidate, DateBucket, EngineCount, EngineRequest, EngineResult, Match
from search.models import IndexedDocument

# What is indexed of a text, in words.
INDEXED_WORDS = 10_000

Tokens = Sequence[tuple[str, ...]]
Counts = tuple[EngineCount, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL with its parameters; `about` names the filter it comes from, so that a facet can leave it out."""

    sql: str
    parameters: tuple[Any, ...] = ()
    about: str = ""


class DatabaseEngine:
    """Search inside the portal's own database."""

    name: ClassVar[str]
    # The tables that `matching` reads: `d` is the document.
    tables: ClassVar[str]

    # --- What each database does in its own way ---

    def write_tokens(self, row: IndexedDocument) -> None:
        """Keep the tokens of one document, in place of those it had."""
        raise NotImplementedError

    def add_tokens(self, documents: Sequence[IndexedDocument]) -> None:
        """Keep the tokens of documents that have none yet."""
        for row in documents:
            self.write_tokens(row)

    def delete_tokens(self, document_ids: Sequence[int]) -> None:
        """Forget the tokens of documents that are about to go."""
        raise NotImplementedError

    def matching(self, request: EngineRequest) -> Condition:
        """Return the condition that the text matches, for ALL and ANY."""
        raise NotImplementedError

    def _candidates(self, request: EngineRequest, conditions: list[Condition], offset: int) -> tuple[Candidate, ...]:
        """Return this part of what meets the conditions, best first; `matching` is among them."""
        raise NotImplementedError

    def suggest(
        self,
        beginnings: Collection[str],
        *,
        audiences: frozenset[str],
        kinds: tuple[str, ...],
        limit: int,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Candidate, ...]:
        """Return documents with a name that goes on as was typed; if few do, with one letter another too."""
        raise NotImplementedError

    # --- Answering ---

    def search(self, request: EngineRequest) -> EngineResult:
        """Answer with four queries and one per filter at most, whatever the hits."""
        conditions = self._conditions(request)
        if request.match is Match.NEAR or not request.counted:
            offset = max(0, request.offset)
            return EngineResult(candidates=self._candidates(request, conditions, offset), offset=offset)
        kinds = self._kind_counts(conditions)
        total = sum(kind.count for kind in kinds if not request.kinds or kind.value in request.kinds)
        last = (total - 1) // request.limit * request.limit if total and request.limit else 0
        offset = max(0, min(request.offset, last))
        return EngineResult(
            candidates=self._candidates(request, conditions, offset) if total and request.limit else (),
            offset=offset,
            total=total,
            kinds=kinds,
            facets=self._facet_counts(request, conditions) if kinds else {},
        )

    def _conditions(self, request: EngineRequest) -> list[Condition]:
        conditions = [self.matching(request), seen_by(request.audiences), *_not_these(request.without)]
        for name, values in (request.filters or {}).items():
            conditions.append(_has_facet(name, values))
        if dates := [_within(bucket) for bucket in request.buckets if bucket.value in request.dates]:
            conditions.append(
                Condition(
                    f"({' OR '.join(date.sql for date in dates)})",
                    tuple(parameter for date in dates for parameter in date.parameters),
                    about=DATE,
                )
            )
        return conditions + of_kinds(request.kinds)

    # --- Counting ---

    def _kind_counts(self, conditions: list[Condition]) -> Counts:
        where = where_all(conditions, leave_out="kind")
        found = rows(
            f"SELECT d.kind, MAX(d.kind_label), COUNT(*) FROM {self.tables} WHERE {where.sql}"  # noqa: S608
            " GROUP BY d.kind ORDER BY 3 DESC, 1",
            where.parameters,
        )
        return tuple(EngineCount(*row) for row in found)

    def _facet_counts(self, request: EngineRequest, conditions: list[Condition]) -> dict[str, Counts]:
        chosen = tuple(request.filters or {})
        facets: dict[str, Counts] = {}
        for name in chosen:
            facets |= self._counts_by_name(where_all(conditions, leave_out=name), "f.name = %s", (name,))
        others = f"f.name NOT IN ({marks(chosen)})" if chosen else "1 = 1"
        facets |= self._counts_by_name(where_all(conditions), others, chosen)
        facets[DATE] = self._date_counts(request, where_all(conditions, leave_out=DATE))
        return {name: counts for name, counts in facets.items() if counts}

    def _counts_by_name(self, where: Condition, names: str, parameters: tuple[str, ...]) -> dict[str, Counts]:
        found = rows(
            f"SELECT f.name, f.value, MAX(f.label), COUNT(*) FROM {self.tables} CROSS JOIN search_indexedfacet f"  # noqa: S608
            f" WHERE f.document_id = d.id AND {names} AND {where.sql}"
            " GROUP BY f.name, f.value ORDER BY 1, 4 DESC, 2",
            (*parameters, *where.parameters),
        )
        facets: dict[str, Counts] = {}
        for name, value, label, number in found:
            facets[name] = (*facets.get(name, ()), EngineCount(value, label, number))
        return facets

    def _date_counts(self, request: EngineRequest, where: Condition) -> Counts:
        if not request.buckets:
            return ()
        dates = [_within(bucket) for bucket in request.buckets]
        sums = ", ".join(f"SUM(CASE WHEN {date.sql} THEN 1 ELSE 0 END)" for date in dates)
        parameters = tuple(parameter for date in dates for parameter in date.parameters)
        (numbers,) = rows(
            f"SELECT {sums} FROM {self.tables} WHERE {where.sql}",  # noqa: S608
            (*parameters, *where.parameters),
        )
        counts = zip(request.buckets, numbers, strict=True)
        # A chosen one stays, since it must be possible to let go of it.
        return tuple(
            EngineCount(bucket.value, "", number or 0)
            for bucket, number in counts
            if number or bucket.value in request.dates
        )


def seen_by(audiences: frozenset[str]) -> Condition:
    """Return the condition that one who belongs to these audiences may see the document."""
    names = tuple(sorted(audiences))
    if not names:
        # An empty list is no SQL everywhere.
        return Condition("1 = 0")
    labels = f"SELECT 1 FROM search_indexedaudience a WHERE a.document_id = d.id AND a.name IN ({marks(names)})"  # noqa: S608
    return Condition(f"EXISTS ({labels})", names)


def of_kinds(kinds: Sequence[str]) -> list[Condition]:
    """Return the condition that the document is of one of these kinds, if any is named."""
    return [Condition(f"d.kind IN ({marks(kinds)})", tuple(kinds), about="kind")] if kinds else []


def _not_these(keys: frozenset[str]) -> list[Condition]:
    named = tuple(sorted(keys))
    return [Condition(f"d.key NOT IN ({marks(named)})", named)] if named else []


def _has_facet(name: str, values: tuple[str, ...]) -> Condition:
    labels = (
        "SELECT 1 FROM search_indexedfacet f WHERE f.document_id = d.id AND f.name = %s"  # noqa: S608
        f" AND f.value IN ({marks(values)})"
    )
    return Condition(f"EXISTS ({labels})", (name, *values), about=name)


def _within(bucket: DateBucket) -> Condition:
    limits = [("d.starts_at >= %s", bucket.start), ("d.starts_at < %s", bucket.end)]
    given = [(sql, moment) for sql, moment in limits if moment is not None]
    return Condition(
        " AND ".join(["d.starts_at IS NOT NULL", *(sql for sql, _moment in given)]),
        # As each database keeps a time: SQLite as text in UTC.
        tuple(connection.ops.adapt_datetimefield_value(moment) for _sql, moment in given),
    )


def where_all(conditions: Iterable[Condition], leave_out: str = "") -> Condition:
    """Return one condition of all; those about the filter `leave_out` are left aside."""
    kept = [condition for condition in conditions if not leave_out or condition.about != leave_out]
    return Condition(
        " AND ".join(condition.sql for condition in kept),
        tuple(parameter for condition in kept for parameter in condition.parameters),
    )


def rows(sql: str, parameters: Sequence[Any]) -> list[Any]:
    """Return what a query of our own gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def marks(values: Collection[Any]) -> str:
    """Return the places of so many parameters."""
    return ", ".join(["%s"] * len(values))


def columns(row: IndexedDocument) -> tuple[Tokens, Tokens, Tokens]:
    """Return the tokens of title, summary and body; other names are found like a summary, and rank by themselves."""
    described = "\n".join((*row.labels, row.summary))
    title, summary, body = (tokens(text, INDEXED_WORDS) for text in (row.title, described, row.body))
    return title, summary, body
