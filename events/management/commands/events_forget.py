"""`manage.py events_forget`: delete what has been kept long enough about those who came to meetings."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from events.forgetting import forget


class Command(BaseCommand):
    """The worker does the same once a day; by hand it says what it does, or what it would do."""

    help = "Delete names, answers and links of meetings that are long over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the dry run."""
        parser.add_argument("--dry-run", action="store_true", help="count and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each kind."""
        dry_run = options["dry_run"]
        for found in forget(now=timezone.now(), dry_run=dry_run):
            self.stdout.write(f"{found.kind}: {found.count}{' would go' if dry_run else ''}")
