"""`manage.py messages update|compile|check [area…]`: the texts of the portal, area by area."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core import catalogues


class Command(BaseCommand):
    """Extract, compile and check the message catalogues (see `portal.core.catalogues`)."""

    help = "Extract texts into the catalogues (update), compile them, or check that nothing is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the act and, as a restriction, areas."""
        parser.add_argument("act", choices=["update", "compile", "check"])
        parser.add_argument("areas", nargs="*", metavar="area", help=", ".join(catalogues.AREAS))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the act for the areas named, or for all."""
        root = Path(settings.BASE_DIR)
        known = catalogues.all_areas(root)
        if unknown := set(options["areas"]) - set(known):
            raise CommandError(f"No such area: {', '.join(sorted(unknown))}. There are {', '.join(known)}.")
        areas: list[str] = options["areas"] or known
        getattr(self, f"_{options['act']}")(root, areas)

    def _update(self, root: Path, areas: list[str]) -> None:
        for area in areas:
            if area == catalogues.BY_HAND:
                continue
            try:
                waiting = catalogues.update(root, area)
            except catalogues.ExtractionError as error:
                raise CommandError(f"{area}: nothing written: {error}") from error
            self.stdout.write(f"{area}: {waiting} texts wait for a translation")

    def _compile(self, root: Path, areas: list[str]) -> None:
        done = [area for area in areas if catalogues.compile_area(root, area)]
        self.stdout.write(f"compiled: {', '.join(done) or 'nothing had changed'}")

    def _check(self, root: Path, areas: list[str]) -> None:
        problems = [problem for area in areas for problem in catalogues.check(root, area)]
        problems += catalogues.check_agreement(root, catalogues.all_areas(root))
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            raise CommandError(f"{len(problems)} faults in the catalogues")
