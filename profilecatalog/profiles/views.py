"""The editors' answer to "new release?"."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from profilecatalog.profiles.forms import DeclineForm, PostponeForm
from profilecatalog.profiles.models import ReleaseProposal
from profilecatalog.profiles.permissions import can_decide_proposal
from profilecatalog.profiles.services.proposals import proposal_decline, proposal_postpone


class ProposalView(View):
    """Put a question off or decline it; saying yes is publishing the profile.

    A question about a profile that the user may not edit is as unknown as one that does not exist.
    """

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show the question with both answers."""
        return self._page(request, self._proposal(request, uuid), PostponeForm(), DeclineForm())

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Take one of the answers."""
        proposal = self._proposal(request, uuid)
        postpone = PostponeForm(request.POST if "postpone" in request.POST else None)
        decline = DeclineForm(request.POST if "decline" in request.POST else None)
        if postpone.is_bound:
            done = self._try(postpone, lambda data: self._postpone(request, proposal, data))
        else:
            done = self._try(decline, lambda data: self._decline(request, proposal, data))
        if done:
            return redirect("wagtailadmin_home")
        return self._page(request, proposal, postpone, decline)

    def _proposal(self, request: HttpRequest, uuid: UUID) -> ReleaseProposal:
        rows: Any = ReleaseProposal.objects.open().select_related("profile", "competence")
        proposal: ReleaseProposal | None = rows.filter(uuid=uuid).first()
        if proposal is None or not can_decide_proposal(request.user, proposal):
            raise Http404
        return proposal

    def _try(self, form: forms.Form, act: Any) -> bool:
        if not form.is_valid():
            return False
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            # With field names it goes to those fields.
            form.add_error(None, error)
            return False
        return True

    def _postpone(self, request: HttpRequest, proposal: ReleaseProposal, data: dict[str, Any]) -> None:
        proposal_postpone(proposal=proposal, actor=request.user, until=data["until"])
        messages.success(request, _("The question is put off."))

    def _decline(self, request: HttpRequest, proposal: ReleaseProposal, data: dict[str, Any]) -> None:
        proposal_decline(proposal=proposal, actor=request.user, reason=data["reason"])
        messages.success(request, _("The proposal is declined."))

    def _page(
        self, request: HttpRequest, proposal: ReleaseProposal, postpone: forms.Form, decline: forms.Form
    ) -> HttpResponse:
        context = {"proposal": proposal, "postpone": postpone, "decline": decline, "header_title": _("New release?")}
        return render(request, "profiles/admin/proposal.html", context)
