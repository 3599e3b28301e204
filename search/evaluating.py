"""How well search finds what people mean: pairs of a question and the one thing that was meant, asked as users ask.

The index is a scratch one: its documents are for an audience that nobody else belongs to, in a transaction that is undone;
in Elasticsearch it is an index of its own, deleted afterwards.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Final
from uuid import uuid4

from portal.core.principal import Principal
from search import mirror, store
from search.documents import SearchDocument
from search.engines.base import SearchEngine
from search.engines.choice import answering
from search.engines.elasticsearch import bulk, index
from search.engines.elasticsearch.connection import indexing_client
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.failures import unavailable
from search.results import SearchQuery
from search.selectors import search

_SOURCE: Final = "evaluation"
_AUDIENCE: Final = "evaluation"
# As many as a person looks at.
_LOOKED_AT: Final = 10
_BATCH: Final = 500
_PAIR_COLUMNS: Final = ("query", "relevant_uri", "kind")
_CONCEPT_COLUMNS: Final = ("conceptUri", "preferredLabel", "altLabels")
_FILES: Final = {"occupation": "occupations_da.csv", "skill": "skills_da.csv"}

Progress = Callable[[int, int], None]


class UnfitFileError(ValueError):
    """A file is missing or is not what it should be; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, and the concept that it is a name of."""

    query: str
    uri: str
    kind: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one pair: the place of what was meant, counted from 1, or 0 when it was not among the first ten."""

    kind: str
    place: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How often what was meant stood first or among the first ten, and the mean of 1/place."""

    kind: str
    queries: int
    hit_at_1: float
    hit_at_10: float
    mrr_at_10: float
    median_ms: float
    p95_ms: float


class _Evaluator(Principal):
    """Sees the scratch index and nothing else."""

    @property
    def audiences(self) -> frozenset[str]:
        return frozenset({_AUDIENCE})


# --- Files -----------------------------------------------------------------------------------------------------------


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a CSV file with the columns query, relevant_uri and kind.

    Raises:
        UnfitFileError: there is no such file, or it has other columns or no rows.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnfitFileError(f"{path}: {_reason(error)}") from error
    pairs = [Pair(row["query"], row["relevant_uri"], row["kind"]) for row in _rows(text, _PAIR_COLUMNS, str(path))]
    if not pairs:
        raise UnfitFileError(f"{path}: no rows")
    return pairs


def read_catalogue(path: Path) -> list[SearchDocument]:
    """Return the occupations and skills that have a Danish name, from a zip laid out like ESCO's own download.

    Raises:
        UnfitFileError: it cannot be read as such.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            texts = {kind: archive.read(name).decode("utf-8-sig") for kind, name in _FILES.items()}
    except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise UnfitFileError(f"{path}: {_reason(error)}") from error
    documents = [
        _document(row, kind)
        for kind, text in texts.items()
        for row in _rows(text, _CONCEPT_COLUMNS, f"{path}: {_FILES[kind]}")
        if row["preferredLabel"]
    ]
    if not documents:
        raise UnfitFileError(f"{path}: nothing in it has a Danish name")
    return documents


def _document(row: dict[str, str], kind: str) -> SearchDocument:
    return SearchDocument(
        key=row["conceptUri"],
        kind=kind,
        title=row["preferredLabel"],
        labels=tuple(filter(None, row["altLabels"].split("\n"))),
        summary=row.get("description") or "",
        url="/",
        audiences=(_AUDIENCE,),
    )


def _rows(text: str, columns: Sequence[str], where: str) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        found = ", ".join(reader.fieldnames or ()) or "none"
        raise UnfitFileError(f"{where}: columns missing: {', '.join(missing)} (found: {found})")
    try:
        yield from reader
    except csv.Error as error:
        raise UnfitFileError(f"{where}, line {reader.line_num}: {error}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error.args[0]) if isinstance(error, KeyError) else str(error)


# --- The scratch index -----------------------------------------------------------------------------------------------


@contextmanager
def scratch_index(documents: Sequence[SearchDocument], progress: Progress) -> Iterator[None]:
    """Have these documents in the database's index, seen by the evaluation alone, until the end of the block.

    On SQLite nobody else can write meanwhile.
    """
    with store.scratch():
        progress(0, len(documents))
        for start in range(0, len(documents), _BATCH):
            some = documents[start : start + _BATCH]
            store.replace_many(_SOURCE, {document.key: [document] for document in some})
            progress(start + len(some), len(documents))
        yield


@contextmanager
def elasticsearch_index(progress: Progress) -> Iterator[SearchEngine]:
    """Have the documents of the scratch index in an index of Elasticsearch's own, and delete it at the end.

    Raises:
        EngineUnavailableError: the server does not answer.
    """
    name = f"{index.prefix()}-scratch-{uuid4().hex}"
    with unavailable():
        indexing_client().indices.create(index=name, **index.body(), aliases={index.write_alias(name): {}})
    try:
        rows = mirror.described().filter(source=_SOURCE)
        total = rows.count()
        keys = list(rows.order_by("key").values_list("pk", flat=True))
        progress(0, total)
        for start in range(0, total, _BATCH):
            some = keys[start : start + _BATCH]
            bulk.send(name, [bulk.Entry(row.key, row.version, row) for row in rows.filter(pk__in=some)])
            progress(start + len(some), total)
        bulk.refresh(name)
        yield ElasticsearchEngine(name)
    finally:
        with unavailable():
            indexing_client().indices.delete(index=name, ignore_unavailable=True)


# --- Asking ----------------------------------------------------------------------------------------------------------


def ask_all(engine: SearchEngine, pairs: Sequence[Pair], progress: Progress) -> list[Asked]:
    """Ask an engine every question of the pairs, through the whole of search."""
    asker = _Evaluator()
    results: list[Asked] = []
    progress(0, len(pairs))
    with answering(engine):
        for number, pair in enumerate(pairs, start=1):
            results.append(_ask(pair, asker))
            progress(number, len(pairs))
    return results


def _ask(pair: Pair, asker: Principal) -> Asked:
    began = perf_counter()
    result = search(SearchQuery(text=pair.query, principal=asker))
    milliseconds = (perf_counter() - began) * 1000
    shown = [hit.key for hit in (*result.hits, *result.near)][:_LOOKED_AT]
    meant = f"{_SOURCE}:{pair.uri}"
    return Asked(pair.kind, shown.index(meant) + 1 if meant in shown else 0, milliseconds)


def figures(results: Sequence[Asked]) -> list[Figures]:
    """Return the figures of each kind, and of all together."""
    kinds = sorted({one.kind for one in results})
    return [
        *(_figures(kind, [one for one in results if one.kind == kind]) for kind in kinds),
        _figures("all", results),
    ]


def _figures(kind: str, results: Sequence[Asked]) -> Figures:
    number = len(results)
    found = [one.place for one in results if one.place]
    times = [one.milliseconds for one in results]
    slow = quantiles(times, n=100, method="inclusive") if number > 1 else times * 99
    return Figures(
        kind=kind,
        queries=number,
        hit_at_1=found.count(1) / number,
        hit_at_10=len(found) / number,
        mrr_at_10=sum(1 / place for place in found) / number,
        median_ms=slow[49],
        p95_ms=slow[94],
    )
