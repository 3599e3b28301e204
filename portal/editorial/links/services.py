"""Want addresses looked at, and look at those that wait. What is known is kept; no request waits for another site."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from portal.editorial.links.looking import Look, look_at
from portal.editorial.links.models import CheckedLink, CheckedLinkQuerySet, LinkStatus, url_key

# Of one round: mails wait for the worker meanwhile.
BUDGET = 20.0
AT_ONCE = 4
OF_A_HOST = 5
# Between two questions to the same host.
PAUSE = 1.0
LEASE = dt.timedelta(minutes=5)
# Looked at again from time to time by whoever asks; forgotten when nobody has asked for so long.
KEEP = dt.timedelta(days=400)


@transaction.atomic
def links_want(*, urls: Iterable[str], at: dt.datetime, max_age: dt.timedelta) -> dict[str, CheckedLink]:
    """Return what is known of the addresses; what is unknown or too old is asked for and comes back as waiting."""
    wanted = {url_key(url): url for url in urls}
    unknown = set(wanted) - set(_rows(wanted).values_list("key", flat=True))
    # Two submissions may ask for the same address at once: one of the two rows is enough.
    new = [CheckedLink.wanted(wanted[key], at) for key in sorted(unknown)]
    CheckedLink.objects.bulk_create(new, ignore_conflicts=True)
    stale = _rows(wanted).exclude(status=LinkStatus.WAITING).filter(checked_at__lt=at - max_age)
    stale.update(status=LinkStatus.WAITING, wanted_at=at, claimed_until=None)
    return {row.url: row for row in _rows(wanted)}


def _rows(wanted: Iterable[str]) -> CheckedLinkQuerySet:
    return CheckedLink.objects.filter(key__in=list(wanted))


def links_look(*, pause: float = PAUSE) -> int:
    """Look at the addresses that wait, as many as a round has time for; return how many.

    Each host is asked by one thread, one question at a time with a pause between; several hosts are asked side by side.
    """
    if not settings.LINK_CHECK:
        return 0
    until = time.monotonic() + BUDGET
    claimed = _claim(timezone.now())
    hosts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in claimed:
        hosts[link.host].append((link.pk, link.url))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        results = list(threads.map(lambda links: _ask(links, pause, until), hosts.values()))
    looks = {pk: look for found in results for pk, look in found.items()}
    _keep(looks)
    _release({link.pk for link in claimed} - looks.keys())
    return len(looks)


@transaction.atomic
def _claim(now: dt.datetime) -> list[CheckedLink]:
    """Take some of what waits, a few of each host; a second worker takes others, and a dead one's come free again."""
    skip = connection.features.has_select_for_update_skip_locked
    waiting = CheckedLink.objects.to_look_at(now).select_for_update(skip_locked=skip)
    busy = set(CheckedLink.objects.filter(claimed_until__gte=now).values_list("host", flat=True))
    taken: dict[str, list[CheckedLink]] = defaultdict(list)
    for link in waiting[: 10 * AT_ONCE * OF_A_HOST]:
        if link.host not in busy and len(taken[link.host]) < OF_A_HOST and len(taken) <= AT_ONCE * 2:
            taken[link.host].append(link)
    claimed = [link for links in taken.values() for link in links]
    CheckedLink.objects.filter(pk__in=[link.pk for link in claimed]).update(claimed_until=now + LEASE)
    return claimed


def _ask(links: list[tuple[int, str]], pause: float, until: float) -> dict[int, Look]:
    """Ask one host. Runs in a thread of its own, so it touches no database."""
    found: dict[int, Look] = {}
    for number, (pk, url) in enumerate(links):
        if time.monotonic() >= until:
            break
        if number:
            time.sleep(pause)
        found[pk] = look_at(url)
    return found


def _keep(looks: dict[int, Look]) -> None:
    now = timezone.now()
    for pk, look in looks.items():
        CheckedLink.objects.filter(pk=pk).update(
            status=look.status, code=look.code, problem=look.problem, checked_at=now, claimed_until=None
        )


def _release(keys: set[int]) -> None:
    CheckedLink.objects.filter(pk__in=keys).update(claimed_until=None)


def links_forget() -> None:
    """Delete what nobody has asked about for a long time."""
    before = timezone.now() - KEEP
    CheckedLink.objects.filter(Q(checked_at__lt=before) | Q(checked_at=None, wanted_at__lt=before)).delete()
