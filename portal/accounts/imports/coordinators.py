"""No list leaves a municipality without somebody who looks after it; the screens keep the same rule one act at a time.

The plan marks the lines. What counts is asked when all of it has been done: only then is it known who is left.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Membership
from portal.core.errors import RefusedError
from portal.core.roles import Role
from portal.organisations.api import Municipality

_DAY = dt.timedelta(days=1)

# Whose right it is, by membership, and its last day.
Ends = dict[int, dt.date]


def told_last() -> str:
    """Return what is said of a line that would end the last one, and of an import that holds it."""
    return _("Somebody must look after the municipality: name another coordinator first.")


def coordinators(municipality: Municipality) -> Ends:
    """Return who looks after the municipality today, and until when; a role that waits for somebody helps nobody yet."""
    rows = Membership.objects.in_force().filter(municipality=municipality, role=Role.COORDINATOR, user__is_active=True)
    return {key: last or dt.date.max for key, last in rows.values_list("pk", "valid_to")}


def would_be_last(held: Ends, ending: Iterable[int], last_day: dt.date) -> bool:
    """Tell whether nobody would look after the municipality after that day, were these to end with it."""
    gone = set(ending)
    cut = any(key in held and last_day < held[key] for key in gone)
    return cut and not any(last > last_day for key, last in held.items() if key not in gone)


@contextmanager
def somebody_is_left(municipality: Municipality) -> Iterator[None]:
    """Refuse what is done inside when it ends the right of the last who looks after the municipality.

    Raises:
        RefusedError: nobody would be left; the caller's transaction takes everything back.
    """
    before = coordinators(municipality)
    yield
    after = coordinators(municipality) if before else {}
    over = timezone.localdate() - _DAY
    cut = [after.get(key, over) for key, last in before.items() if after.get(key, over) < last]
    if cut and not any(last > max(cut) for last in after.values()):
        raise RefusedError(told_last())
