"""The one lock of the seats, and the order in which locks are taken.

Everything that gives, takes or counts seats holds the offering's row; it is taken once per transaction, several in the
order of their primary keys, and everything, capacity included, is read after it. A sign-up that awaits approval has a
case: cases are locked before offerings, because an approval comes from the case.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from portal.core.failpoints import failpoint
from portal.seats.errors import BusyError, NoPlaceError
from portal.seats.models import Offering, SignUp
from portal.workflows.api import Case

LOCK_TIMEOUT = "10s"
_LOCK_NOT_AVAILABLE = "55P03"


@contextmanager
def seats_locked(*keys: int, cases_of: Iterable[SignUp] = ()) -> Iterator[dict[int, Offering]]:
    """Open the act's transaction and yield the locked offerings by their primary keys, read after the lock.

    Raises:
        BusyError: the lock was not free in time.
        NoPlaceError: one of them is not there.
    """
    try:
        with transaction.atomic():
            _wait_no_longer()
            _lock_cases(cases_of)
            rows = Offering.objects.select_for_update().filter(pk__in=keys).order_by("pk")
            found = {row.pk: row for row in rows}
            if len(found) != len(set(keys)):
                raise NoPlaceError(_("This is no longer there."))
            failpoint("seats.locked")
            yield found
            failpoint("seats.before_commit")
    except OperationalError as error:
        if _is_timeout(error):
            text = _("Many people are signing up at this moment. Nothing was changed: try again in a minute.")
            raise BusyError(text) from error
        raise
    failpoint("seats.after_commit")


def _wait_no_longer() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


def _lock_cases(sign_ups: Iterable[SignUp]) -> None:
    """Lock the open cases: a sign-up has one from its beginning or never, so looking before the lock is safe."""
    if keys := [sign_up.pk for sign_up in sign_ups]:
        kind = ContentType.objects.get_for_model(SignUp)
        list(Case.objects.open().filter(content_type=kind, object_id__in=keys).order_by("pk").locked())


def _is_timeout(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") == _LOCK_NOT_AVAILABLE or "database is locked" in str(error)
