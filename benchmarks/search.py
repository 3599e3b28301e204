"""20,000 documents, one person searching and eight at once: `python benchmarks/search.py`.

ESCO's Danish occupations and skills, some of them again with a word more until there are enough, in the portal's index and
in Wagtail's stock one; then the same questions (`../shared/data/relevance`) to each engine in turn. Runs on the database of
`DATABASE_URL`, else on SQLite; with `ELASTICSEARCH_URL` on Elasticsearch too:

    python -m tests.support.elasticsearch -- python -m tests.support.postgres -- python benchmarks/search.py

The table is printed and kept in `benchmarks/search_<database>.md`.
"""

import csv
import io
import itertools
import os
import queue
import statistics
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared")) / "data"
DOCUMENTS, BATCH = int(os.environ.get("DOCUMENTS", "20000")), 500
QUESTIONS = int(os.environ.get("QUESTIONS", "300"))
CLIENTS = (1, 8)
SOURCE = "benchmark"
ELASTICSEARCH = os.environ.get("ELASTICSEARCH_URL", "")

Ask = Callable[[str], Any]


@dataclass(frozen=True)
class Measured:
    """What one engine cost."""

    seconds: float
    megabytes: float
    # By the number of clients.
    waited: dict[int, list[float]]


def prepare() -> None:
    """Make an empty portal."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    sys.path.insert(0, str(ROOT))
    folder = tempfile.mkdtemp(prefix="portal-benchmark-")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_INDEX_PREFIX = ELASTICSEARCH, f"benchmark-{os.getpid()}"
    settings.ELASTICSEARCH_TIMEOUT = 20.0
    call_command("migrate", verbosity=0)


def documents() -> list[Any]:
    """Return so many documents, the catalogue first and then some of it with a word more."""
    from search.api import Kind, SearchDocument, register_source

    kinds = {"occupation": Kind("Occupation", "Occupations"), "skill": Kind("Skill", "Skills")}
    register_source(SOURCE, model=type("Concept", (), {}), documents=lambda _obj: (), all=list, kinds=kinds)
    (archive,) = (DATA / "esco").glob("*.zip")
    found = [
        SearchDocument(
            key=row["conceptUri"],
            kind=kind,
            title=row["preferredLabel"],
            labels=tuple(label for label in (row["altLabels"] or "").split("\n") if label),
            summary=row["description"] or "",
            url="/",
        )
        for kind, row in _rows(archive)
        if row["preferredLabel"]
    ]
    again = (
        replace(document, key=f"{document.key}#{word}", title=f"{document.title} {word}")
        for word in ("kommune", "region", "stat")
        for document in found
    )
    return list(itertools.islice(itertools.chain(found, again), DOCUMENTS))


def _rows(archive: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with zipfile.ZipFile(archive) as packed:
        for name, kind in (("occupations_da.csv", "occupation"), ("skills_da.csv", "skill")):
            with packed.open(name) as file:
                for row in csv.DictReader(io.TextIOWrapper(file, "utf-8")):
                    yield kind, row


def questions() -> list[str]:
    """Return questions from all over the list."""
    with (DATA / "relevance" / "relevance_da_dev.csv").open(encoding="utf-8") as file:
        asked = [row["query"] for row in csv.DictReader(file)]
    return asked[:: max(1, len(asked) // QUESTIONS)][:QUESTIONS]


# --- The portal's engines --------------------------------------------------------------------------------------------


def fill_database(found: list[Any]) -> None:
    """Write everything into the portal's index."""
    from search import store

    for start in range(0, len(found), BATCH):
        store.replace_many(SOURCE, {document.key[-60:]: [document] for document in found[start : start + BATCH]})


def ask_portal(engine: Any) -> Ask:
    """Return a way to ask as the search page does, of this engine alone."""
    from search.api import SearchQuery, search
    from search.engines.choice import answering

    def ask(text: str) -> None:
        with answering(engine):
            result = search(SearchQuery(text=text))
        if result.engine not in ("", engine.name):
            raise SystemExit(f"{result.engine} answered for {engine.name}")

    return ask


def queries_of_the_page(asked: list[str]) -> float:
    """Return how many queries the whole request of the search page makes, by the median."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, numbers = Client(), []
    for text in asked[:20]:
        with CaptureQueriesContext(connection) as made:
            client.get("/soeg/", {"q": text})
        numbers.append(len(made))
    return statistics.median(numbers[1:])


@contextmanager
def elasticsearch_engine() -> Iterator[tuple[Any, Callable[[], None], Callable[[], float]]]:
    """Yield Elasticsearch as an engine, what fills it, and what says how large it is."""
    from search import mirror
    from search.engines.elasticsearch import bulk, index
    from search.engines.elasticsearch.connection import indexing_client
    from search.engines.elasticsearch.engine import ElasticsearchEngine

    name = f"{index.prefix()}-1"
    client = indexing_client()
    client.indices.create(index=name, **index.body(), aliases={index.write_alias(name): {}})

    def fill() -> None:
        rows = mirror.described().filter(source=SOURCE).order_by("pk")
        pks = list(rows.values_list("pk", flat=True))
        for start in range(0, len(pks), BATCH):
            some = rows.filter(pk__in=pks[start : start + BATCH])
            bulk.send(name, [bulk.Entry(row.key, row.version, row) for row in some])
        bulk.refresh(name)

    try:
        yield (
            ElasticsearchEngine(name),
            fill,
            lambda: client.indices.stats(index=name)["_all"]["primaries"]["store"]["size_in_bytes"] / 1e6,
        )
    finally:
        client.indices.delete(index=name)


# --- Wagtail's stock index -------------------------------------------------------------------------------------------


def stock_model() -> Any:
    """Return a model with a table of its own, described to Wagtail's search as a page would be."""
    from django.db import connection, models
    from modelsearch.abstract_models import TextIDGenericRelation
    from wagtail.search import index
    from wagtail.search.models import IndexEntry

    class StockConcept(index.Indexed, models.Model):
        title = models.TextField()
        names = models.TextField()
        summary = models.TextField()
        search_fields = [
            index.SearchField("title", boost=3),
            index.SearchField("names"),
            index.SearchField("summary"),
            index.AutocompleteField("title"),
        ]

        class Meta:
            app_label = "search"

        def __str__(self) -> str:
            return str(self.title)

    TextIDGenericRelation(IndexEntry).contribute_to_class(StockConcept, "index_entries")
    with connection.schema_editor() as editor:
        editor.create_model(StockConcept)
    return StockConcept


def stock_rows(model: Any, found: list[Any]) -> list[Any]:
    """Write the same documents as rows of that model."""
    rows = [model(title=one.title, names="\n".join(one.labels), summary=one.summary) for one in found]
    return list(model.objects.bulk_create(rows, batch_size=BATCH))


def stock_database() -> Any:
    """Return Wagtail's search in the portal's database, without ours around it."""
    from wagtail.search.backends.database import SearchBackend

    return SearchBackend({})


def stock_elasticsearch() -> Any:
    """Return Wagtail's search in Elasticsearch."""
    from modelsearch.backends.elasticsearch8 import Elasticsearch8SearchBackend

    return Elasticsearch8SearchBackend(
        {"URLS": [ELASTICSEARCH], "INDEX_PREFIX": f"stock-{os.getpid()}-", "TIMEOUT": 60}
    )


def fill_stock(backend: Any, model: Any, rows: list[Any]) -> None:
    """Index the rows as `manage.py update_index` does."""
    index = backend.get_index_for_model(model)
    if hasattr(index, "put"):
        index.put()
    index.add_model(model)
    for start in range(0, len(rows), BATCH):
        index.add_items(model, rows[start : start + BATCH])
    index.refresh()


def ask_stock(backend: Any, model: Any) -> Ask:
    """Return a way to ask for the first page and the count, as a stock search view does."""
    from wagtail.search.query import PlainText

    def ask(text: str) -> None:
        results = backend.search(PlainText(text.replace('"', " "), operator="or"), model.objects.all())
        list(results[:20])
        results.count()

    return ask


# --- Measuring -------------------------------------------------------------------------------------------------------


def megabytes() -> float:
    """Return the size of the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return float(cursor.fetchone()[0]) / 1e6
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return float(cursor.fetchone()[0]) / 1e6


def timed(act: Callable[[], None]) -> float:
    """Return how many seconds something takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def waits(ask: Ask, asked: list[str], clients: int) -> list[float]:
    """Return how long each question waited, in milliseconds, with so many threads asking all the time."""
    from django.db import connections

    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for text in asked:
        waiting.put(text)
    waited: list[float] = []

    def client() -> None:
        try:
            while True:
                text = waiting.get_nowait()
                waited.append(timed(partial(ask, text)) * 1000)
        except queue.Empty:
            connections.close_all()

    threads = [threading.Thread(target=client) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waited


def measured(name: str, ask: Ask, asked: list[str], seconds: float, size: float) -> Measured:
    """Ask all the questions, first some of them to get warm."""
    for text in asked[:20]:
        ask(text)
    print(f"{name}: {seconds:.0f} s to index, asking", flush=True)
    return Measured(seconds, size, {clients: waits(ask, asked, clients) for clients in CLIENTS})


def main() -> None:
    """Fill, ask, print and keep."""
    prepare()
    from django.db import connection

    from search.engines import database_engine

    found, asked = documents(), questions()
    results: dict[str, Measured] = {}
    with ExitStack() as stack:
        before = megabytes()
        seconds = timed(lambda: fill_database(found))
        _vacuum()
        engine = database_engine()
        results[engine.name] = measured(engine.name, ask_portal(engine), asked, seconds, megabytes() - before)
        pages = queries_of_the_page(asked)
        if ELASTICSEARCH:
            mirrored, fill, size = stack.enter_context(elasticsearch_engine())
            seconds = timed(fill)
            results["elasticsearch"] = measured("elasticsearch", ask_portal(mirrored), asked, seconds, size())
        model = stock_model()
        rows, backend, before = stock_rows(model, found), stock_database(), megabytes()
        seconds = timed(lambda: fill_stock(backend, model, rows))
        _vacuum()
        name = f"Wagtail's stock index, {engine.name}"
        results[name] = measured(name, ask_stock(backend, model), asked, seconds, megabytes() - before)
        if ELASTICSEARCH:
            backend = stock_elasticsearch()
            index = backend.get_index_for_model(model)
            stack.callback(index.delete)
            seconds = timed(lambda: fill_stock(backend, model, rows))
            size = backend.es.indices.stats(index=index.name)["_all"]["primaries"]["store"]["size_in_bytes"] / 1e6
            name = "Wagtail's stock index, elasticsearch"
            results[name] = measured(name, ask_stock(backend, model), asked, seconds, size)
    keep(connection.vendor, results, len(found), len(asked), pages)


def _vacuum() -> None:
    """Let the server look at its tables, as it does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def keep(vendor: str, results: dict[str, Measured], number: int, asked: int, pages: float) -> None:
    """Print the table and write it down."""
    lines = [
        "| engine | index | size | " + " | ".join(f"{n} asking: median / 95 %" for n in CLIENTS) + " |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, row in results.items():
        times = " | ".join(
            f"{statistics.median(row.waited[n]):.0f} / {statistics.quantiles(row.waited[n], n=20)[-1]:.0f} ms"
            for n in CLIENTS
        )
        lines.append(f"| {name} | {row.seconds:.0f} s | {row.megabytes:.0f} MB | {times} |")
    table = "\n".join(lines) + "\n"
    sys.stdout.write(table)
    text = (
        f"# {number} documents searched, {vendor}\n\n{table}\n"
        f"{asked} questions, the clients threads of one process. The portal's engines answer with facets, highlights "
        f"and near misses, the stock index with the first twenty hits and their number. The whole request of the search "
        f"page makes {pages:.0f} queries (median). Load when it ended: {os.getloadavg()[1]:.1f}. "
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores.\n"
    )
    (ROOT / "benchmarks" / f"search_{vendor}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
