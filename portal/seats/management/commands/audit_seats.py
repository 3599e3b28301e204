"""`manage.py audit_seats`: one line per breach, exit code 1 if there is one. It only reads, so it may run at any time."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.seats.auditing import breaches


class Command(BaseCommand):
    """Sweep over the seats."""

    help = "Check the seats of all meetings and courses; one line per breach, exit code 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            found = list(breaches())
        for breach in found:
            self.stdout.write(str(breach))
        if found:
            sys.exit(1)
