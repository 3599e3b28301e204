"""Meetings that people sign up for here: places and sign-ups of the asker's unit, of her neighbour's, and of strangers.

Whoever adds a kind of object to these meetings (a letter, a door, a team) adds it here, beside what it belongs to.
"""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.models import PageViewRestriction

from events.api import EventPage, Occurrence, occurrence_save, occurrence_spec
from events.models import Question
from portal.accounts.api import User
from portal.organisations.api import Unit
from portal.seats.api import Offer, Person, SignUp, sign_up_group, sign_up_one
from tests.factories import events
from tests.permissions.planning import plan_meetings
from tests.permissions.roles import ADMINS, COORDINATORS, EDITORS, LEADERS, Asker
from tests.permissions.running import run_by_administrators, run_meetings

if TYPE_CHECKING:
    from tests.permissions.world import World

OWN, SAME, FOREIGN, MISSING = "own", "same", "foreign", "missing"
_NO_UUID = "00000000-0000-4000-8000-000000000000"
# The place of somebody of the asker's unit is the employee's own.
_PLACE = {OWN: LEADERS | {Asker.EMPLOYEE}, SAME: COORDINATORS, FOREIGN: ADMINS}
_GROUP = {OWN: LEADERS, SAME: COORDINATORS, FOREIGN: ADMINS}


def meetings(world: "World") -> None:
    """Make a meeting with sign-up and people at it, and one that nobody outside a group may know of."""
    open_page, closed_page = _page("Temadag med tilmelding"), _page("Lukket temadag", slug="lukket-temadag")
    run_by_administrators(open_page, closed_page)
    PageViewRestriction.objects.create(page=closed_page, restriction_type=PageViewRestriction.GROUPS)
    time, hidden = _time(open_page, world), _time(closed_page, world)
    question = Question.objects.create(event=open_page, text="Vælg en workshop", choices="Breve\nSamtaler")
    world.things["signup_occurrence"] = {OWN: time.uuid, FOREIGN: hidden.uuid, MISSING: _NO_UUID}
    world.things["question"] = {OWN: question.pk, MISSING: 999_999}
    _places(world, time)
    _groups(world, time)
    run_meetings(world)
    plan_meetings(world, open_page)


def _page(title: str, **values: Any) -> EventPage:
    return events.EventPageFactory.make(title=title, kind="theme_day", signup_here=True, **values)


def _time(page: EventPage, world: "World") -> Occurrence:
    """Return a time whose on-line link is for those who have a seat."""
    made = events.occurrence(event=page, online=True, asks_list=True)
    word = world.canary(f"link{page.slug}".replace("-", ""), EDITORS | {Asker.EMPLOYEE, *LEADERS, Asker.ORGANISER})
    spec = replace(occurrence_spec(made), participants_link=f"https://moede.example/{word}")
    return occurrence_save(actor=None, occurrence=made, spec=spec)


def _places(world: "World", time: Occurrence) -> None:
    """Sign up one person of each unit; hers is the employee's own account, the others have none."""
    places = {}
    for relation, unit in _units(world).items():
        name = world.canary(f"plads{relation}", _PLACE[relation])
        account: User | None = world.users[Asker.EMPLOYEE] if relation == OWN else None
        person = Person(name=name, email="" if account else f"{name}@kommune.example", user=account)
        made = sign_up_one(actor=account, offering=time.offering, person=person, key=f"plads-{relation}", unit=unit)
        places[relation] = made.participants.get().uuid
        world.things.setdefault("single_sign_up", {MISSING: _NO_UUID})[relation] = made.uuid
    world.things["place"] = {**places, MISSING: _NO_UUID}


def _groups(world: "World", time: Occurrence) -> None:
    """Sign up a group of each unit: one with a name, and one whose name comes later."""
    for relation, unit in _units(world).items():
        name = world.canary(f"gruppe{relation}", _GROUP[relation])
        made: SignUp = sign_up_group(
            actor=world.users[Asker.MANAGER] if relation == OWN else None,
            offering=time.offering,
            key=f"gruppe-{relation}",
            people=[Person(name=name, email=f"{name}@kommune.example")],
            unnamed=1,
            contact_name=f"Kontakt {relation}",
            contact_email=f"kontakt-{relation}@kommune.example",
            unit=unit,
        )
        world.things.setdefault("sign_up", {MISSING: _NO_UUID})[relation] = made.uuid
        _of_group(world, relation, made)


def _of_group(world: "World", relation: str, made: SignUp) -> None:
    """Note what has an address of its own below a group's: the place with a name, and an offer that is open."""
    offer = Offer.objects.create(sign_up=made, deadline=timezone.now() + dt.timedelta(days=1))
    world.things.setdefault("group_offer", {MISSING: _NO_UUID})[relation] = offer.uuid
    named = made.participants.exclude(name="").get()
    world.things.setdefault("group_place", {MISSING: _NO_UUID})[relation] = named.uuid


def _units(world: "World") -> dict[str, Unit]:
    return {name: Unit.objects.get(uuid=world.things["unit"][name]) for name in (OWN, SAME, FOREIGN)}
