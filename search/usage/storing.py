"""Write counts so that a rare search cannot be read by anybody, and a frequent one says nothing about anybody."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.core.failpoints import failpoint
from search.models import QueryCount, RareQuery, UsageWeek
from search.usage.counting import Tally

# A search is kept by its words when it has been made in so many different minutes of one week.
THRESHOLD: Final = 5
WEEKS_KEPT: Final = 52
# Digests of one week: somebody who makes up words without end must not fill the database.
MOST_RARE: Final = 20_000


def this_week() -> date:
    """Return the Monday of the week that it is in Denmark."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    return today - timedelta(days=today.weekday())


@transaction.atomic
def store(batch: Mapping[str, Tally]) -> None:
    """Add a batch: frequent searches to their words, the others to digests, which become words at the threshold."""
    monday = this_week()
    week = _locked_week(monday)
    # Always in the same order, so that the lock above is the only one that anybody waits for.
    frequent = set(QueryCount.objects.filter(week=monday, text__in=batch).values_list("text", flat=True))
    for text in sorted(frequent):
        _add(QueryCount.objects.filter(week=monday, text=text), batch[text])
    _store_rare(week, {text: tally for text, tally in batch.items() if text not in frequent})


def _locked_week(monday: date) -> UsageWeek:
    """Return this week's row, locked; the first of a week takes the last week's digests and their salt away."""
    _row, is_new = UsageWeek.objects.get_or_create(week=monday, defaults={"salt": secrets.token_hex(32)})
    if is_new:
        UsageWeek.objects.filter(week__lt=monday).delete()
    return UsageWeek.objects.select_for_update().get(week=monday)


def _store_rare(week: UsageWeek, batch: Mapping[str, Tally]) -> None:
    digests = {_digest(week, text): text for text in batch}
    known = {row.digest: row for row in RareQuery.objects.filter(week=week, digest__in=digests)}
    failpoint("search.usage_read")
    room = MOST_RARE - RareQuery.objects.filter(week=week).count()
    frequent: list[tuple[str, RareQuery]] = []
    made: list[RareQuery] = []
    for digest, text in sorted(digests.items()):
        row, tally = known.get(digest) or RareQuery(week=week, digest=digest), batch[text]
        row.minutes |= 1 << tally.minute
        row.times, row.misses = row.times + tally.times, row.misses + tally.misses
        if row.minutes.bit_count() >= THRESHOLD:
            frequent.append((text, row))
        elif row.pk is None:
            made.append(row)
        else:
            row.save(update_fields=["minutes", "times", "misses"])
    RareQuery.objects.bulk_create(made[: max(0, room)])
    for text, row in frequent:
        QueryCount.objects.create(week=week.week, text=text, times=row.times, misses=row.misses)
    RareQuery.objects.filter(pk__in=[row.pk for _text, row in frequent]).delete()


def _add(rows: QuerySet[QueryCount], tally: Tally) -> None:
    rows.update(times=F("times") + tally.times, misses=F("misses") + tally.misses)


def _digest(week: UsageWeek, text: str) -> str:
    """Return the digest of a search: half of its key is in the environment, the other half is deleted with the week."""
    key = salted_hmac("search.usage", week.salt, secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def forget_old() -> None:
    """Delete the digests of weeks that are over, and the counts of those that are a year back."""
    monday = this_week()
    UsageWeek.objects.filter(week__lt=monday).delete()
    QueryCount.objects.filter(week__lte=monday - timedelta(weeks=WEEKS_KEPT)).delete()
