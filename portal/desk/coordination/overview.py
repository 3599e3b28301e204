"""What a coordinator sees first: how many there are of everything, what needs doing, what was changed lately."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.api import Invitation, Membership
from portal.core.roles import Role
from portal.desk.coordination.base import CoordinationView
from portal.desk.coordination.changes import latest_changes
from portal.desk.coordination.forms import NO_UNIT
from portal.desk.coordination.unit_lists import forest_of
from portal.organisations.api import Municipality
from profilecatalog.assessment.api import EmbedKey

SOON = timedelta(days=30)
EXPIRES_SOON = timedelta(days=3)
# More names than this are a list of their own.
MOST_NAMED = 5
MOST_CHANGES = 10


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the coordinator, with the way to it."""

    text: str
    names: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Figure:
    """How many there are of something, and where they are."""

    label: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class _People:
    in_all: int
    waiting: int
    without_unit: int


def _people(municipality: Municipality, on: date) -> _People:
    rows = Membership.objects.not_over(on).filter(municipality=municipality)
    found = rows.aggregate(
        in_all=Count("pk"),
        waiting=Count("pk", filter=Q(user__isnull=True)),
        without_unit=Count("pk", filter=Q(role=Role.EMPLOYEE, unit__isnull=True)),
    )
    return _People(**found)


class OverviewView(CoordinationView):
    """The municipality at a glance."""

    http_method_names = ["get", "head"]
    section = "overview"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw it."""
        self.today = timezone.localdate()
        self.people = _people(self.municipality, self.today)
        self.units = forest_of(self.municipality, on=self.today).all
        context = {
            "figures": self._figures(),
            "tasks": [task for task in self._tasks() if task is not None],
            "changes": latest_changes(self.municipality, most=MOST_CHANGES),
        }
        return self.screen("desk/coordination/overview.html", context)

    def _figures(self) -> list[Figure]:
        here = self.municipality
        invitations = Invitation.objects.open().filter(membership__municipality=here).count()
        keys = EmbedKey.objects.filter(municipality=here, revoked_at__isnull=True).count()
        members = self.url("members")
        return [
            Figure(_("Memberships"), self.people.in_all, members),
            Figure(_("Wait to sign in"), self.people.waiting, f"{members}?tilstand=venter"),
            Figure(_("Units"), len(self.units), self.url("units")),
            Figure(_("Open invitations"), invitations, self.url("invitations")),
            Figure(_("Embed keys"), keys, self.url("embed_keys")),
        ]

    def _tasks(self) -> list[Task | None]:
        return [self._without_unit(), self._without_manager(), self._ending(), self._expiring()]

    def _without_unit(self) -> Task | None:
        count = self.people.without_unit
        text = ngettext("%(count)s employee has no unit", "%(count)s employees have no unit", count)
        url = f"{self.url('members')}?rolle={Role.EMPLOYEE}&enhed={NO_UNIT}"
        return Task(text % {"count": count}, (), url) if count else None

    def _without_manager(self) -> Task | None:
        names = [unit.name for unit in self.units if not unit.is_led]
        text = ngettext("%(count)s unit has no manager", "%(count)s units have no manager", len(names))
        return self._task(text % {"count": len(names)}, names, "units")

    def _ending(self) -> Task | None:
        rows = Membership.objects.not_over(self.today).filter(
            municipality=self.municipality, valid_to__lte=self.today + SOON
        )
        names = [row.person_label for row in rows.select_related("user").order_by("valid_to", "pk")]
        text = ngettext(
            "%(count)s membership ends within 30 days", "%(count)s memberships end within 30 days", len(names)
        )
        return self._task(text % {"count": len(names)}, names, "members")

    def _expiring(self) -> Task | None:
        rows = Invitation.objects.open().filter(
            membership__municipality=self.municipality, expires_at__lte=timezone.now() + EXPIRES_SOON
        )
        names = [str(row.membership.person_label) for row in rows.select_related("membership__user").order_by("pk")]
        text = ngettext("%(count)s invitation expires soon", "%(count)s invitations expire soon", len(names))
        return self._task(text % {"count": len(names)}, names, "invitations")

    def _task(self, text: str, names: list[str], name: str) -> Task | None:
        shown = tuple(names[:MOST_NAMED]) + (("…",) if len(names) > MOST_NAMED else ())
        return Task(text, shown, self.url(name)) if names else None


urlpatterns: list[URLPattern] = [path("", OverviewView.as_view(), name="overview")]
