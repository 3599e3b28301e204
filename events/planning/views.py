"""The screens of series in Wagtail's admin. Each act is shown before it is done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from events.models import Occurrence, Series
from events.planning.dates import months_without
from events.planning.forms import ExtraForm, LastDayForm, SeriesForm
from events.planning.pattern import clock_of, clock_of_series, pattern_of
from events.planning.selectors import planned_text, rule_text, series_screen
from events.planning.series import (
    PlannedDay,
    SeriesError,
    longer_days,
    planned,
    rule_days,
    series_extra,
    series_follow,
    series_make,
    series_prolong,
    who_follows,
)
from events.services import occurrence_spec
from portal.core.errors import RefusedError
from portal.core.formats import period

AT_ONCE = 50


class SeriesView(WagtailAdminTemplateMixin, View):
    """A screen below "Series of meetings", for whoever may change meeting times."""

    header_icon = "calendar"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep out whoever may not."""
        if not request.user.has_perms(["events.add_occurrence", "events.change_occurrence"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        crumbs = [*self.breadcrumbs_items, {"url": reverse("series_admin:index"), "label": _("Series of meetings")}]
        title = self.get_page_title()
        return crumbs if isinstance(self, IndexView) else [*crumbs, {"url": "", "label": title}]

    def draw(self, status: int = 200, **context: Any) -> HttpResponse:
        """Draw the screen."""
        return self.render_to_response(self.get_context_data(**context), status=status)


class IndexView(SeriesView):
    """All series, the latest first."""

    template_name = "events/admin/series_list.html"
    page_title = gettext_lazy("Series of meetings")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        found = Series.objects.select_related("event").order_by("-last_day", "-pk")
        page = Paginator(found, AT_ONCE).get_page(request.GET.get("p"))
        return self.draw(rows=[(series, rule_text(series)) for series in page.object_list], page_of=page)


def _preview(plan: list[PlannedDay]) -> list[tuple[Any, str, str]]:
    return [(row.day, planned_text(row.spec) if row.spec else "", row.problem) for row in plan]


def _tell(form: forms.Form, error: ValidationError | RefusedError) -> None:
    """Put what was refused at its field, or above the form."""
    if isinstance(error, RefusedError):
        form.add_error(None, str(error))
        return
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in told.items():
        form.add_error(name if name in form.fields else None, texts)


class MakeView(SeriesView):
    """Make a series of a time: the rule, then its days, then the button."""

    template_name = "events/admin/series_make.html"
    page_title = gettext_lazy("Make a series")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the rule."""
        form = SeriesForm(initial={"frequency": "weekly", "every": 1})
        return self.draw(occurrence=_time(pk), form=form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the days, or make them."""
        occurrence, form = _time(pk), SeriesForm(request.POST)
        if not form.is_valid():
            return self.draw(occurrence=occurrence, form=form, status=400)
        try:
            if "make" not in request.POST:
                return self.draw(occurrence=occurrence, form=form, **self._days(occurrence, form.cleaned_data))
            series = series_make(actor=request.user, occurrence=occurrence, **form.cleaned_data)
        except (ValidationError, SeriesError) as error:
            _tell(form, error)
            return self.draw(occurrence=occurrence, form=form, status=400)
        count = series.occurrences.count()
        text = ngettext("The series has %(count)s date.", "The series has %(count)s dates.", count)
        messages.success(request, text % {"count": count})
        return redirect("series_admin:series", series.pk)

    @staticmethod
    def _days(occurrence: Occurrence, rule: dict[str, Any]) -> dict[str, Any]:
        if occurrence.series_id is not None:
            raise SeriesError(_("This time belongs to a series already. Make that one longer instead."))
        spec, first = occurrence_spec(occurrence), occurrence.day
        names = {"frequency": rule["frequency"], "every": rule["every"], "first": first}
        days = rule_days(**names, last=rule["last_day"])
        plan = planned(pattern_of(spec), clock_of(spec), days)
        skipped = months_without(**names, last=rule["last_day"])
        return {"plan": _preview(plan), "blocked": any(row.problem for row in plan), "skipped": skipped}


class DetailView(SeriesView):
    """A series with its times; make it longer, or add a date outside the rule."""

    template_name = "events/admin/series.html"
    page_title = gettext_lazy("Series of meetings")

    def get_page_subtitle(self) -> str:
        """Name the meeting."""
        return str(self.series.event.title)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        self.series = _series(pk)
        return self._page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it longer, after a look at the new days, or add an extra date."""
        self.series = _series(pk)
        return self._extra(request) if "extra" in request.POST else self._longer(request)

    def _longer(self, request: HttpRequest) -> HttpResponse:
        form = LastDayForm(request.POST)
        if not form.is_valid():
            return self._page(longer=form, status=400)
        last = form.cleaned_data["last_day"]
        try:
            if "make" not in request.POST:
                plan = planned(self.series.pattern, clock_of_series(self.series), longer_days(self.series, last))
                return self._page(longer=form, plan=_preview(plan), blocked=any(row.problem for row in plan))
            made = series_prolong(actor=request.user, series=self.series, last_day=last)
        except ValidationError as error:
            _tell(form, error)
            return self._page(longer=form, status=400)
        text = ngettext("%(count)s date is added.", "%(count)s dates are added.", len(made))
        messages.success(request, text % {"count": len(made)})
        return redirect("series_admin:series", self.series.pk)

    def _extra(self, request: HttpRequest) -> HttpResponse:
        form = ExtraForm(request.POST)
        if form.is_valid():
            try:
                made = series_extra(actor=request.user, series=self.series, **form.cleaned_data)
            except ValidationError as error:
                _tell(form, error)
            else:
                messages.success(request, _("Added: %(time)s") % {"time": period(made.starts_at, made.ends_at)})
                return redirect("series_admin:series", self.series.pk)
        return self._page(extra=form, status=400)

    def _page(self, status: int = 200, **context: Any) -> HttpResponse:
        shown = {"longer": LastDayForm(), "extra": ExtraForm(clock=self.series.clock), **context}
        return self.draw(status, screen=series_screen(self.series), **shown)


class FollowView(SeriesView):
    """Let the later times of a series follow one that was changed."""

    template_name = "events/admin/series_follow.html"
    page_title = gettext_lazy("Let the later dates follow")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show which would."""
        return self._page(_time(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let them."""
        occurrence = _time(pk)
        try:
            followed = series_follow(actor=request.user, occurrence=occurrence)
        except RefusedError as error:
            return self._page(occurrence, problem=str(error), status=400)
        except ValidationError as error:
            return self._page(occurrence, problem=" ".join(error.messages), status=400)
        count = len(followed.changed)
        text = ngettext("%(count)s later date follows now.", "%(count)s later dates follow now.", count)
        messages.success(request, text % {"count": count})
        return redirect("series_admin:series", occurrence.series_id)

    def _page(self, occurrence: Occurrence, *, problem: str = "", status: int = 200) -> HttpResponse:
        followed = who_follows(occurrence)
        return self.draw(status, occurrence=occurrence, followed=followed, problem=problem)


def _time(pk: int) -> Occurrence:
    return get_object_or_404(
        Occurrence.objects.select_related("event", "offering", "municipality", "region", "series"), pk=pk
    )


def _series(pk: int) -> Series:
    return get_object_or_404(Series.objects.select_related("event"), pk=pk)
