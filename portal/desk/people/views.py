"""A unit and a person, for those who lead them or look after their municipality."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.api import lookup_record
from portal.accounts.permissions import person_for, waits_for_a_second_factor
from portal.accounts.screens import SignedInView
from portal.core.breadcrumbs import Crumb
from portal.core.principal import Principal
from portal.desk.coordination.base import to_second_factor
from portal.desk.coordination.member_lists import members, row_of
from portal.desk.people.selectors import person_rows, unit_screen
from portal.organisations.permissions import led_unit_for

PAGE = 50


class PeopleView(SignedInView):
    """A screen about people; whoever may not see them finds nothing."""

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask for the second factor where a role waits for it: with it she may see what does not exist for her now."""
        principal: Principal = request.principal  # type: ignore[attr-defined]
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            if waits_for_a_second_factor(principal):
                return to_second_factor(request)
            raise


class UnitView(PeopleView):
    """A unit with its people and those of the units below."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Draw it."""
        unit = led_unit_for(self.principal, uuid)
        today = timezone.localdate()
        screen = unit_screen(unit, on=today)
        people = members(self.principal, unit.municipality, on=today, units=screen.units)
        page = Paginator(people, PAGE).get_page(request.GET.get("side"))
        context = {
            "screen": screen,
            "page": page,
            "rows": [row_of(membership, on=today) for membership in page],
            "breadcrumbs": [Crumb(_("Home"), "/"), Crumb(unit.name)],
        }
        return render(request, "desk/people/unit.html", context)


class PersonView(PeopleView):
    """A person as her manager or coordinator may see her; the look stands in the person's own log."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Draw the person, and note the look."""
        person = person_for(self.principal, uuid)
        lookup_record(
            viewer=request.user,  # type: ignore[arg-type]
            principal=self.principal,
            person=person,
            what=_("your name, address and roles"),
        )
        rows = person_rows(self.principal, person, on=timezone.localdate())
        crumbs = [Crumb(_("Home"), "/"), Crumb(str(person))]
        return render(request, "desk/people/person.html", {"person": person, "rows": rows, "breadcrumbs": crumbs})
