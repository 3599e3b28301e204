"""What people looked for and did not find, for editors: by week and together, with a way on from each line."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from search.editing.bars import Bars, bars
from search.editing.viewsets import may_see_usage
from search.models import Promotion, Synonym
from search.usage.selectors import Asked, Week, most_asked, most_missed, weeks_of
from search.usage.storing import THRESHOLD, WEEKS_KEPT

_SPANS = (4, 12, WEEKS_KEPT)


@dataclass(frozen=True, slots=True)
class Line:
    """A search with the ways on from it; an address is empty where she may not go."""

    asked: Asked
    result_url: str
    synonym_url: str
    promotion_url: str


@dataclass(frozen=True, slots=True)
class Span:
    """A choice of how far back to look."""

    weeks: int
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class UsageScreen:
    """The page."""

    spans: tuple[Span, ...]
    weeks: tuple[Week, ...]
    chart: Bars
    # The one week that is looked at; None for all of the span together.
    week: Week | None
    missed: tuple[Line, ...]
    asked: tuple[Line, ...]
    times: int
    misses: int
    threshold: int = THRESHOLD


class UsageView(WagtailAdminTemplateMixin, View):
    """What people looked for."""

    template_name = "search/admin/usage.html"
    page_title = gettext_lazy("What people looked for")
    header_icon = "search"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep out whoever may not read it."""
        if not may_see_usage(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Say where she is."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the span of weeks, or the week, that the address names."""
        screen = usage_screen(request.user, span=_number(request.GET.get("uger")), monday=_day(request.GET.get("uge")))
        return self.render_to_response(self.get_context_data(screen=screen))


def usage_screen(user: Any, *, span: int, monday: date | None) -> UsageScreen:
    """Return the page for somebody; a span or a week that there is not shows the shortest span."""
    chosen = span if span in _SPANS else _SPANS[0]
    weeks = weeks_of(chosen)
    week = next((one for one in weeks if one.monday == monday), None)
    shown = (week,) if week else weeks
    since, until = shown[0].monday, shown[-1].monday
    return UsageScreen(
        spans=tuple(Span(number, _span_label(number), number == chosen) for number in _SPANS),
        weeks=weeks[::-1],
        chart=bars([(one.times, one.misses) for one in weeks], [str(one.number) for one in weeks]),
        week=week,
        missed=_lines(user, most_missed(since, until)),
        asked=_lines(user, most_asked(since, until)),
        times=sum(one.times for one in shown),
        misses=sum(one.misses for one in shown),
    )


def _span_label(weeks: int) -> str:
    return _("One year") if weeks == WEEKS_KEPT else _("%(weeks)s weeks") % {"weeks": weeks}


def _lines(user: Any, found: tuple[Asked, ...]) -> tuple[Line, ...]:
    synonym, promotion = (_add_url(user, model) for model in (Synonym, Promotion))
    result = reverse("search:search")
    return tuple(
        Line(
            asked=asked,
            result_url=f"{result}?{urlencode({'q': asked.text})}",
            synonym_url=f"{synonym}?{urlencode({'words': asked.text})}" if synonym else "",
            promotion_url=f"{promotion}?{urlencode({'words': asked.text})}" if promotion else "",
        )
        for asked in found
    )


def _add_url(user: Any, model: type[Synonym] | type[Promotion]) -> str:
    if not user.has_perm(f"search.add_{model._meta.model_name}"):
        return ""
    return reverse(model.snippet_viewset.get_url_name("add"))  # type: ignore[union-attr]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat((text or "")[:10])
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
        return None
