"""The units of a municipality: the tree, one unit with its history, add, rename, move, close."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core.formats import long_date
from portal.desk.coordination.base import CoordinationView
from portal.desk.coordination.form_screens import FormScreen, UnitFormScreen
from portal.desk.coordination.forms import UnitAddForm, UnitCloseForm, UnitMoveForm, UnitNameForm
from portal.desk.coordination.member_lists import members, row_of
from portal.desk.coordination.unit_lists import forest_of
from portal.organisations.api import Unit, unit_close, unit_create, unit_move, unit_save
from portal.organisations.permissions import unit_of


class UnitsView(CoordinationView):
    """The tree of today, and what has ended or is yet to come."""

    http_method_names = ["get", "head"]
    section = "units"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the tree."""
        today = timezone.localdate()
        forest = forest_of(self.municipality, on=today)
        others = Unit.objects.filter(municipality=self.municipality).exclude(pk__in=[b.pk for b in forest.all])
        context = {"forest": forest, "others": others.order_by("name", "pk")}
        return self.screen("desk/coordination/units.html", context)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a unit stood, from when to when."""

    under: str
    since: str
    until: str


class UnitView(CoordinationView):
    """One unit: its people, where it stands, and where it stood."""

    http_method_names = ["get", "head"]
    section = "units"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Draw it."""
        today = timezone.localdate()
        unit = unit_of(self.municipality, uuid)
        branch = forest_of(self.municipality, on=today).find(str(unit.uuid))
        people = members(self.principal, self.municipality, on=today, units=[unit.pk])
        context = {
            "unit": unit,
            "branch": branch,
            "placements": [
                Placed(
                    str(placement.parent or _("the top")),
                    long_date(placement.valid_from),
                    long_date(placement.valid_to) if placement.valid_to else "",
                )
                for placement in unit.placements.select_related("parent").order_by("-valid_from", "-pk")
            ],
            "rows": [row_of(membership, on=today) for membership in people],
            "is_over": unit.valid_to is not None and unit.valid_to < today,
        }
        return self.screen("desk/coordination/unit.html", context, title=unit.name)


class UnitAddView(UnitFormScreen):
    """Add a unit."""

    section = "units"
    form_class = UnitAddForm
    title = gettext_lazy("Add a unit")
    submit = gettext_lazy("Add")

    def initial(self) -> dict[str, Any]:
        """Return the unit above, if the address names one of ours."""
        above = self.forest.find(self.request.GET.get("under", ""))
        return {"parent": str(above.uuid)} if above is not None else {}

    def act(self, form: Any) -> HttpResponse:
        """Add it."""
        unit = unit_create(actor=self.request.user, municipality=self.municipality, **form.cleaned_data)
        self.say(_("%(unit)s was added.") % {"unit": unit.name})
        return self.to("unit", unit.uuid)


class OneUnitScreen(FormScreen):
    """A form about one unit."""

    section = "units"
    unit: Unit

    def prepare(self, **kwargs: Any) -> None:
        """Let through to a unit of this municipality only."""
        self.unit = unit_of(self.municipality, kwargs["uuid"])

    def heading(self) -> str:
        """Name the unit beside the act."""
        return f"{self.title}: {self.unit.name}"

    def cancel_url(self) -> str:
        """Return the unit's page."""
        return self.url("unit", self.unit.uuid)


class UnitRenameView(OneUnitScreen):
    """Change what a unit is called."""

    form_class = UnitNameForm
    title = gettext_lazy("Rename")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        """Return what it is called now."""
        return {"name": self.unit.name, "code": self.unit.code}

    def act(self, form: Any) -> HttpResponse:
        """Rename it."""
        unit_save(actor=self.request.user, unit=self.unit, **form.cleaned_data)
        self.say(_("The name and the code are saved."))
        return self.to("unit", self.unit.uuid)


class UnitMoveView(OneUnitScreen, UnitFormScreen):
    """Let a unit stand elsewhere from a day on."""

    form_class = UnitMoveForm
    title = gettext_lazy("Move")
    lead = gettext_lazy("Everything below it moves along. Where it stood before stays in its history.")
    submit = gettext_lazy("Move")

    def initial(self) -> dict[str, Any]:
        """Return where it stands now."""
        current = self.unit.placements.filter(valid_to__isnull=True).select_related("parent").first()
        above = current.parent if current is not None else None
        return {"parent": str(above.uuid) if above is not None else ""}

    def act(self, form: Any) -> HttpResponse:
        """Move it."""
        unit_move(actor=self.request.user, unit=self.unit, **form.cleaned_data)
        self.say(_("%(unit)s is moved.") % {"unit": self.unit.name})
        return self.to("unit", self.unit.uuid)


class UnitCloseView(OneUnitScreen):
    """Ask, then close."""

    form_class = UnitCloseForm
    title = pgettext_lazy("end a unit", "Close")
    lead = gettext_lazy("A closed unit can be chosen no more. Its history is kept.")
    submit = gettext_lazy("Close the unit")

    def initial(self) -> dict[str, Any]:
        """Return its last day, if one is set."""
        return {"last_day": self.unit.valid_to.strftime("%d-%m-%Y") if self.unit.valid_to else ""}

    def act(self, form: Any) -> HttpResponse:
        """Close it."""
        unit = unit_close(actor=self.request.user, unit=self.unit, **form.cleaned_data)
        self.say(_("%(unit)s ends on %(day)s.") % {"unit": unit.name, "day": long_date(form.cleaned_data["last_day"])})
        return self.to("unit", unit.uuid)


urlpatterns: list[URLPattern] = [
    path("enheder/", UnitsView.as_view(), name="units"),
    path("enheder/ny/", UnitAddView.as_view(), name="unit_add"),
    path("enheder/<uuid:uuid>/", UnitView.as_view(), name="unit"),
    path("enheder/<uuid:uuid>/omdoeb/", UnitRenameView.as_view(), name="unit_rename"),
    path("enheder/<uuid:uuid>/flyt/", UnitMoveView.as_view(), name="unit_move"),
    path("enheder/<uuid:uuid>/luk/", UnitCloseView.as_view(), name="unit_close"),
]
