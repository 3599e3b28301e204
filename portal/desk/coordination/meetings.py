"""The people of a municipality at meetings: who goes where, who went, and the ways to their groups."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from events.groups.api import Scope, board, board_file, municipality_scope
from portal.core import audit
from portal.desk.coordination.base import CoordinationView


class MeetingsView(CoordinationView):
    """The list with its filters; POST takes it out as a file."""

    section = "meetings"

    def scope(self) -> Scope:
        """Return the municipality's people."""
        return municipality_scope(self.principal, self.municipality, timezone.localdate())

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list."""
        shown = board(self.scope(), request, path=self.url("meetings"))
        return self.screen("desk/coordination/meetings.html", {"board": shown})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the file; who took the people's names and addresses along is noted."""
        title = _("%(municipality)s at meetings") % {"municipality": self.municipality.name}
        name = f"moeder-{self.municipality.slug}"
        sent = board_file(self.scope(), request, path=self.url("meetings"), name=name, title=title)
        audit.record(actor=request.user, action="municipality.meetings_exported", obj=self.municipality)
        return sent


urlpatterns: list[URLPattern] = [path("moeder/", MeetingsView.as_view(), name="meetings")]
