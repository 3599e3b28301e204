"""The screens on which sign-ups are approved: what waits, and one of it with its buttons."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from events.approvals.gate import case_to_answer, may_answer, waits_for_a_second_factor
from events.approvals.selectors import approval_screen, approvals_waiting
from portal.accounts.factors import to_factors
from portal.accounts.screens import SignedInView
from portal.core.breadcrumbs import Crumb
from portal.core.errors import RefusedError
from portal.core.sent import refuse_unstorable
from portal.workflows.api import (
    Asker,
    Case,
    CommentMissingError,
    DayError,
    StaleCaseError,
    Way,
    case_transition,
)

# At which field a refusal is told.
_FIELDS: dict[type[Exception], str] = {CommentMissingError: "comment", DayError: "day"}


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    path = request.get_full_path() if request.method == "GET" else reverse("approvals:waiting")
    return to_factors(request, path)


class WaitingView(SignedInView):
    """Everything that awaits the asker's answer, as organiser and as coordinator."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list; for whom no sign-up can wait, the page does not exist."""
        if not may_answer(self.principal):
            if waits_for_a_second_factor(self.principal):
                return _to_second_factor(request)
            raise Http404
        title = _("Sign-ups that await an answer")
        crumbs = [Crumb(_("Home"), "/"), Crumb(title)]
        context = {"rows": approvals_waiting(self.principal), "breadcrumbs": crumbs}
        return render(request, "events/approvals/waiting.html", context)


class CaseView(SignedInView):
    """One sign-up that awaits an answer. What the buttons are is said by the definition of its case."""

    case: Case

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in whose answer it is; a sign-up of others does not exist for the asker."""
        uuid: UUID = kwargs.pop("uuid")
        principal = request.principal  # type: ignore[attr-defined]
        if not principal.is_anonymous:
            try:
                self.case = case_to_answer(principal, uuid)
            except Http404:
                if waits_for_a_second_factor(principal):
                    return _to_second_factor(request)
                raise
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take one way. A grave one is asked about first; what was typed stays when it is refused."""
        refuse_unstorable(request)
        wanted = request.POST.get("transition", "")
        way = self._way(wanted)
        if way is not None and way.grave and "confirmed" not in request.POST:
            if not (way.comment_required and not self._comment().strip()):
                return self._page(confirm=way)
            return self._page(problem=_("Write why."), field="comment", status=400)
        try:
            case_transition(
                asker=self._asker(),
                case=self.case,
                transition=wanted,
                expected=self._expected(),
                comment=self._comment(),
                day=self._day(),
            )
        except StaleCaseError as error:
            return self._page(problem=str(error), status=409)
        except RefusedError as error:
            return self._page(problem=str(error), field=_FIELDS.get(type(error), ""), status=400)
        messages.success(request, _("It is noted, and those who signed up are told."))
        return redirect("approvals:case", self.case.uuid)

    def _page(
        self, *, problem: str = "", field: str = "", confirm: Way | None = None, status: int = 200
    ) -> HttpResponse:
        self.case.refresh_from_db()
        screen = approval_screen(self.case, self._asker())
        crumbs = [Crumb(_("Home"), "/"), Crumb(_("Sign-ups that await an answer"), reverse("approvals:waiting"))]
        context = {
            "screen": screen,
            "row": screen.row,
            "breadcrumbs": [*crumbs, Crumb(screen.row.event)],
            "problem": problem,
            "problem_field": field,
            "confirm": confirm,
            "tried": self.request.POST.get("transition", ""),
            "comment": self._comment(),
            "day": self.request.POST.get("day", "")[:20],
        }
        return render(self.request, "events/approvals/case.html", context, status=status)

    def _way(self, key: str) -> Way | None:
        ways = approval_screen(self.case, self._asker()).case.ways
        return next((way for way in ways if way.key == key), None)

    def _asker(self) -> Asker:
        return Asker(actor=self.request.user, principal=self.principal)

    def _comment(self) -> str:
        return self.request.POST.get("comment", "")[:4000]

    def _day(self) -> date | None:
        try:
            return parse_date(self.request.POST.get("day", "")[:20])
        except ValueError:
            return None

    def _expected(self) -> int:
        text = self.request.POST.get("number", "")
        # Anything that is no number is a screen that was never drawn, and so stale.
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
