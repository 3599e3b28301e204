"""`manage.py remove_example`: take the example content away again."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.desk.loading.removal import remove_example


class Command(BaseCommand):
    """Removes what `load_example` made, and nothing else."""

    help = "Remove the example content; what somebody has built upon stays and is named."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what went and what stayed."""
        result = remove_example()
        self.stdout.write(f"{result.removed} things removed.")
        for key in result.kept:
            self.stdout.write(f"Kept, because it is in use or was edited: {key}")
