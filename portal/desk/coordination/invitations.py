"""Invitations: the screens and their addresses."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.api import invitation_resend, invitation_send, invitation_withdraw
from portal.accounts.invitations.permissions import invitation_for
from portal.accounts.permissions import changeable_memberships_for
from portal.accounts.services.members import member_add
from portal.core.errors import RefusedError
from portal.desk.coordination.base import CoordinationView
from portal.desk.coordination.form_screens import UnitFormScreen
from portal.desk.coordination.forms import MemberAddForm
from portal.desk.coordination.invitation_lists import (
    invitation_row,
    invitation_rows,
    invitations,
    state_labels,
    uninvited,
)

PER_PAGE = 50


class InvitationsView(CoordinationView):
    """Who has been invited, and what came of it."""

    http_method_names = ["get", "head"]
    section = "invitations"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the newest invitation of each person's role."""
        labels = state_labels()
        state = request.GET.get("tilstand", "")
        state = state if state in labels else ""
        page = Paginator(invitations(self.principal, self.municipality, state=state), PER_PAGE)
        shown = page.get_page(request.GET.get("side"))
        context = {
            "rows": invitation_rows(shown),
            "page": shown,
            "states": [{"value": value, "label": label, "current": value == state} for value, label in labels.items()],
            "state": state,
            "uninvited": uninvited(self.principal, self.municipality).count(),
        }
        return self.screen("desk/coordination/invitations/list.html", context)


class InviteView(UnitFormScreen):
    """A person, her role and its days: the role waits for her, and the mail leaves."""

    section = "invitations"
    form_class = MemberAddForm
    title = gettext_lazy("Invite a person")
    lead = gettext_lazy("She gets a mail with a link. The role waits for her until she says yes.")
    submit = gettext_lazy("Send the invitation")

    def act(self, form: MemberAddForm) -> HttpResponse:
        """Give the role and send the link, both or none."""
        with transaction.atomic():
            added = member_add(actor=self.request.user, municipality=self.municipality, **form.cleaned_data)
            waits = added.membership.user_id is None
            if waits:
                invitation_send(actor=self.request.user, membership=added.membership)
        if waits:
            text = _("The invitation to %(name)s is on its way.")
        else:
            text = _("%(name)s is a member here and has the role now. No invitation is needed.")
        self.say(text % {"name": form.cleaned_data["name"]})
        return self.to("invitations")


class UninvitedView(CoordinationView):
    """Several waiting members at once, for example after an import."""

    section = "invitations"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List who waits without a link."""
        return self._draw()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send to those who were chosen: one mail to each address."""
        chosen = request.POST.getlist("medlem")
        if not chosen:
            return self._draw(error=_("Choose at least one person."), status=400)
        count = self._send(chosen[:PER_PAGE])
        text = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", count)
        messages.success(request, text % {"count": count})
        return self.to("invitations")

    @transaction.atomic
    def _send(self, chosen: list[str]) -> int:
        rows = changeable_memberships_for(self.principal, self.municipality, _uuids(chosen))
        # The same form sent twice, or somebody who said yes meanwhile: nothing is left to send.
        waiting = set(uninvited(self.principal, self.municipality).filter(pk__in=[row.pk for row in rows]))
        by_address = {row.email: row for row in rows if row in waiting}
        for row in by_address.values():
            invitation_send(actor=self.request.user, membership=row)
        return len(by_address)

    def _draw(self, *, error: str = "", status: int = 200) -> HttpResponse:
        pages = Paginator(uninvited(self.principal, self.municipality), PER_PAGE)
        context = {
            "page": pages.get_page(self.request.GET.get("side")),
            "error": error,
            "invite_url": self.url("invite"),
        }
        return self.screen(
            "desk/coordination/invitations/uninvited.html", context, title=_("Invite those who wait"), status=status
        )


class ResendView(CoordinationView):
    """A new link; the old one dies."""

    http_method_names = ["post"]
    section = "invitations"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Send it."""
        invitation = invitation_for(self.principal, self.municipality, uuid)
        try:
            invitation_resend(actor=request.user, invitation=invitation)
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            text = _("A new link is on its way to %(name)s. The old one does not work any more.")
            messages.success(request, text % {"name": invitation.membership.person_label})
        return self.to("invitations")


class WithdrawView(CoordinationView):
    """Close the link."""

    section = "invitations"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Ask."""
        row = invitation_row(invitation_for(self.principal, self.municipality, uuid))
        context = {"row": row, "back_url": self.url("invitations")}
        return self.screen("desk/coordination/invitations/withdraw.html", context, title=_("Withdraw the invitation"))

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Do it; the role goes on waiting and can be ended under the members."""
        invitation = invitation_for(self.principal, self.municipality, uuid)
        try:
            invitation_withdraw(actor=request.user, invitation=invitation)
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The invitation has been withdrawn. Its link does not work any more."))
        return self.to("invitations")


def _uuids(texts: list[str]) -> set[UUID]:
    try:
        return {UUID(text) for text in texts}
    except ValueError as error:
        raise Http404 from error


urlpatterns: list[URLPattern] = [
    path("invitationer/", InvitationsView.as_view(), name="invitations"),
    path("invitationer/ny/", InviteView.as_view(), name="invite"),
    path("invitationer/ventende/", UninvitedView.as_view(), name="uninvited"),
    path("invitationer/<uuid:uuid>/igen/", ResendView.as_view(), name="invitation_resend"),
    path("invitationer/<uuid:uuid>/traek-tilbage/", WithdrawView.as_view(), name="invitation_withdraw"),
]
