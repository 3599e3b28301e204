"""The way from my page to the meetings that somebody runs."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from events.permissions import RUNNERS
from events.running.meetings import meeting_rows, meetings
from portal.core.sections import Section, register
from portal.core.visibility import asker

_SHOWN = 3


def my_page(request: HttpRequest, user: Any) -> Section | None:
    """The next meetings that she runs, with how many come."""
    principal = asker(request)
    if principal.roles.isdisjoint(RUNNERS):
        return None
    rows = meeting_rows(list(meetings(principal, now=timezone.now(), past=False)[:_SHOWN]))
    return Section(_("Meetings that you run"), "running", "events/running/section.html", {"rows": rows})


def register_sections() -> None:
    """Register it."""
    register("desk.my_page", "events.running", my_page, order=25, cacheable=False)
