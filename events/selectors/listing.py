"""The list of meetings: rows by month or a calendar, the map, and the ways to narrow them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.paginator import Page as ResultPage
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from events.forms import CALENDAR, LIST, EventFilterForm
from events.models import Occurrence
from events.selectors import calendar, nearness
from events.selectors.filtering import (
    FEED_NAMES,
    FilterData,
    filter_data,
    filter_form,
    in_chosen_period,
    narrowed,
    path_of,
)
from events.selectors.rows import EventRow, rows
from portal.core.figures.tile_map import Place
from portal.core.local_time import local_day
from portal.core.visibility import asker

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class MonthOfRows:
    """The rows of one month or, where the nearest come first, of one distance."""

    title: str
    rows: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True)
class EventList:
    """Everything on the list's page; `month` is set in the calendar view, `result` and `months` in the list view."""

    form: EventFilterForm
    count: int
    months: tuple[MonthOfRows, ...]
    result: ResultPage[Occurrence] | None
    month: calendar.Month | None
    places: tuple[Place, ...]
    chosen_municipality: str
    path: str
    list_url: str
    calendar_url: str
    clear_url: str
    feed_url: str
    atom_url: str
    news_url: str


def event_list(page: Any, request: HttpRequest, now: dt.datetime) -> EventList:
    """Return the page that the address asks for."""
    today = local_day(now)
    data = filter_data(today, asker(request))
    path = path_of(page, request)
    form = filter_form(request.GET, path, data, today)
    found = in_chosen_period(narrowed(form, data), form, now)
    month = _month(form, data, request, now) if form.as_calendar else None
    ordered = _in_order(found.for_list(), form)
    result = None if month else Paginator(ordered, PER_PAGE).get_page(request.GET.get("side"))
    query = form.query(FEED_NAMES)
    return EventList(
        form=form,
        count=month.count if month else result.paginator.count if result else 0,
        months=_grouped(result, form, data, request, now) if result else (),
        result=result,
        month=month,
        places=_places(form, data, now),
        chosen_municipality=form.chosen.get("kommune", ""),
        path=path,
        list_url=form.address(vis=None, maaned=None),
        calendar_url=form.address(vis=CALENDAR),
        clear_url=f"{path}?vis={CALENDAR}" if month else path,
        feed_url=_with(reverse("events:feed"), query),
        atom_url=_with(reverse("events:atom"), query),
        news_url=_with(reverse("news:subscribe"), query),
    )


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _in_order(found: Any, form: EventFilterForm) -> Any:
    near = form.chosen.get("naer")
    return found.nearest_to(nearness.ranks(near), nearness.REST) if near else found.in_order()


def _grouped(
    result: Any, form: EventFilterForm, data: FilterData, request: HttpRequest, now: dt.datetime
) -> tuple[MonthOfRows, ...]:
    near = form.chosen.get("naer")
    return _by_nearness(result, data.municipality_name(near), request, now) if near else _by_month(result, request, now)


def _by_nearness(
    occurrences: Iterable[Any], name: str, request: HttpRequest, now: dt.datetime
) -> tuple[MonthOfRows, ...]:
    found = list(occurrences)
    shown = zip((nearness.group_title(row.rank, name) for row in found), rows(found, request, now), strict=True)
    return tuple(
        MonthOfRows(title, tuple(row for _title, row in group)) for title, group in groupby(shown, key=itemgetter(0))
    )


def _by_month(occurrences: Iterable[Occurrence], request: HttpRequest, now: dt.datetime) -> tuple[MonthOfRows, ...]:
    def first_of(row: EventRow) -> dt.date:
        return local_day(row.starts_at).replace(day=1)

    return tuple(
        MonthOfRows(calendar.month_title(first), tuple(group))
        for first, group in groupby(rows(occurrences, request, now), key=first_of)
    )


def _month(form: EventFilterForm, data: FilterData, request: HttpRequest, now: dt.datetime) -> calendar.Month:
    """Return the chosen month, or this one, with all that touches it: a calendar also shows what was."""
    first = form.month or local_day(now).replace(day=1)
    found = narrowed(form, data).touching(first, calendar.last_day(first))
    found = found.touching(form.chosen.get("fra"), form.chosen.get("til"))
    return calendar.month(first, found.for_list().in_order(), form, request)


def _places(form: EventFilterForm, data: FilterData, now: dt.datetime) -> tuple[Place, ...]:
    """Return all municipalities with the number of meetings that the other choices leave there."""
    found = in_chosen_period(narrowed(form, data, skip="kommune"), form, now).going_ahead()
    counted = Occurrence.objects.filter(pk__in=found.values("pk"), municipality__isnull=False).order_by()
    counts = dict(counted.values_list("municipality__code").annotate(Count("pk")))
    return tuple(
        Place(
            code=municipality.code,
            name=municipality.name,
            region=group.region.name,
            count=counts.get(municipality.code, 0),
            url=form.address(kommune=municipality.code, vis=None, maaned=None),
        )
        for group in data.groups
        for municipality in group.municipalities
    )


__all__ = ["CALENDAR", "LIST", "EventList", "event_list"]
