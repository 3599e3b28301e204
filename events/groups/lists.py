"""The people of a municipality, or of units that one leads, at meetings: who goes where, and who went."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.enums import AttendanceState
from events.groups.selectors import badge_of
from events.models import Occurrence
from portal.accounts.api import Membership
from portal.core.filters import FilterForm
from portal.core.formats import period
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.core.spreadsheets import XLSX, csv_file, xlsx_file
from portal.organisations.api import Municipality, Unit
from portal.seats.api import ACTIVE, Participant, PlaceState

COMING, PAST = "kommende", "tidligere"
# Those who do not come any more, in one word of the filter.
GONE = "ikke-med"
FILES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose people: those that a municipality signed up or who named it, or those of units that one leads."""

    places: QuerySet[Participant]
    units: dict[int, Unit]


def municipality_scope(principal: Principal, municipality: Municipality, on: dt.date) -> Scope:
    """Return a municipality's people, as far as the asker may see them."""
    places = Participant.objects.visible_to(principal).filter(sign_up__municipality=municipality)
    units = Unit.objects.in_force(on).filter(municipality=municipality)
    return Scope(places, {unit.pk: unit for unit in units.order_by("name", "pk")})


def manager_scope(principal: Principal, on: dt.date) -> Scope:
    """Return the people of the units that the asker leads: those who were signed up for these units."""
    led = principal.units(Role.MANAGER)
    places = Participant.objects.visible_to(principal).filter(sign_up__unit__in=led)
    units = Unit.objects.in_force(on).filter(pk__in=led).select_related("municipality")
    return Scope(places, {unit.pk: unit for unit in units.order_by("name", "pk")})


class PeopleFilter(FilterForm):
    """What narrows the list."""

    unlisted = frozenset({"tid"})
    tid = forms.ChoiceField(
        label=gettext_lazy("When"),
        required=False,
        choices=[("", gettext_lazy("Meetings to come")), (PAST, gettext_lazy("Meetings that are over"))],
    )
    moede = forms.ChoiceField(label=gettext_lazy("Meeting"), required=False)
    enhed = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    tilstand = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(
        self, query: QueryDict, *, units: Iterable[Unit], meetings: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(query, **kwargs)
        states = [(state.value, state.label) for state in PlaceState if state in ACTIVE]
        choices: dict[str, list[tuple[str, Any]]] = {
            "moede": [("", _("All meetings")), *meetings],
            "enhed": [("", _("All units")), *((str(unit.uuid), unit.name) for unit in units)],
            "tilstand": [("", _("Everybody who is signed up")), *states, (GONE, _("Those who do not come any more"))],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person at one meeting."""

    name: str
    email: str
    unit: str
    state: str
    kind: str
    signed_up_by: str
    url: str
    is_group: bool
    # The whole group's page; the same as `url` for one person.
    group_url: str
    came: bool | None


@dataclass(frozen=True, slots=True)
class MeetingGroup:
    """A meeting with those of its people who stand on this page of the list."""

    uuid: UUID
    title: str
    when: str
    where: str
    url: str
    cancelled: bool
    people: tuple[PersonRow, ...]


def in_time(scope: Scope, time: str, now: dt.datetime) -> QuerySet[Participant]:
    """Return the places at meetings to come, or at those that are over."""
    rows = scope.places.filter(offering__occurrence__isnull=False)
    if time == PAST:
        return rows.filter(offering__occurrence__ends_at__lte=now)
    return rows.filter(offering__occurrence__ends_at__gt=now)


def meetings_of(places: QuerySet[Participant]) -> list[tuple[str, str]]:
    """Return the meetings to choose between."""
    rows = Occurrence.objects.filter(offering__in=places.order_by().values("offering")).select_related("event")
    found = rows.only("uuid", "starts_at", "ends_at", "event__title").in_order()
    return [(str(one.uuid), f"{one.event.title}, {period(one.starts_at, one.ends_at)}") for one in found]


def narrowed(places: QuerySet[Participant], chosen: dict[str, Any], scope: Scope) -> QuerySet[Participant]:
    """Return those that fit, the next meeting first, or the latest of those that are over."""
    state = chosen.get("tilstand", "")
    wanted = Q(state__in=[state] if state else ACTIVE)
    places = places.filter(~Q(state__in=ACTIVE) if state == GONE else wanted)
    if meeting := chosen.get("moede"):
        places = places.filter(offering__occurrence__uuid=meeting)
    if unit := chosen.get("enhed"):
        places = places.filter(_in_unit([one.pk for one in scope.units.values() if str(one.uuid) == unit]))
    start = "-offering__occurrence__starts_at" if chosen.get("tid") == PAST else "offering__occurrence__starts_at"
    return places.order_by(start, "offering", "sign_up__placed_at", "sign_up", "pk").select_related(
        "user", "sign_up__unit", "sign_up__actor", "attendance", "offering__occurrence__event", *_WHERE
    )


_WHERE = ("offering__occurrence__municipality", "offering__occurrence__region")


def _in_unit(units: Collection[int]) -> Q:
    """Return "signed up for the unit, or a person who belongs to it"."""
    own = Membership.objects.in_force().filter(unit__in=units)
    belongs = Exists(own.filter(user=OuterRef("user"))) | Exists(own.filter(user=None, email=OuterRef("email")))
    return Q(sign_up__unit__in=units) | Q(belongs)


def groups_of(places: Iterable[Participant], scope: Scope, request: HttpRequest) -> list[MeetingGroup]:
    """Return the meetings in the order of the places, each with its people."""
    rows = list(places)
    units = _units_of(rows, scope)
    found: dict[int, tuple[Occurrence, list[PersonRow]]] = {}
    for place in rows:
        occurrence = place.offering.occurrence
        found.setdefault(occurrence.pk, (occurrence, []))[1].append(_person(place, occurrence, units))
    return [_group(occurrence, people, request) for occurrence, people in found.values()]


def _units_of(places: Collection[Participant], scope: Scope) -> dict[int | str, str]:
    """Return the unit of each person, by account or address: of the units of this scope only."""
    users = {place.user_id for place in places if place.user_id}
    emails = {place.email for place in places if place.email}
    rows = Membership.objects.in_force().filter(unit__in=list(scope.units))
    rows = rows.filter(Q(user__in=users) | Q(user=None, email__in=emails)).order_by("-pk")
    found: dict[int | str, str] = {}
    for user, email, unit in rows.values_list("user", "email", "unit"):
        found[user or email] = scope.units[unit].name
    return found


def _person(place: Participant, occurrence: Occurrence, units: dict[int | str, str]) -> PersonRow:
    sign_up = place.sign_up
    own_unit = units.get(place.user_id or place.email or "", "")
    came = getattr(place, "attendance", None)
    own_page = reverse("signup:place", args=[place.uuid])
    return PersonRow(
        name=_("The name is deleted") if occurrence.forgotten_at and place.is_unnamed else str(place),
        email=place.email or "",
        unit=own_unit or (sign_up.unit.name if sign_up.unit else ""),
        state=place.get_state_display(),
        kind=badge_of(place.state),
        signed_up_by=str(sign_up.actor) if sign_up.actor else sign_up.contact_name,
        url=own_page,
        is_group=sign_up.is_group,
        group_url=reverse("groups:group", args=[sign_up.uuid]) if sign_up.is_group else own_page,
        came=came.state == AttendanceState.ATTENDED if came is not None else None,
    )


def _group(occurrence: Occurrence, people: list[PersonRow], request: HttpRequest) -> MeetingGroup:
    when = period(occurrence.starts_at, occurrence.ends_at)
    return MeetingGroup(
        uuid=occurrence.uuid,
        title=occurrence.event.title,
        when=when[:1].upper() + when[1:],
        where=occurrence.where,
        url=occurrence.event.get_url(request) or "",
        cancelled=occurrence.cancelled,
        people=tuple(people),
    )


def people_file(groups: Iterable[MeetingGroup], kind: str, title: str) -> bytes:
    """Return the list as a file of this kind."""
    headings = [
        *(_("Meeting"), _("When"), _("Where"), _("Name"), _("E-mail"), _("Unit"), _("State"), _("Signed up by")),
        _("Came"),
    ]
    rows = [
        [group.title, group.when, group.where, one.name, one.email, one.unit, one.state, one.signed_up_by, one.came]
        for group in groups
        for one in group.people
    ]
    return csv_file(headings, rows) if kind == "csv" else xlsx_file(title, headings, rows)
