"""`manage.py editorial_definitions check|import|export|list|retire|restore`: editorial workflows and policies as files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.editorial.reading import read_all
from portal.editorial.retiring import definition_restore, definition_retire, definitions_listed
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND
from portal.editorial.storing import definitions_export, definitions_import, shipped_files, stored_problems
from portal.workflows.api import BadDefinitionError, RetireError

_KINDS = {"policy": POLICY_KIND, "workflow": WORKFLOW_KIND}
_WORDS = {kind: word for word, kind in _KINDS.items()}


class Command(BaseCommand):
    """Checks files, stores them as new versions, writes what is in force, and takes definitions out of use."""

    help = (
        "Editorial workflows and policies: check, import, export, list, retire. Without files: what the portal ships."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the act and the files."""
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="Read files and what is stored, and report every fault with its line.")
        check.add_argument("files", nargs="*", type=Path)
        bring = acts.add_parser("import", help="Store new versions; what is sent in ends under the one it began with.")
        bring.add_argument("files", nargs="*", type=Path)
        bring.add_argument("--dry-run", action="store_true", help="Show what would change, and change nothing.")
        send = acts.add_parser("export", help="Write the definitions in force as files.")
        send.add_argument("folder", type=Path)
        send.add_argument("--key", action="append", default=[], help="Only this one; may be repeated.")
        acts.add_parser("list", help="Show every definition, what it is for, and how many pages are under way in it.")
        for act, words in (
            ("retire", "Take a policy out of force, or let nothing begin in a workflow; what is under way ends in it."),
            ("restore", "Bring the latest version of a retired definition in force again."),
        ):
            one = acts.add_parser(act, help=words)
            one.add_argument("kind", choices=sorted(_KINDS))
            one.add_argument("key")

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
        # All that an import would refuse, what only shows beside the definitions in force included.
        if options["files"]:
            definitions_import(actor=None, files=files, dry_run=True)
        read_all(files)
        if problems := stored_problems():
            raise BadDefinitionError(problems)
        self.stdout.write(f"{len(files)} files and everything in force are right.")

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
            retired = " (retired)" if row.is_retired else ""
            self.stdout.write(
                f"{_WORDS[row.kind]} {row.key} {row.version}{retired}: {row.about}; {row.running} under way{older}"
            )

    def _retire(self, options: dict[str, Any]) -> None:
        row = definition_retire(actor=None, kind=_KINDS[options["kind"]], key=options["key"])
        what = "It binds no page any more" if row.kind == POLICY_KIND else "Nothing new begins in it"
        self.stdout.write(f"{row.key}: retired. {what}.")

    def _restore(self, options: dict[str, Any]) -> None:
        row = definition_restore(actor=None, kind=_KINDS[options["kind"]], key=options["key"])
        self.stdout.write(f"{row.key}: in force again, version {row.version}.")

    def _export(self, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        found = definitions_export(keys=options["key"])
        keys = {name.partition("-")[2] for name in found}
        if missing := sorted(set(options["key"]) - keys):
            raise CommandError(f"There is no definition {', '.join(missing)} in force.")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in found.items():
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")
            self.stdout.write(str(folder / f"{name}.toml"))
