"""`manage.py search_reindex`: bring the whole index, or one source, in step with the content, and Elasticsearch with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import rebuilding, store
from search.engines.base import EngineUnavailableError
from search.engines.elasticsearch import index
from search.engines.elasticsearch.connection import configured
from search.management.progress import Progress
from search.models import MirrorIndex
from search.services import reindex_source
from search.sources import Source, source_named, sources


class Command(BaseCommand):
    """The site answers all the while.

    In the database documents are replaced one object at a time, and what is gone leaves at the end; in Elasticsearch a new
    index is built beside the one that answers and takes its place when it is whole. Interrupted, it goes on where it was.
    """

    help = "Index everything that can be found, and remove what no longer can."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", action="append", default=[], help="Only this source; may be given again.")
        parser.add_argument(
            "--mirror-only", action="store_true", help="Describe nothing afresh: build Elasticsearch's index alone."
        )
        parser.add_argument(
            "--if-missing",
            action="store_true",
            help="Do nothing where Elasticsearch answers for this version of the portal already, or is not configured: "
            "for every start of a new version.",
        )
        parser.add_argument("--restart", action="store_true", help="Forget what an interrupted build had done.")
        parser.add_argument(
            "--check", action="store_true", help="Compare Elasticsearch with the database and write nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        if options["if_missing"] and not self._is_missing():
            return
        failures = 0 if options["mirror_only"] else self._describe(options["source"])
        if options["mirror_only"] and not configured():
            raise CommandError("No Elasticsearch is configured (ELASTICSEARCH_URL).")
        # One source alone reaches Elasticsearch as changes do.
        if configured() and not options["source"]:
            self._mirror(restart=options["restart"])
        if failures:
            raise CommandError(f"{failures} objects could not be indexed; the log names them.")

    def _is_missing(self) -> bool:
        live = MirrorIndex.objects.filter(state=MirrorIndex.LIVE, fingerprint=index.fingerprint())
        return configured() and not live.exists()

    def _check(self) -> None:
        if not configured():
            raise CommandError("No Elasticsearch is configured (ELASTICSEARCH_URL).")
        try:
            comparison = rebuilding.live_comparison()
        except EngineUnavailableError as error:
            raise CommandError(f"Elasticsearch: {error}") from error
        if comparison is None:
            raise CommandError("No index in Elasticsearch answers for this version of the portal; run search_reindex.")
        for line in comparison.lines():
            self.stdout.write(line)
        if not comparison.is_right or comparison.refused:
            raise CommandError("Elasticsearch is not as the database is.")

    def _mirror(self, *, restart: bool) -> None:
        progress = Progress(self.stdout, "documents")
        try:
            built = rebuilding.rebuild(restart=restart, progress=progress)
        except rebuilding.BusyError as error:
            raise CommandError("Another search_reindex builds the index at this moment.") from error
        except rebuilding.DifferentError as error:
            raise CommandError(f"The old index goes on answering, for the new one is not whole:\n{error}") from error
        except EngineUnavailableError as error:
            raise CommandError(f"Elasticsearch: {error}. Run again, it goes on where it was.") from error
        progress.end()
        self.stdout.write(f"{built.name} answers" + (" (an interrupted build went on)" if built.resumed else ""))
        for line in built.comparison.lines():
            self.stdout.write(line)

    def _describe(self, names: list[str]) -> int:
        chosen = [self._named(name) for name in names] or sources()
        with store.tokens_anew():
            failures = sum(self._reindex(source) for source in chosen)
        if not names:
            store.keep_only_sources([source.name for source in chosen])
        return failures

    def _named(self, name: str) -> Source:
        source = source_named(name)
        if source is None:
            known = ", ".join(source.name for source in sources())
            raise CommandError(f"There is no search source {name!r}. There are: {known}")
        return source

    def _reindex(self, source: Source) -> int:
        failed = done = 0
        for done, failed_so_far in enumerate(reindex_source(source), start=1):
            failed = failed_so_far
            if self.stdout.isatty():
                self.stdout.write(f"\r{source.name}: {done}", ending="")
        end = f", {failed} failed" if failed else ""
        start = "\r" if self.stdout.isatty() else ""
        self.stdout.write(f"{start}{source.name}: {store.count(source.name)} documents of {done} objects{end}")
        return failed
