"""`manage.py search_evaluate FILE`: how often search finds what was meant, per engine and kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines import database_engine
from search.engines.base import EngineUnavailableError, SearchEngine
from search.engines.elasticsearch.connection import configured
from search.evaluating import (
    Pair,
    UnfitFileError,
    ask_all,
    elasticsearch_index,
    figures,
    read_catalogue,
    read_pairs,
    scratch_index,
)
from search.management.progress import Progress

_ELASTICSEARCH = "elasticsearch"
_HEAD = f"{'engine':<14} {'kind':<12} {'queries':>7} {'hit@1':>6} {'hit@10':>6} {'MRR@10':>6} {'median ms':>9} {'p95 ms':>7}"


class Command(BaseCommand):
    """The index for it is a scratch one that nobody else sees and that is gone afterwards.

    On SQLite it keeps others from writing while it runs.
    """

    help = "Measure the relevance of search: hit@1, hit@10 and MRR@10 for pairs of a question and what was meant."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV with the columns query, relevant_uri, kind.")
        parser.add_argument(
            "--catalogue", type=Path, help="ESCO's zip of CSV files in Danish; by default ../shared/data/esco/*.zip."
        )
        parser.add_argument(
            "--engine",
            action="append",
            default=[],
            help="sqlite or postgresql (what the portal runs on), elasticsearch; may be given again. By default all.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        engines = self._engines(options["engine"])
        try:
            pairs = read_pairs(options["file"])
            documents = read_catalogue(options["catalogue"] or _shared_catalogue())
        except UnfitFileError as error:
            raise CommandError(str(error)) from error
        self._say_what_is_missing(pairs, {document.key for document in documents})
        lines = [_HEAD]
        with scratch_index(documents, Progress(self.stdout, "documents written")):
            for name in engines:
                lines += self._measured(name, pairs)
        for line in lines:
            self.stdout.write(line)

    def _engines(self, wanted: list[str]) -> list[str]:
        known = [database_engine().name, *([_ELASTICSEARCH] if configured() else [])]
        for name in wanted:
            if name not in known:
                raise CommandError(f"There is no engine {name!r} here. There are: {', '.join(known)}")
        return list(dict.fromkeys(wanted)) or known

    def _say_what_is_missing(self, pairs: list[Pair], known: set[str]) -> None:
        missing = sum(pair.uri not in known for pair in pairs)
        if missing == len(pairs):
            raise CommandError("None of what the pairs mean is in the catalogue.")
        if missing:
            self.stderr.write(
                f"{missing} of {len(pairs)} pairs mean what is not in the catalogue; they count as misses."
            )

    def _measured(self, name: str, pairs: list[Pair]) -> list[str]:
        try:
            with self._engine(name) as engine:
                results = ask_all(engine, pairs, Progress(self.stdout, f"questions to {name}"))
        except EngineUnavailableError as error:
            raise CommandError(f"{name}: {error}") from error
        return [
            f"{name:<14} {line.kind:<12} {line.queries:>7} {line.hit_at_1:>6.3f} {line.hit_at_10:>6.3f}"
            f" {line.mrr_at_10:>6.3f} {line.median_ms:>9.1f} {line.p95_ms:>7.1f}"
            for line in figures(results)
        ]

    @contextmanager
    def _engine(self, name: str) -> Iterator[SearchEngine]:
        if name == _ELASTICSEARCH:
            with elasticsearch_index(Progress(self.stdout, "documents sent to elasticsearch")) as engine:
                yield engine
        else:
            yield database_engine()


def _shared_catalogue() -> Path:
    folder = Path(settings.BASE_DIR).parent / "shared" / "data" / "esco"
    found = sorted(folder.glob("*.zip"))
    if len(found) != 1:
        raise UnfitFileError(f"{folder}: {len(found)} zip files; name one with --catalogue")
    return found[0]
