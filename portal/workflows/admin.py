"""A case as a screen of Wagtail's admin: where it stands, what one may do, what has happened, the drawing.

A package puts it beside its own object by a subclass that names the object and finds the case.
"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.generic.base import View
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from portal.core.errors import RefusedError
from portal.core.sent import storable
from portal.core.visibility import asker as principal_of
from portal.workflows.models import Case
from portal.workflows.registry import Asker
from portal.workflows.selectors import CaseScreen, Way, case_screen
from portal.workflows.services import CommentMissingError, DayError, StaleCaseError, case_transition

# At which field a refusal is told.
_FIELDS: dict[type[Exception], str] = {CommentMissingError: "comment", DayError: "day"}


class CaseAdminView(BaseObjectMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    """The base: `find_case` is the subclass's, the template may be."""

    template_name = "workflows/admin/case.html"
    permission_required: str | None = "change"
    object: Any

    def find_case(self) -> Case | None:
        """Return the case about the object, or None where none has begun."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the case."""
        return self.page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take one way. A grave one is asked about first; what was typed stays when it is refused."""
        # What was typed as a day is refused at its field; a comment would reach the database first.
        if not storable(request.POST.get("comment", "") + request.POST.get("transition", "")):
            raise BadRequest("unstorable")
        case = self.find_case()
        screen = self._screen(case) if case is not None else None
        wanted = request.POST.get("transition", "")
        if case is None or screen is None:
            return self.page(problem=_("This cannot be done here."), status=400)
        way = next((way for way in screen.ways if way.key == wanted), None)
        if way is not None and way.grave and "confirmed" not in request.POST:
            return self.page(confirm=way)
        try:
            case_transition(
                asker=self._asker(),
                case=case,
                transition=wanted,
                expected=self._expected(),
                comment=self._comment(),
                day=self._day(),
            )
        except StaleCaseError as error:
            return self.page(problem=str(error), status=409)
        except RefusedError as error:
            confirm = way if way is not None and way.grave else None
            return self.page(problem=str(error), field=_FIELDS.get(type(error), ""), confirm=confirm, status=400)
        messages.success(request, _("It is noted."))
        return redirect(request.path)

    def page(
        self, *, problem: str = "", field: str = "", confirm: Way | None = None, status: int = 200
    ) -> HttpResponse:
        """Draw the screen; what was typed stays in the form in which it was typed."""
        case = self.find_case()
        context = self.get_context_data(
            screen=self._screen(case) if case is not None else None,
            problem=problem,
            problem_field=field,
            confirm=confirm,
            tried=self.request.POST.get("transition", ""),
            comment=self._comment(),
            day=self.request.POST.get("day", "")[:20],
            **self.more_context(case),
        )
        return self.render_to_response(context, status=status)

    def more_context(self, case: Case | None) -> dict[str, Any]:
        """Return what a subclass's template needs besides."""
        return {}

    def get_page_subtitle(self) -> str:
        """Name the object."""
        return str(self.object)

    def _screen(self, case: Case) -> CaseScreen:
        return case_screen(case, self._asker(), subject=self.object)

    def _asker(self) -> Asker:
        return Asker(actor=self.request.user, principal=principal_of(self.request))

    def _comment(self) -> str:
        return self.request.POST.get("comment", "")[:4000]

    def _day(self) -> date | None:
        """Return the chosen day; what is no day is none, and the transition says what to choose."""
        try:
            return parse_date(self.request.POST.get("day", "")[:20])
        except ValueError:
            return None

    def _expected(self) -> int:
        text = self.request.POST.get("number", "")
        # Anything that is no number is a screen that was never drawn, and so stale.
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
