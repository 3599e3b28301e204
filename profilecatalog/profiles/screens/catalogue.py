"""The list of competences: under their areas while they are few, the beginning of each area and a search when they are many.

An outside catalogue can bring 17,000 of them; nobody reads a page of those, and no browser draws it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext

from portal.core.principal import Principal
from portal.core.sorting import danish_key
from portal.core.visibility import asker
from profilecatalog.profiles.enums import CompetenceKind
from profilecatalog.profiles.models import Competence, CompetenceArea, CompetenceIndexPage
from profilecatalog.profiles.screens.competence import counts_of_use
from search.api import SearchQuery, search

# Up to here all stand on one page.
MOST_AT_ONCE = 300
FIRST_OF_AREA = 12
PER_PAGE = 60


@dataclass(frozen=True)
class CompetenceEntry:
    """A competence in the list."""

    name: str
    url: str
    text: str
    meta: str


@dataclass(frozen=True)
class AreaEntry:
    """An area with its competences, or the first of them and the way to all."""

    title: str
    anchor: str
    description: str
    competences: tuple[CompetenceEntry, ...]
    count: int
    all_url: str = ""


@dataclass(frozen=True)
class CompetenceListScreen:
    """The list of competences; with `text` what was found, otherwise areas. `page` is there when it can be turned over."""

    action: str
    areas: tuple[AreaEntry, ...] = ()
    text: str = ""
    found: tuple[CompetenceEntry, ...] = ()
    total: int = 0
    page: Page[Any] | None = None
    # One area was chosen: the way back to all of them stands beside it.
    of_one_area: bool = False


def competence_list(page: CompetenceIndexPage, request: HttpRequest) -> CompetenceListScreen:
    """Return the published competences; at most six queries and a bounded number of rows, whatever there is."""
    text = request.GET.get("q", "")[:200].strip()
    if text:
        return _found(page, request, text)
    area = CompetenceArea.objects.filter(key=request.GET["omraade"][:100]).first() if "omraade" in request.GET else None
    return _of_area(page, request, area) if area is not None else _by_area(page, request)


def _found(page: CompetenceIndexPage, request: HttpRequest, text: str) -> CompetenceListScreen:
    principal: Principal = asker(request)
    query = SearchQuery(
        text=text.replace("\x00", " "),
        kinds=("competence",),
        page=_number(request),
        principal=principal,
        language=get_language() or "da",
        page_size=PER_PAGE,
        with_help=False,
    )
    result = search(query)
    entries = (
        CompetenceEntry(hit.title_text, hit.url, "".join(part.text for part in hit.excerpt), "") for hit in result.hits
    )
    turned = Paginator(range(result.total), PER_PAGE).get_page(result.page)
    action = page.get_url(request) or ""
    return CompetenceListScreen(action, text=text, found=tuple(entries), total=result.total, page=turned)


def _of_area(page: CompetenceIndexPage, request: HttpRequest, area: CompetenceArea) -> CompetenceListScreen:
    turned = Paginator(_live().filter(area=area).order_by("name", "pk"), PER_PAGE).get_page(_number(request))
    entries = _entries(page, request, turned.object_list)
    action = page.get_url(request) or ""
    shown = AreaEntry(area.name, area.key, area.description, entries, turned.paginator.count)
    return CompetenceListScreen(action, (shown,), page=turned, of_one_area=True)


def _by_area(page: CompetenceIndexPage, request: HttpRequest) -> CompetenceListScreen:
    action = page.get_url(request) or ""
    counts = Counter(dict(_live().order_by().values_list("area_id").annotate(Count("pk"))))
    some: Any = _live()
    if counts.total() > MOST_AT_ONCE:
        place = Window(RowNumber(), partition_by=F("area_id"), order_by=["name", "pk"])
        some = some.annotate(place=place).filter(place__lte=FIRST_OF_AREA)
    rows: dict[CompetenceArea, list[Competence]] = {}
    for competence in some.by_area():
        rows.setdefault(competence.area, []).append(competence)
    entries = _by_key(page, request, [one for few in rows.values() for one in few])
    areas = (
        AreaEntry(
            area.name,
            area.key,
            area.description,
            tuple(sorted((entries[one.pk] for one in few), key=lambda entry: danish_key(entry.name))),
            counts[area.pk],
            f"{action}?{urlencode({'omraade': area.key})}" if counts[area.pk] > len(few) else "",
        )
        for area, few in rows.items()
    )
    return CompetenceListScreen(action, tuple(areas))


def _live() -> Any:
    return Competence.objects.live().select_related("area")


def _entries(
    page: CompetenceIndexPage, request: HttpRequest, rows: Iterable[Competence]
) -> tuple[CompetenceEntry, ...]:
    return tuple(_by_key(page, request, list(rows)).values())


def _by_key(page: CompetenceIndexPage, request: HttpRequest, rows: list[Competence]) -> dict[int, CompetenceEntry]:
    base, used = page.get_url(request) or "", counts_of_use(asker(request))
    return {
        one.pk: CompetenceEntry(
            one.name,
            f"{base}{page.reverse_subpage('competence', args=[one.slug])}",
            one.description,
            _use(str(CompetenceKind(one.kind).label), used.get(one.pk, 0)),
        )
        for one in rows
    }


def _use(kind: str, number: int) -> str:
    if not number:
        return kind
    used = ngettext("in %(count)s profile", "in %(count)s profiles", number) % {"count": number}
    return f"{kind} · {used}"


def _number(request: HttpRequest) -> int:
    try:
        return max(1, int(request.GET.get("side", "")[:12]))
    except ValueError:
        return 1
