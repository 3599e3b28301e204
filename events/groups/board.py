"""One list for two screens: a municipality's at its own page, and a manager's."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from events.groups import lists
from events.selectors.rows import list_url

PAGE = 50


@dataclass(frozen=True, slots=True)
class Board:
    """What both screens draw; the templates are `events/groups/parts/board.html` and what stands around it."""

    form: lists.PeopleFilter
    page: Any
    groups: list[lists.MeetingGroup]
    total: int
    past: bool
    here: str
    other_time_url: str
    list_url: str


def board(scope: lists.Scope, request: HttpRequest, *, path: str) -> Board:
    """Gather a page of the list; in a fixed number of queries."""
    form, rows = _asked(scope, request, path, timezone.now())
    page = Paginator(rows, PAGE).get_page(request.GET.get("side"))
    past = form.chosen.get("tid") == lists.PAST
    return Board(
        form=form,
        page=page,
        groups=lists.groups_of(page, scope, request),
        total=page.paginator.count,
        past=past,
        here=f"{path}?tid={lists.PAST}" if past else path,
        other_time_url=path if past else f"{path}?tid={lists.PAST}",
        list_url=list_url(request),
    )


def board_file(scope: lists.Scope, request: HttpRequest, *, path: str, name: str, title: str) -> HttpResponse:
    """Return everybody who fits as a file.

    Raises:
        Http404: there is no file of that kind.
    """
    kind = request.POST.get("file", "")
    if kind not in lists.FILES:
        raise Http404(kind)
    _form, rows = _asked(scope, request, path, timezone.now())
    content = lists.people_file(lists.groups_of(rows, scope, request), kind, title)
    filename = f"{name}-{timezone.localdate().isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=lists.FILES[kind], headers=headers)


def _asked(scope: lists.Scope, request: HttpRequest, path: str, now: dt.datetime) -> tuple[lists.PeopleFilter, Any]:
    places = lists.in_time(scope, request.GET.get("tid", ""), now)
    form = lists.PeopleFilter(request.GET, units=scope.units.values(), meetings=lists.meetings_of(places), path=path)
    return form, lists.narrowed(places, form.chosen, scope)
