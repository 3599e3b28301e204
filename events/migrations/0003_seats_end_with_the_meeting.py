"""Times made before one could sign up here: their seats end when the meeting begins, and with its cancellation."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def end_the_seats(apps: Any, schema_editor: Any) -> None:
    """Write what `events.services` has written since."""
    offerings = apps.get_model("seats", "Offering").objects
    times = apps.get_model("events", "Occurrence").objects
    start = times.filter(offering=OuterRef("pk")).values("starts_at")[:1]
    open_ended = offerings.filter(occurrence__isnull=False, deadline__isnull=True, seats_until__isnull=True)
    open_ended.update(seats_until=Subquery(start))
    offerings.filter(pk__in=times.filter(cancelled=True).values("offering")).update(called_off=True)


class Migration(migrations.Migration):
    """Nothing is taken back: the columns were empty before."""

    dependencies = [("events", "0002_meetings_with_sign_up"), ("seats", "0003_last_line")]

    operations = [migrations.RunPython(end_the_seats, migrations.RunPython.noop)]
