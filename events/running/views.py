"""The organiser's meetings, who comes to one of them, and the list as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.permissions import RUNNERS, is_over, waits_for_a_second_factor
from events.running.base import RunningView, to_second_factor
from events.running.exports import FORMATS, attendee_file
from events.running.meetings import meeting_rows, meetings, notes, seats_text
from events.running.people import asked, by_state, people, walk_ins
from portal.accounts.screens import SignedInView
from portal.core import audit
from portal.core.breadcrumbs import Crumb
from portal.core.local_time import local_day
from portal.seats.api import standing

PAGE = 30
PAST = "tidligere"


class MeetingsView(SignedInView):
    """All meetings that the asker runs."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw those to come, or the past; who runs none is told that there is no such page."""
        if self.principal.roles.isdisjoint(RUNNERS):
            if waits_for_a_second_factor(self.principal):
                return to_second_factor(request)
            raise Http404
        past = request.GET.get("vis") == PAST
        found = meetings(self.principal, now=timezone.now(), past=past)
        page = Paginator(found, PAGE).get_page(request.GET.get("side"))
        here = reverse("running:meetings")
        views = [
            {"title": _("To come"), "url": here, "current": not past},
            {"title": _("Past"), "url": f"{here}?vis={PAST}", "current": past},
        ]
        crumbs = [Crumb(_("Home"), "/"), Crumb(_("My meetings"))]
        context = {"page": page, "rows": meeting_rows(list(page)), "views": views, "past": past, "breadcrumbs": crumbs}
        return render(request, "events/running/meetings.html", context)


class PeopleView(RunningView):
    """Who comes to one meeting."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list, by state."""
        questions = asked(self.occurrence)
        lines = people(self.occurrence, questions, principal=self.principal)
        seats = standing(self.occurrence.offering)
        context: dict[str, Any] = {
            "groups": by_state(lines),
            "questions": questions,
            "walk_ins": walk_ins(self.occurrence),
            "standing": seats,
            "seats": seats_text(seats),
            "notes": notes(seats),
            "actions": [] if is_over(self.occurrence) or self.occurrence.cancelled else self._actions(),
            "exports": [(name.upper(), self.url("export", name)) for name in FORMATS] if lines else [],
        }
        return self.screen("events/running/people.html", context)

    def _actions(self) -> list[dict[str, str]]:
        return [
            {"url": self.url("add"), "text": _("Sign somebody up")},
            {"url": self.url("capacity"), "text": _("Change the number of seats")},
        ]


class ExportView(RunningView):
    """The list as a file to keep; who took it along is noted."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Send it.

        Raises:
            Http404: there is no such kind of file.
        """
        if kind not in FORMATS:
            raise Http404(kind)
        if request.method == "GET":
            audit.record(
                actor=request.user, action="occurrence.people_exported", obj=self.occurrence, after={"kind": kind}
            )
        content = attendee_file(self.occurrence, kind)
        name = f"deltagere-{slugify(self.occurrence.event.title)[:60]}-{local_day(self.occurrence.starts_at)}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=FORMATS[kind], headers=headers)
