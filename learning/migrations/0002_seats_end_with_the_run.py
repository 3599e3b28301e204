"""Runs made before: their seats end on the first day, and with their cancellation."""

from typing import Any

from django.db import migrations

from portal.core.local_time import start_of_day


def end_the_seats(apps: Any, schema_editor: Any) -> None:
    """Write what `learning.services` has written since."""
    offerings = apps.get_model("seats", "Offering").objects
    runs = apps.get_model("learning", "CourseRun").objects
    open_ended = runs.filter(offering__deadline__isnull=True, offering__seats_until__isnull=True)
    for offering, starts in open_ended.values_list("offering", "starts"):
        offerings.filter(pk=offering).update(seats_until=start_of_day(starts))
    offerings.filter(pk__in=runs.filter(cancelled=True).values("offering")).update(called_off=True)


class Migration(migrations.Migration):
    """Nothing is taken back: the columns were empty before."""

    dependencies = [("learning", "0001_courses"), ("seats", "0003_last_line")]

    operations = [migrations.RunPython(end_the_seats, migrations.RunPython.noop)]
