"""What is planned: questions, series, and sign-ups that await the municipality's answer, hers and a foreign one's."""

from typing import TYPE_CHECKING

from events.api import EventPage, occurrence_spec
from events.models import Series
from events.planning.pattern import pattern_of
from portal.organisations.api import Unit
from portal.seats.api import OfferingSpec, Person, SeatPolicy, sign_up_one
from portal.workflows.api import Case
from tests.factories import events
from tests.permissions.roles import ADMINS, COORDINATORS

if TYPE_CHECKING:
    from tests.permissions.world import World

OWN, FOREIGN, MISSING = "own", "foreign", "missing"
_NO_UUID = "00000000-0000-4000-8000-000000000000"
_ANSWERERS = {OWN: COORDINATORS, FOREIGN: ADMINS}


def plan_meetings(world: "World", page: EventPage) -> None:
    """Make a series of a page's times, and sign-ups at it that municipalities are asked about."""
    seats = OfferingSpec(capacity=9, policy=SeatPolicy.MUNICIPALITY.value)
    time = events.occurrence(event=page, online=True, municipality=None, seats=seats)
    day = time.day
    series = Series.objects.create(
        event=page, first_day=day, last_day=day, clock="15:30", pattern=pattern_of(occurrence_spec(time))
    )
    world.things["series"] = {OWN: series.pk, MISSING: 999_999}
    for relation, who in _ANSWERERS.items():
        name = world.canary(f"afventer{relation}", who)
        sign_up = sign_up_one(
            actor=None,
            offering=time.offering,
            person=Person(name=name, email=f"{name}@kommune.example"),
            key=f"afventer-{relation}",
            municipality=Unit.objects.get(uuid=world.things["unit"][relation]).municipality,
        )
        case = Case.objects.open().about(sign_up).get()
        world.things.setdefault("approval", {MISSING: _NO_UUID})[relation] = case.uuid
