"""The screens of the editorial workflows in Wagtail's admin: lists, a submission, taking it back, an emergency."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import WorkflowState

from portal.core.errors import RefusedError
from portal.core.visibility import asker
from portal.editorial import compare
from portal.editorial.errors import StaleReadingError
from portal.editorial.models import StepState, Submission, Vote
from portal.editorial.permissions import emergency_page_for, may_cancel, submission_for
from portal.editorial.screens import lists, workflows
from portal.editorial.screens.submission import changed_since, remember, submission_screen
from portal.editorial.services import SHORTEST_REASON, publish_in_emergency, submission_cancel, vote_cast

AT_ONCE = 50
_LONGEST_COMMENT = 4000


class EditorialView(WagtailAdminTemplateMixin, View):
    """A screen below "Approvals"."""

    header_icon = "check"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("editorial:index"), "label": _("Approvals")},
            {"url": "", "label": self.get_page_title()},
        ]

    def draw(self, status: int = 200, **context: Any) -> HttpResponse:
        """Draw the screen."""
        # What has been read once is read anew the next time: an approval is of what is there now.
        response = self.render_to_response(self.get_context_data(**context), status=status)
        response["Cache-Control"] = "no-store"
        return response


class IndexView(EditorialView):
    """Everything that she may see, by where it stands."""

    template_name = "editorial/admin/index.html"
    page_title = gettext_lazy("Approvals")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Stand right below the home page."""
        return [*self.breadcrumbs_items, {"url": "", "label": _("Approvals")}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one part of the list; without a word of it, what waits for her."""
        principal = asker(request)
        shown = request.GET.get("vis", "")
        shown = shown if shown in lists.PARTS else lists.WAITING
        page = Paginator(lists.part(shown, request.user, principal), AT_ONCE).get_page(request.GET.get("p"))
        rows = lists.waiting_rows(page.object_list) if shown == lists.WAITING else lists.rows_of(page.object_list)
        return self.draw(rows=rows, page_of=page, shown=shown, parts=lists.part_titles())


class WorkflowsView(EditorialView):
    """The workflows and policies in force; they are files, so nothing is changed here."""

    template_name = "editorial/admin/workflows.html"
    page_title = gettext_lazy("Workflows and policies")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.draw(screen=workflows.workflows_screen())


class SubmissionView(EditorialView):
    """One submission, and the answer."""

    template_name = "editorial/admin/submission.html"
    page_title = gettext_lazy("Approval")

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show it."""
        return self._page(submission_for(request, uuid))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Take the answer. What is refused is told where it belongs, and what was typed stays."""
        submission = submission_for(request, uuid)
        answer = request.POST.get("answer", "")
        if answer not in {Vote.APPROVE, Vote.RETURN}:
            return self._page(submission, problem=_("Choose whether you approve or return the page."), status=400)
        comment = self._comment()
        if answer == Vote.RETURN and not comment.strip():
            problem = _("Write what should be changed, so that the author knows what to do.")
            return self._page(submission, comment_problem=problem, status=400)
        try:
            vote_cast(
                state=self._state(submission),
                actor=request.user,
                principal=asker(request),
                answer=answer,
                read=request.POST.get("read", ""),
                comment=comment,
                seat=request.POST.get("seat", ""),
            )
        except StaleReadingError as error:
            return self._page(submission, problem=str(error), stale=True, status=409)
        except RefusedError as error:
            return self._page(submission, problem=str(error), status=400)
        _tell(request, Submission.objects.select_related("workflow_state").get(pk=submission.pk), answer)
        return redirect("editorial:submission", submission.uuid)

    def _state(self, submission: Submission) -> StepState:
        """Return the step of this submission that is answered: a step of another one is none at all."""
        text = self.request.POST.get("state", "")
        known = StepState.steps.filter(workflow_state=submission.workflow_state_id)
        found = known.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 10 else None
        if found is None:
            raise Http404
        return found

    def _comment(self) -> str:
        return self.request.POST.get("comment", "")[:_LONGEST_COMMENT]

    def _page(self, submission: Submission, *, stale: bool = False, status: int = 200, **context: Any) -> HttpResponse:
        wanted = self.request.GET.get("siden", "")
        submission = submission_for(self.request, submission.uuid)
        screen = submission_screen(submission, self.request.user, asker(self.request), wanted=wanted)
        remember(screen)
        if stale:
            context["changed"] = changed_since(self.request.POST.get("read", ""), submission, screen)
        return self.draw(status, screen=screen, comment=self._comment(), stale=stale, subject=screen.title, **context)

    def get_page_subtitle(self) -> str:
        """Leave the name of the page to the screen."""
        return ""


class ReadView(EditorialView):
    """The text that an answer was about, as it was kept, and what is new since."""

    template_name = "editorial/admin/read.html"
    page_title = gettext_lazy("The text that was read")

    def get(self, request: HttpRequest, uuid: UUID, vote: int) -> HttpResponse:
        """Show it."""
        submission = submission_for(request, uuid)
        answers = Vote.objects.filter(state__workflow_state=submission.workflow_state_id)
        found = answers.filter(pk=vote).select_related("read").first()
        if found is None:
            raise Http404
        screen = submission_screen(submission, request.user, asker(request))
        comparison = compare.compare(found.read.parts, screen.parts)
        return self.draw(vote=found, screen=screen, comparison=comparison)


class CancelView(EditorialView):
    """Take a submission back: asks first."""

    template_name = "editorial/admin/cancel.html"
    page_title = gettext_lazy("Take back")
    header_icon = "cross"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Ask."""
        return self.draw(submission=self._submission(uuid))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Do it; what ended meanwhile is told so."""
        submission = self._submission(uuid)
        comment = request.POST.get("comment", "")[:_LONGEST_COMMENT]
        try:
            submission_cancel(submission=submission, actor=request.user, comment=comment)
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is taken back. The draft is still there."))
        return redirect("editorial:submission", submission.uuid)

    def _submission(self, uuid: UUID) -> Submission:
        submission = submission_for(self.request, uuid)
        if not may_cancel(submission, self.request.user, asker(self.request)):
            raise Http404
        return submission


def _tell(request: HttpRequest, submission: Submission, answer: str) -> None:
    """Say what came of an answer: the last approval publishes, or finds that something is in the way."""
    status = submission.workflow_state.status
    if answer == Vote.RETURN and status == WorkflowState.STATUS_NEEDS_CHANGES:
        messages.success(request, _("The page is returned to its author."))
    elif answer == Vote.RETURN:
        # In a panel one no is not enough.
        messages.success(request, _("Your no is noted."))
    elif submission.used_at is not None:
        messages.success(request, _("Your approval is noted, and the page is published."))
    elif status == WorkflowState.STATUS_NEEDS_CHANGES:
        messages.warning(request, _("Your approval is noted, but something is in the way: the page is returned."))
    else:
        messages.success(request, _("Your approval is noted."))


class EmergencyView(EditorialView):
    """Publish past the policy: says what is skipped, asks for a reason and a confirmation."""

    template_name = "editorial/admin/emergency.html"
    page_title = gettext_lazy("Publish in an emergency")
    header_icon = "warning"

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Ask."""
        return self._draw(emergency_page_for(request, page_id))

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Do it, when there is a reason and a mark at the confirmation."""
        page = emergency_page_for(request, page_id)
        reason = request.POST.get("reason", "")[:_LONGEST_COMMENT]
        problems = {}
        if len(reason.strip()) < SHORTEST_REASON:
            problems["reason_problem"] = _("Write the reason in at least %(count)s characters.") % {
                "count": SHORTEST_REASON
            }
        if "sure" not in request.POST:
            problems["sure_problem"] = _("Mark that you have understood what is skipped.")
        if problems:
            return self._draw(page, 400, **problems)
        try:
            publish_in_emergency(page=page, actor=request.user, principal=asker(request), reason=reason)
        except RefusedError as error:
            return self._draw(page, 400, problem=str(error))
        messages.warning(request, _("The page is published past its policy. All editors of the parties are told."))
        return redirect("wagtailadmin_explore", page.get_parent().pk)

    def _draw(self, page: Any, status: int = 200, **problems: str) -> HttpResponse:
        screen = workflows.emergency_screen(page)
        typed = {"reason": self.request.POST.get("reason", ""), "sure": "sure" in self.request.POST}
        return self.draw(status, screen=screen, typed=typed, least=SHORTEST_REASON, **problems)
