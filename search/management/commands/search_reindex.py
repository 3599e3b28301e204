"""`manage.py search_reindex`: bring the whole index, or one source, in step with the content."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import store
from search.services import reindex_source
from search.sources import Source, source_named, sources


class Command(BaseCommand):
    """The site answers all the while: documents are replaced one object at a time, and what is gone leaves at the end."""

    help = "Index everything that can be found, and remove what no longer can."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", action="append", default=[], help="Only this source; may be given again.")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [self._named(name) for name in options["source"]] or sources()
        failures = sum(self._reindex(source) for source in chosen)
        if not options["source"]:
            store.keep_only_sources([source.name for source in chosen])
        if failures:
            raise CommandError(f"{failures} objects could not be indexed; the log names them.")

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
