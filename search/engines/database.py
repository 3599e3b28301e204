"""What the two database engines share: the store, and the shape of the queries; each adds its own matching and ranking."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.models import QuerySet

from search.danish import clean, tokens, words
from search.documents import SearchDocument
from search.engines.base import EngineCount, EngineHit, EngineRequest, EngineResult
from search.models import IndexedAudience, IndexedDocument, IndexedFacet

# What is kept of a text to show excerpts from, in characters, and what is indexed of it, in words.
STORED_BODY = 20_000
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

    # The tables to read: `d` is the document.
    tables: ClassVar[str]

    # --- What each database does in its own way ---

    def write_tokens(self, document_id: int, title: Tokens, summary: Tokens, body: Tokens) -> None:
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

    # --- Keeping ---

    def replace(self, source: str, object_id: str, documents: Sequence[SearchDocument]) -> None:
        """Make these the object's documents, whatever it had before."""
        with transaction.atomic():
            keys = {f"{source}:{document.key}" for document in documents}
            mine = IndexedDocument.objects.filter(source=source, object_id=object_id)
            self._delete(mine.exclude(key__in=keys))
            for document in documents:
                self._write(source, object_id, document)

    def remove(self, source: str, object_ids: Collection[str]) -> None:
        """Forget these objects."""
        for some in _chunks(object_ids):
            self._delete(IndexedDocument.objects.filter(source=source, object_id__in=some))

    def object_ids(self, source: str) -> set[str]:
        """Return the objects of a source that are in the index."""
        return set(IndexedDocument.objects.filter(source=source).values_list("object_id", flat=True))

    def keep_only_sources(self, sources: Collection[str]) -> None:
        """Forget every source but these."""
        self._delete(IndexedDocument.objects.exclude(source__in=sources))

    def count(self, source: str) -> int:
        """Return how many documents a source has in the index."""
        return IndexedDocument.objects.filter(source=source).count()

    def _delete(self, documents: QuerySet[IndexedDocument]) -> None:
        with transaction.atomic():
            for some in _chunks(list(documents.values_list("pk", flat=True))):
                self.delete_tokens(some)
                IndexedDocument.objects.filter(pk__in=some).delete()

    def _write(self, source: str, object_id: str, document: SearchDocument) -> None:
        title, summary, body = clean(document.title), clean(document.summary), clean(document.body)
        row, _created = IndexedDocument.objects.update_or_create(
            key=f"{source}:{document.key}",
            defaults={
                "source": source,
                "object_id": object_id,
                "kind": document.kind,
                "kind_label": clean(str(document.kind_label))[:80],
                "note": clean(document.note)[:160],
                "title": title[:255],
                "title_key": " ".join(words(title))[:255],
                "summary": summary,
                "body": body[:STORED_BODY],
                "url": document.url,
                "starts_at": document.starts_at,
            },
        )
        self._write_labels(row, document)
        self.write_tokens(row.pk, *(tokens(text, INDEXED_WORDS) for text in (title, summary, body)))

    def _write_labels(self, row: IndexedDocument, document: SearchDocument) -> None:
        IndexedAudience.objects.filter(document=row).delete()
        IndexedAudience.objects.bulk_create(
            [IndexedAudience(document=row, name=name) for name in sorted(set(document.audiences))]
        )
        IndexedFacet.objects.filter(document=row).delete()
        by_value = {(term.name, term.value): str(term.label) for term in document.facets}
        IndexedFacet.objects.bulk_create(
            [
                IndexedFacet(document=row, name=name, value=value, label=label)
                for (name, value), label in by_value.items()
            ]
        )

    # --- Answering ---

    def search(self, request: EngineRequest) -> EngineResult:
        """Answer with three queries and one per filter, whatever the hits."""
        conditions = self._conditions(request)
        kinds = self._kind_counts(conditions)
        total = sum(kind.count for kind in kinds if not request.kinds or kind.value in request.kinds)
        pages = max(1, -(-total // request.page_size))
        page = min(max(1, request.page), pages)
        return EngineResult(
            hits=self._hits(request, conditions, (page - 1) * request.page_size) if total else (),
            total=total,
            page=page,
            pages=pages,
            kinds=kinds,
            facets=self._facet_counts(request, conditions) if total else {},
        )

    def _conditions(self, request: EngineRequest) -> list[Condition]:
        conditions = [self.matching(request), _seen_by(request.audiences)]
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

    def _hits(self, request: EngineRequest, conditions: list[Condition], offset: int) -> tuple[EngineHit, ...]:
        score, where = self.score(request), _where(conditions)
        rows = _rows(
            f"SELECT d.id FROM {self.tables} WHERE {where.sql}"  # noqa: S608
            f" ORDER BY CASE WHEN d.title_key = %s THEN 0 ELSE 1 END, {score.sql} DESC, d.id LIMIT %s OFFSET %s",
            (*where.parameters, request.title_key, *score.parameters, request.page_size, offset),
        )
        documents = IndexedDocument.objects.in_bulk([row[0] for row in rows])
        return tuple(_hit(documents[row[0]]) for row in rows if row[0] in documents)

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


def _hit(row: IndexedDocument) -> EngineHit:
    return EngineHit(
        key=row.key,
        kind=row.kind,
        kind_label=row.kind_label,
        note=row.note,
        title=row.title,
        summary=row.summary,
        body=row.body,
        url=row.url,
        starts_at=row.starts_at,
    )


def _rows(sql: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _chunks(values: Collection[Any], size: int = 500) -> Iterable[list[Any]]:
    """Return pieces that fit the number of parameters that SQLite takes in one statement."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
