"""The people of a municipality: list, one person, add, change, move, end."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.api import Membership, lookup_record
from portal.accounts.permissions import changeable_membership_for, changeable_memberships_for, membership_for
from portal.accounts.services.members import member_add, member_change, member_end, members_move
from portal.core.formats import long_date
from portal.core.roles import Role
from portal.desk.coordination.base import CoordinationView
from portal.desk.coordination.form_screens import FormScreen, UnitFormScreen
from portal.desk.coordination.forms import NO_UNIT, EndForm, MemberAddForm, MemberChangeForm, MemberFilter, MoveForm
from portal.desk.coordination.member_lists import WAITING, members, row_of, same_person
from portal.desk.coordination.unit_lists import Forest, forest_of

PAGE = 50
# More at once is an import.
MOST_MOVED = 200


class MembersView(CoordinationView):
    """Everybody in the municipality."""

    http_method_names = ["get", "head"]
    section = "members"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list with its filters."""
        today = timezone.localdate()
        forest = forest_of(self.municipality, on=today)
        form = MemberFilter(request.GET, forest=forest, path=self.url("members"))
        found = members(self.principal, self.municipality, on=today, **_asked(form, forest))
        page = Paginator(found, PAGE).get_page(request.GET.get("side"))
        rows = [row_of(membership, on=today) for membership in page]
        context = {"filter_form": form, "page": page, "rows": rows, "total": page.paginator.count}
        context |= {"can_move": any(row.may_change for row in rows), "export_url": self.url("export", "medlemmer")}
        return self.screen("desk/coordination/members.html", context)


def _asked(form: MemberFilter, forest: Forest) -> dict[str, Any]:
    chosen = form.chosen
    branch = forest.find(chosen["enhed"]) if "enhed" in chosen else None
    return {
        "text": chosen.get("q", ""),
        "role": chosen.get("rolle", ""),
        "state": chosen.get("tilstand", ""),
        "units": [one.pk for one in branch.whole] if branch is not None else None,
        "without_unit": chosen.get("enhed") == NO_UNIT,
    }


class MemberView(CoordinationView):
    """One person's memberships in this municipality over time; what she is elsewhere is not told."""

    http_method_names = ["get", "head"]
    section = "members"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Draw them, and note the look in the person's own log."""
        membership = membership_for(self.principal, self.municipality, uuid)
        if membership.user is not None:
            lookup_record(
                viewer=request.user,  # type: ignore[arg-type]
                principal=self.principal,
                person=membership.user,
                what=_("your memberships in %(municipality)s") % {"municipality": self.municipality.name},
            )
        today = timezone.localdate()
        rows = [row_of(row, on=today) for row in same_person(membership)]
        person = row_of(membership, on=today)
        waits = person.state == WAITING
        context = {"person": person, "rows": rows, "invite_url": self.url("uninvited") if waits else ""}
        return self.screen("desk/coordination/member.html", context, title=membership.person_label)


class MemberAddView(UnitFormScreen):
    """Add a person."""

    section = "members"
    form_class = MemberAddForm
    title = gettext_lazy("Add a person")
    lead = gettext_lazy(
        "The membership waits until the person signs in with this address. You can invite her afterwards."
    )
    submit = gettext_lazy("Add")
    known: Membership | None = None

    def prepare(self, **kwargs: Any) -> None:
        """Find the person whose further role this is, if the address names one."""
        try:
            uuid = UUID(self.request.GET["person"]) if "person" in self.request.GET else None
        except ValueError as error:
            raise Http404 from error
        self.known = membership_for(self.principal, self.municipality, uuid) if uuid else None

    def initial(self) -> dict[str, Any]:
        """Return what is known of the person."""
        if self.known is None:
            return {}
        row = row_of(self.known, on=self.today)
        return {"name": row.name, "email": row.email, "person_code": row.person_code}

    def act(self, form: Any) -> HttpResponse:
        """Give the role."""
        added = member_add(actor=self.request.user, municipality=self.municipality, **form.cleaned_data)
        who = {"person": added.membership.person_label}
        if not added.is_new:
            self.say(_("%(person)s has this role already. Nothing was changed.") % who)
        elif added.membership.user_id is None:
            self.say(
                _("%(person)s was added and waits to sign in for the first time. You can send an invitation.") % who
            )
        else:
            self.say(_("%(person)s was given the role.") % who)
        return self.to("member", added.membership.uuid)


class OneMembershipScreen(FormScreen):
    """A form about one membership that the asker may change."""

    section = "members"
    membership: Membership

    def prepare(self, **kwargs: Any) -> None:
        """Let through to a membership of this municipality only, and only while it lasts."""
        self.membership = changeable_membership_for(self.principal, self.municipality, kwargs["uuid"])

    def cancel_url(self) -> str:
        """Return the person's page."""
        return self.url("member", self.membership.uuid)

    def context(self) -> dict[str, Any]:
        """Say what it is about."""
        row = row_of(self.membership, on=timezone.localdate())
        facts = [(_("Person"), row.name), (_("Role"), row.role), (_("Unit"), row.unit), (_("Period"), row.period)]
        return {"facts": [{"label": label, "value": value} for label, value in facts if value]}


class MemberChangeView(OneMembershipScreen, UnitFormScreen):
    """Another role or another unit."""

    form_class = MemberChangeForm
    title = gettext_lazy("Change role or unit")
    lead = gettext_lazy("What she has now ends the day before, and stays in her history.")
    submit = gettext_lazy("Change")

    def initial(self) -> dict[str, Any]:
        """Return what she has now."""
        unit = self.membership.unit
        return {
            "role": self.membership.role,
            "unit": str(unit.uuid) if unit is not None else "",
            "on": self.today.strftime("%d-%m-%Y"),
        }

    def act(self, form: Any) -> HttpResponse:
        """End the one and begin the other."""
        changed = member_change(actor=self.request.user, membership=self.membership, **form.cleaned_data)
        self.say(_("The change applies from %(day)s.") % {"day": long_date(changed.valid_from)})
        return self.to("member", changed.uuid)


class MemberEndView(OneMembershipScreen):
    """Ask, then end."""

    form_class = EndForm
    title = gettext_lazy("End the membership")
    lead = gettext_lazy("The person loses what this role lets her see and do. Her history here is kept.")
    submit = gettext_lazy("End the membership")

    def act(self, form: Any) -> HttpResponse:
        """End it."""
        last_day = form.cleaned_data["last_day"]
        member_end(actor=self.request.user, membership=self.membership, last_day=last_day)
        # Whoever ended her own last right here has nothing more to see.
        if last_day is None and self.membership.role == Role.COORDINATOR and self.membership.user == self.request.user:
            return redirect("/")
        if last_day is None:
            self.say(_("The membership has ended."))
        else:
            self.say(_("The membership ends on %(day)s.") % {"day": long_date(last_day)})
        return self.to("member", self.membership.uuid)


class MembersMoveView(UnitFormScreen):
    """Several people to another unit; GET asks and shows who, POST moves."""

    template = "desk/coordination/move.html"
    section = "members"
    form_class = MoveForm
    title = gettext_lazy("Move to another unit")
    lead = gettext_lazy("Where they stand now ends the day before, and stays in their history.")
    submit = gettext_lazy("Move")
    chosen: list[Membership]

    def prepare(self, **kwargs: Any) -> None:
        """Let through to memberships of this municipality only; one foreign among them refuses all."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        try:
            uuids = {UUID(text) for text in sent.getlist("m")}
        except ValueError as error:
            raise Http404 from error
        if len(uuids) > MOST_MOVED:
            raise Http404
        self.chosen = changeable_memberships_for(self.principal, self.municipality, uuids)

    def context(self) -> dict[str, Any]:
        """Show who is moved; a coordinator belongs to no unit and stays."""
        today = self.today
        return {
            "rows": [row_of(one, on=today) for one in self.chosen if one.role != Role.COORDINATOR],
            "staying": [row_of(one, on=today) for one in self.chosen if one.role == Role.COORDINATOR],
        }

    def act(self, form: Any) -> HttpResponse:
        """Move them."""
        unit, on = form.cleaned_data["unit"], form.cleaned_data["on"]
        moved = members_move(actor=self.request.user, memberships=self.chosen, unit=unit, on=on)
        text = ngettext("%(count)s person is moved to %(unit)s.", "%(count)s people are moved to %(unit)s.", moved)
        self.say(text % {"count": moved, "unit": unit.name})
        return self.to("members")


urlpatterns: list[URLPattern] = [
    path("medlemmer/", MembersView.as_view(), name="members"),
    path("medlemmer/ny/", MemberAddView.as_view(), name="member_add"),
    path("medlemmer/flyt/", MembersMoveView.as_view(), name="members_move"),
    path("medlemmer/<uuid:uuid>/", MemberView.as_view(), name="member"),
    path("medlemmer/<uuid:uuid>/aendr/", MemberChangeView.as_view(), name="member_change"),
    path("medlemmer/<uuid:uuid>/afslut/", MemberEndView.as_view(), name="member_end"),
]
