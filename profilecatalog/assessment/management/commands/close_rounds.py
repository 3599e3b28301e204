"""`manage.py close_rounds`: count and close the standing rounds whose quarter is over."""

from typing import Any

from django.core.management.base import BaseCommand

from profilecatalog.assessment.services import close_standing_rounds


class Command(BaseCommand):
    """For the clock: safe to run every day, since a closed round stays as it is."""

    help = "Count and close the standing rounds whose quarter is over, and publish what may be shown."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each round and one for the whole."""
        closed = close_standing_rounds()
        for done in closed:
            self.stdout.write(f"{done.round}: {done.shown} totals shown, {done.hidden} hidden")
        self.stdout.write(f"{len(closed)} rounds closed")
