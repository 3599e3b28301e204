"""The meetings as an Atom feed (RFC 4287), narrowed as the list is. It is read by machines and always Danish.

An entry keeps its identity for ever, and is newer when its meeting or its page has been changed: readers show it again
then, which is what a new time deserves.
"""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.ics import clean, one_line
from events.models import Occurrence
from events.selectors.filtering import filter_data, filter_form, narrowed
from events.selectors.rows import list_url
from portal.core.atom import PortalFeed, feed_response, identity
from portal.core.formats import period
from portal.core.local_time import local_day
from portal.core.principal import ANONYMOUS

_MOST = 100


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Answer with the meetings to come; a choice that makes no sense is an error, never a wider feed."""
    now = timezone.now()
    today = local_day(now)
    with translation.override("da"):
        data = filter_data(today, ANONYMOUS)
        form = filter_form(request.GET, request.path, data, today)
        if not form.is_valid():
            wrong = "\n".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
            return HttpResponse(wrong, status=400, content_type="text/plain; charset=utf-8")
        found = list(narrowed(form, data).not_over(now).for_list().in_order()[:_MOST])
        title = " – ".join([_("Meetings"), *(choice.label for choice in form.active)])
        return feed_response(request, _feed(request, found, title))


def updated(occurrence: Occurrence) -> dt.datetime:
    """Return when the meeting's time or its page was last changed."""
    moments = (occurrence.changed_at, occurrence.event.last_published_at)
    return max(moment for moment in moments if moment is not None).replace(microsecond=0)


def _feed(request: HttpRequest, found: list[Occurrence], title: str) -> Atom1Feed:
    feed = PortalFeed(
        title=one_line(title),
        link=request.build_absolute_uri(list_url(request) or "/"),
        feed_url=request.build_absolute_uri(request.get_full_path()),
        description="",
        language="da",
        author_name="Kompetenceportalen",
        feed_guid=identity(f"moeder?{request.GET.urlencode()}"),
    )
    for occurrence in sorted(found, key=lambda row: (updated(row), row.pk), reverse=True):
        _add(feed, occurrence, request)
    return feed


def _add(feed: Atom1Feed, occurrence: Occurrence, request: HttpRequest) -> None:
    page = occurrence.event
    status = _("Cancelled: %(title)s") % {"title": page.title} if occurrence.cancelled else page.title
    facts = [period(occurrence.starts_at, occurrence.ends_at), occurrence.where]
    said = [occurrence.cancel_reason, page.lead]
    feed.add_item(
        title=one_line(status),
        link=page.get_full_url(request) or request.build_absolute_uri("/"),
        description=clean("\n\n".join(part for part in (". ".join(filter(None, facts)), *said) if part)),
        unique_id=f"urn:uuid:{occurrence.uuid}",
        updateddate=updated(occurrence),
        categories=[str(page.get_kind_display())],
    )
