"""`manage.py setup_groups`: bring the editors' groups in line with the table in `portal.desk.groups`."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.desk.rights import setup_groups


class Command(BaseCommand):
    """Safe to run at every deployment: members stay, and a second run changes nothing."""

    help = "Set up the groups of editors and administrators with their rights."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what changed."""
        changed = setup_groups()
        self.stdout.write("\n".join(f"{name}: changed" for name in changed) or "The groups are as they should be.")
