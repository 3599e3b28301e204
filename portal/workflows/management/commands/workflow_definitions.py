"""`manage.py workflow_definitions check|import|export|list|retire|restore`: the definitions of case workflows as files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.workflows.reading import BadDefinitionError
from portal.workflows.retiring import RetireError, definition_restore, definition_retire, definitions_listed
from portal.workflows.storing import (
    definitions_export,
    definitions_import,
    read_all,
    shipped_files,
    stored_problems,
)


class Command(BaseCommand):
    """Checks files, stores them as new versions, writes what is in force, and takes definitions out of use."""

    help = "Definitions of case workflows: check, import, export, list, retire. Without files: those that the portal ships."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the act and the files."""
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="Read files and what is stored, and report every fault with its line.")
        check.add_argument("files", nargs="*", type=Path)
        bring = acts.add_parser("import", help="Store new versions; open cases end under the one they began with.")
        bring.add_argument("files", nargs="*", type=Path)
        bring.add_argument("--dry-run", action="store_true", help="Show what would change, and change nothing.")
        send = acts.add_parser("export", help="Write the definitions in force as files.")
        send.add_argument("folder", type=Path)
        send.add_argument("--key", action="append", default=[], help="Only this one; may be repeated.")
        acts.add_parser("list", help="Show every definition, where it applies, and how many cases are open under it.")
        retire = acts.add_parser("retire", help="Let no new case begin under a definition; open ones end under it.")
        retire.add_argument("key")
        restore = acts.add_parser("restore", help="Let new cases begin under a retired definition again.")
        restore.add_argument("key")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say which file and line is wrong where one is."""
        try:
            getattr(self, f"_{options['act']}")(options)
        except RetireError as error:
            raise CommandError(str(error)) from error
        except BadDefinitionError as error:
            raise CommandError(f"{error}\nNothing has been changed.") from error

    def _check(self, options: dict[str, Any]) -> None:
        files = options["files"] or shipped_files()
        read_all(files)
        if problems := stored_problems():
            raise BadDefinitionError(problems)
        self.stdout.write(f"{len(files)} files and everything stored are right.")

    def _import(self, options: dict[str, Any]) -> None:
        files = options["files"] or shipped_files()
        for change in definitions_import(actor=None, files=files, dry_run=options["dry_run"]):
            news = f"version {change.version}" if change.is_new else f"unchanged, version {change.version}"
            self.stdout.write(f"{change.key}: {news}{', retired' if change.is_retired else ''}")
            if change.is_new:
                self.stdout.write(change.diff)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing has been changed.")

    def _list(self, options: dict[str, Any]) -> None:
        for row in definitions_listed():
            older = f", {row.draining} of them under older versions" if row.draining else ""
            retired = " (retired)" if row.retired else ""
            self.stdout.write(
                f"{row.key} {row.version}{retired}: {row.kind}, {row.places}; {row.open_cases} open cases{older}"
            )

    def _retire(self, options: dict[str, Any]) -> None:
        row = definition_retire(actor=None, key=options["key"])
        self.stdout.write(f"{row.key}: retired. Nothing new begins under it.")

    def _restore(self, options: dict[str, Any]) -> None:
        row = definition_restore(actor=None, key=options["key"])
        self.stdout.write(f"{row.key}: in force again, version {row.version}.")

    def _export(self, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        found = definitions_export(keys=options["key"])
        if missing := sorted(set(options["key"]) - set(found)):
            raise CommandError(f"There is no definition {', '.join(missing)}.")
        folder.mkdir(parents=True, exist_ok=True)
        for key, text in found.items():
            (folder / f"{key}.toml").write_text(text, encoding="utf-8")
            self.stdout.write(str(folder / f"{key}.toml"))
