"""The mail to subscribers: at most one a day for each address, with what is new to it, and none when nothing is."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.letters.content import Content, Link, page_url, when
from events.models import News, Occurrence, Subscription
from events.news.scopes import label, meetings_of
from events.news.seals import leave_url
from events.news.services import send
from portal.core import periodic
from portal.core.local_time import local_day
from portal.core.mail import TOPIC as MAIL
from portal.core.models.outbox import OutboxMessage

# Nobody's telephone should hum at night.
FROM_HOUR = 7
_MOST = 30
Found = dict[tuple[str, str], list[Occurrence]]


def register() -> None:
    """Let the worker look for news."""
    periodic.register("events.news", dt.timedelta(minutes=30), send_news)


def send_news() -> None:
    """Write to each address that has something new to hear, each in a transaction of its own."""
    now = timezone.now()
    if timezone.localtime(now, timezone.get_default_timezone()).hour < FROM_HOUR:
        return
    confirmed = Subscription.objects.filter(confirmed_at__isnull=False)
    # Whoever subscribes to the same thing hears of the same meetings: each choice is looked up once.
    found: Found = {}
    for email in confirmed.order_by("email").values_list("email", flat=True).distinct():
        _write(email, found, now)


@transaction.atomic
def _write(email: str, found: Found, now: dt.datetime) -> None:
    rows = list(Subscription.objects.select_for_update().filter(email=email, confirmed_at__isnull=False).order_by("pk"))
    key = f"news:{_name(email)}:{local_day(now).isoformat()}"
    if not rows or OutboxMessage.objects.filter(topic=MAIL, key=key).exists():
        return
    fresh = _fresh(rows, found, now)
    if not fresh:
        return
    News.objects.bulk_create(
        [News(subscription=row, occurrence=meeting) for meeting, told in fresh.items() for row in told],
        ignore_conflicts=True,
    )
    leave = leave_url(rows)
    with translation.override(rows[0].language):
        send(email=email, content=_content(rows, list(fresh), leave), key=key, leave=leave)


def _name(email: str) -> str:
    """Return a name for the address that tells nobody what it is: keys stand in lists and logs."""
    return salted_hmac("events.news", email).hexdigest()[:32]


def _fresh(rows: list[Subscription], found: Found, now: dt.datetime) -> dict[Occurrence, list[Subscription]]:
    """Return what is new, each meeting once, with the subscriptions that it belongs to."""
    fresh: dict[Occurrence, list[Subscription]] = {}
    for row in rows:
        told = set(News.objects.filter(subscription=row).values_list("occurrence", flat=True))
        for meeting in _meetings(row, found, now):
            if meeting.pk not in told:
                fresh.setdefault(meeting, []).append(row)
    return dict(sorted(fresh.items(), key=lambda item: (item[0].starts_at, item[0].pk)))


def _meetings(row: Subscription, found: Found, now: dt.datetime) -> list[Occurrence]:
    choice = (row.scope, row.scope_key)
    if choice not in found:
        rows: Any = meetings_of(row.scope, row.scope_key, now)
        found[choice] = list(rows.for_list().in_order())
    return found[choice]


def _content(rows: list[Subscription], meetings: list[Occurrence], leave: str) -> Content:
    count = len(meetings)
    shown, more = meetings[:_MOST], count - _MOST
    after = [_("You get this mail because you hear about: %(about)s.") % {"about": _about(rows)}]
    if more > 0:
        text = ngettext("%(count)s more meeting is in the list.", "%(count)s more meetings are in the list.", more)
        after.insert(0, text % {"count": more})
    subject = ngettext("%(count)s new meeting", "%(count)s new meetings", count) % {"count": count}
    return Content(
        subject=subject if count > 1 else _("New meeting: %(title)s") % {"title": meetings[0].event.title},
        said=(_("There is news of meetings. You hear of each of them once."),),
        list_title=_("New meetings:"),
        items=tuple(_line(meeting) for meeting in shown),
        after=tuple(after),
        links=(Link(_("End the subscription"), leave),),
    )


def _line(meeting: Occurrence) -> str:
    parts = [f"{meeting.event.get_kind_display()}: {meeting.event.title}", when(meeting), meeting.where]
    text = ", ".join(part for part in parts if part)
    url = page_url(meeting)
    return f"{text}: {url}" if url else text


def _about(rows: list[Subscription]) -> str:
    return ", ".join(label(row.scope, row.scope_key) for row in rows)
