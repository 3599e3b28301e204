"""Calendar files: a feed to subscribe to, a meeting, and one of its times. They are read by machines and always Danish."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import ics
from events.models import Occurrence
from events.selectors.filtering import filter_data, filter_form, narrowed
from portal.core.local_time import local_day
from portal.core.principal import ANONYMOUS

# A subscriber keeps what was; without this a calendar would lose last week's meeting, and its cancellation.
LOOK_BACK = dt.timedelta(days=90)
MAX_AGE = 900


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Answer a subscription, narrowed as the list is; a choice that makes no sense is an error, never a wider calendar."""
    now = timezone.now()
    today = local_day(now)
    with translation.override("da"):
        data = filter_data(today, ANONYMOUS)
        form = filter_form(request.GET, request.path, data, today)
        if not form.is_valid():
            wrong = "\n".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
            return HttpResponse(wrong, status=400, content_type="text/plain; charset=utf-8")
        found = narrowed(form, data).not_over(now - LOOK_BACK).for_list().in_order()
        name = " – ".join([_("Meetings"), *(choice.label for choice in form.active)])
        return _answer(request, list(found), name)


@require_safe
def event_calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """Answer with all times of one meeting.

    Raises:
        Http404: there is no such public meeting, or it has no time.
    """
    found = list(_public().filter(event__translation_key=key).in_order())
    if not found:
        raise Http404
    with translation.override("da"):
        return _answer(request, found, found[0].event.title, filename=found[0].event.slug)


@require_safe
def occurrence_calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """Answer with one time of a meeting.

    Raises:
        Http404: there is no such public time.
    """
    found = list(_public().filter(uuid=key))
    if not found:
        raise Http404
    with translation.override("da"):
        return _answer(request, found, found[0].event.title, filename=found[0].event.slug)


def _public() -> Any:
    return Occurrence.objects.visible_to(ANONYMOUS).for_list()


def _answer(request: HttpRequest, occurrences: Sequence[Occurrence], name: str, filename: str = "") -> HttpResponse:
    body = ics.calendar_bytes(occurrences, request, name=name)
    response = HttpResponse(body, content_type=ics.CONTENT_TYPE)
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    if filename:
        response["Content-Disposition"] = f'attachment; filename="{filename}.ics"'
    # The body is made either way; what a 304 saves is the subscriber's transfer, many times a day.
    return get_conditional_response(request, etag, None, response) or response
