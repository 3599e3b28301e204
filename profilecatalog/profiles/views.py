"""The editors' answer to "new release?"."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.workflows.admin import CaseAdminView
from portal.workflows.api import Case
from profilecatalog.profiles.models import ReleaseProposal
from profilecatalog.profiles.permissions import can_decide_proposal
from profilecatalog.profiles.services.new_release import KIND


class ProposalView(CaseAdminView):
    """Put a question off or decline it, and see how it was answered; saying yes is publishing the profile.

    A question about a profile that the user may not edit is as unknown as one that does not exist.
    """

    template_name = "profiles/admin/proposal.html"
    pk_url_kwarg = "uuid"
    # Asked of the profile that the question is about, not of the table.
    permission_required = None
    header_icon = "doc-full-inverse"

    def get_object(self) -> ReleaseProposal:
        """Return the question, or answer that there is none."""
        rows: Any = ReleaseProposal.objects.select_related("profile", "competence", "release")
        proposal: ReleaseProposal | None = rows.filter(uuid=self.pk).first()
        if proposal is None or not can_decide_proposal(self.request.user, proposal):
            raise Http404
        return proposal

    def find_case(self) -> Case | None:
        """Return the question's case."""
        cases: Any = Case.objects.about(self.object).filter(kind=KIND).select_related("definition")
        case: Case | None = cases.first()
        return case

    def more_context(self, case: Case | None) -> dict[str, Any]:
        """Hand on what the question is about."""
        return {"proposal": self.object, "is_open": case is not None and case.is_open}

    def get_page_title(self) -> str:
        """Say what this is."""
        return _("New release?")

    def get_page_subtitle(self) -> str:
        """Name the profile."""
        return str(self.object.profile.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the profile."""
        page = self.object.profile
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_pages:edit", args=[page.pk]), "label": page.title},
            {"url": "", "label": _("New release?")},
        ]
