"""Teams of a theme day: people of one municipality or unit sit together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Occurrence, Team, TeamSeat
from portal.core import audit
from portal.seats.api import Participant, PlaceState

MOST_TEAMS = 200


class MadeBy(models.TextChoices):
    """What people of one team have in common."""

    MUNICIPALITY = "municipality", gettext_lazy("Municipality")
    UNIT = "unit", gettext_lazy("Unit")


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """One person of a team."""

    place: UUID
    name: str
    behalf: str


@dataclass(frozen=True, slots=True)
class TeamBox:
    """One team with its people."""

    uuid: UUID
    name: str
    table: str
    people: tuple[TeamPerson, ...]


@dataclass(frozen=True, slots=True)
class TeamsScreen:
    """All teams, and those who have a seat and no team."""

    teams: tuple[TeamBox, ...]
    without: tuple[TeamPerson, ...]


def teams_screen(occurrence: Occurrence) -> TeamsScreen:
    """Return the teams with those of their people who have a seat, in a fixed number of queries."""
    boxes: dict[int, list[TeamPerson]] = {}
    without = []
    for place in _booked(occurrence):
        seat = getattr(place, "team_seat", None)
        person = _person(place)
        if seat is None:
            without.append(person)
        else:
            boxes.setdefault(seat.team_id, []).append(person)
    teams = Team.objects.filter(occurrence=occurrence).order_by("name", "id")
    drawn = tuple(TeamBox(team.uuid, team.name, team.table, tuple(boxes.get(team.pk, ()))) for team in teams)
    return TeamsScreen(drawn, tuple(without))


def _booked(occurrence: Occurrence) -> Iterable[Participant]:
    rows = Participant.objects.filter(offering=occurrence.offering_id, state=PlaceState.BOOKED)
    return rows.select_related("sign_up__municipality", "sign_up__unit", "team_seat").order_by("name", "pk")


def _person(place: Participant) -> TeamPerson:
    sign_up = place.sign_up
    behalf = ", ".join(row.name for row in (sign_up.municipality, sign_up.unit) if row is not None)
    return TeamPerson(place.uuid, place.name or (place.email or "") or _("name follows"), behalf)


def team_of(occurrence: Occurrence, uuid: UUID) -> Team | None:
    """Return a team of this very meeting."""
    return Team.objects.filter(occurrence=occurrence, uuid=uuid).select_related("occurrence").first()


def _locked(occurrence: Occurrence) -> None:
    """Let one helper at a time make teams of a meeting: of two, each would see people without a team."""
    Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)


@transaction.atomic
def teams_make(*, actor: Any, occurrence: Occurrence, by: MadeBy) -> int:
    """Put everybody who has a seat and no team into that of her unit or municipality, made where there is none.

    Nobody is moved who sits somewhere already, so it can be done again when more have signed up. Returns how many were
    given a team.
    """
    _locked(occurrence)
    known = {(team.municipality_id, team.unit_id): team for team in Team.objects.filter(occurrence=occurrence)}
    names = set(Team.objects.filter(occurrence=occurrence).values_list("name", flat=True))
    seats = []
    for place in _booked(occurrence):
        home = _home(place, by)
        if hasattr(place, "team_seat") or home == (None, None):
            continue
        if home not in known:
            known[home] = _make(occurrence, place, home, names)
        seats.append(TeamSeat(team=known[home], participant=place))
    TeamSeat.objects.bulk_create(seats)
    if seats:
        after = {"by": by.value, "people": len(seats), "teams": len(known)}
        audit.record(actor=actor, action="occurrence.teams_made", obj=occurrence, after=after)
    return len(seats)


def _home(place: Participant, by: MadeBy) -> tuple[int | None, int | None]:
    unit = place.sign_up.unit_id if by is MadeBy.UNIT else None
    return place.sign_up.municipality_id, unit


def _make(occurrence: Occurrence, place: Participant, home: tuple[int | None, int | None], names: set[str]) -> Team:
    unit, municipality = place.sign_up.unit if home[1] else None, place.sign_up.municipality
    wanted = unit.name if unit else getattr(municipality, "name", "")
    if wanted in names and unit is not None:
        wanted = f"{wanted}, {municipality}"
    name, number = wanted[:110], 2
    while name in names:
        name, number = f"{wanted[:110]} {number}", number + 1
    names.add(name)
    return Team.objects.create(occurrence=occurrence, name=name, municipality=municipality, unit=unit)


@transaction.atomic
def team_save(*, actor: Any, occurrence: Occurrence, name: str, table: str, team: Team | None = None) -> Team:
    """Make a team, or give one another name or table.

    Raises:
        ValidationError: the name is taken, or there are too many teams.
    """
    _locked(occurrence)
    others = Team.objects.filter(occurrence=occurrence)
    others = others.exclude(pk=team.pk) if team is not None else others
    name = " ".join(name.split())
    if others.filter(name__iexact=name).exists():
        raise ValidationError({"name": _("There is a team of this name already.")})
    if team is None and others.count() >= MOST_TEAMS:
        raise ValidationError({"name": _("There are too many teams.")})
    saved = team or Team(occurrence=occurrence)
    before = {"name": saved.name, "table": saved.table}
    saved.name, saved.table = name, table.strip()
    saved.full_clean()
    saved.save()
    after = {"name": saved.name, "table": saved.table}
    audit.record(actor=actor, action="occurrence.team_saved", obj=occurrence, before=before, after=after)
    return saved


@transaction.atomic
def team_remove(*, actor: Any, team: Team) -> None:
    """Take a team away; its people have none then."""
    before = {"name": team.name, "people": team.seats.count()}
    audit.record(actor=actor, action="occurrence.team_removed", obj=team.occurrence, before=before)
    team.delete()


@transaction.atomic
def person_seat(*, actor: Any, occurrence: Occurrence, place: Participant, team: Team | None) -> None:
    """Let somebody sit with a team, or with none."""
    _locked(occurrence)
    if team is None:
        TeamSeat.objects.filter(participant=place).delete()
    else:
        TeamSeat.objects.update_or_create(participant=place, defaults={"team": team})
    after = {"place": str(place.uuid), "team": str(team.uuid) if team else None}
    audit.record(actor=actor, action="occurrence.team_seat", obj=occurrence, after=after)
