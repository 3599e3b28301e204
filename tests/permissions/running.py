"""Meetings that somebody runs: one that all editors and the region's organiser look after, and one of another party."""

from typing import TYPE_CHECKING, Any

from events.models import DoorLink, EventPage, Occurrence, Team
from portal.organisations.api import Municipality, Party, RegionMembership
from portal.seats.api import Person, sign_up_one
from tests.factories import events
from tests.permissions.roles import ADMINS, EDITORS, Asker

if TYPE_CHECKING:
    from tests.permissions.world import World

OWN, FOREIGN, MISSING = "own", "foreign", "missing"
_NO_UUID = "00000000-0000-4000-8000-000000000000"
RUN_BY = {OWN: EDITORS | {Asker.ORGANISER}, FOREIGN: ADMINS | {Asker.EDITOR_KL}}


def run_meetings(world: "World") -> None:
    """Make them, each with a person, a team and an open door."""
    region = world.things["region_pk"][OWN]
    members = RegionMembership.objects.filter(region=region, valid_to__isnull=True)
    home = members.order_by("pk").first() or RegionMembership.objects.filter(region=region).order_by("pk").first()
    assert home is not None
    for relation, municipality in ((OWN, home.municipality), (FOREIGN, _away(region))):
        page = events.EventPageFactory.make(title=f"Temadag {relation}", kind="theme_day", signup_here=True)
        if relation == FOREIGN:
            page.parties = [Party.objects.get(key="kl")]
            page.save()
        _people(world, relation, events.occurrence(event=page, municipality=municipality))


def run_by_administrators(*pages: EventPage) -> None:
    """Let a party hold them that no asker edits for: whoever sees who comes sees it by another right."""
    party = Party.objects.create(key="en-tredje", name="En tredje part")
    for page in pages:
        page.parties = [party]
        page.save()


def _away(region: Any) -> Municipality:
    here = RegionMembership.objects.filter(region=region).values("municipality")
    return Municipality.objects.exclude(pk__in=here).order_by("pk")[0]


def _people(world: "World", relation: str, time: Occurrence) -> None:
    name = world.canary(f"deltager{relation}", RUN_BY[relation])
    person = Person(name=name, email=f"{name}@kommune.example")
    place = sign_up_one(actor=None, offering=time.offering, person=person, key=f"run-{relation}").participants.get()
    team = Team.objects.create(occurrence=time, name=world.canary(f"hold{relation}", RUN_BY[relation]))
    door = DoorLink.objects.create(occurrence=time, token_hash=relation, expires_at=time.ends_at)
    made = {"run_occurrence": time, "run_place": place, "team": team, "door": door}
    for kind, row in made.items():
        world.things.setdefault(kind, {MISSING: _NO_UUID})[relation] = row.uuid
