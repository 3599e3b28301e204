"""`manage.py load_example`: fill the portal with the example content of `portal/desk/example/`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.desk.loading.run import is_loaded, load_example


class Command(BaseCommand):
    """Repeatable: a second run makes only what no earlier run has made."""

    help = "Load the Danish example content. `remove_example` takes it out again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the way of a start script: load once, then never touch."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing if example content is there already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, a line of progress for each kind."""
        if options["if_empty"] and is_loaded():
            self.stdout.write("The example content is there already.")
            return
        made = load_example(say=self.stdout.write)
        self.stdout.write(f"{made} new things loaded." if made else "Nothing new to load.")
