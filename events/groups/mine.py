"""A manager's people at meetings."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.groups.board import board, board_file
from events.groups.lists import Scope, manager_scope
from events.groups.permissions import GatedView
from portal.core import audit
from portal.core.breadcrumbs import Crumb
from portal.core.roles import Role


class MineView(GatedView):
    """Who of the units that she leads goes where; POST takes the list out as a file."""

    def scope(self) -> Scope:
        """Return her people.

        Raises:
            Http404: she leads no unit.
        """
        if not self.principal.units(Role.MANAGER):
            raise Http404
        return manager_scope(self.principal, timezone.localdate())

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list."""
        shown = board(self.scope(), request, path=reverse("groups:mine"))
        crumbs = [Crumb(_("Home"), "/"), Crumb(_("My employees at meetings"))]
        return render(request, "events/groups/mine.html", {"board": shown, "breadcrumbs": crumbs})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the file."""
        scope, title = self.scope(), _("My employees at meetings")
        sent = board_file(scope, request, path=reverse("groups:mine"), name="moeder", title=title)
        for municipality in {unit.municipality for unit in scope.units.values()}:
            audit.record(actor=request.user, action="municipality.meetings_exported", obj=municipality)
        return sent
