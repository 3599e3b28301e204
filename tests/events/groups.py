"""What the tests of groups share: a municipality with people, a meeting with sign-up, and the form's words."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.api import Occurrence
from portal.accounts.api import Membership, User, membership_grant
from portal.core.roles import Role
from portal.organisations.api import Unit
from portal.seats.api import Participant, Person, PlaceState, SignUp, sign_up_group
from tests.factories import accounts, events, organisations


def meeting(capacity: int | None = 10, *, title: str = "Klart sprog", **values: Any) -> Occurrence:
    """Return a meeting's time that takes sign-ups here."""
    page = values.pop("event", None) or events.EventPageFactory.make(title=title, signup_here=True)
    return events.occurrence(event=page, capacity=capacity, **values)


def colleague(name: str, unit: Unit, *, waiting: bool = False) -> Membership:
    """Return an employee of a unit, with an account or waiting for one."""
    first, last = name.split()
    email = f"{first.lower()}@{unit.municipality.slug}.example"
    place: dict[str, Any] = {"role": Role.EMPLOYEE, "municipality": unit.municipality, "unit": unit}
    if waiting:
        return membership_grant(actor=None, email=email, name=name, **place)
    user = accounts.user(email, first_name=first, last_name=last)
    return membership_grant(actor=None, user=user, **place)


class Desk:
    """A coordinator, or whoever else, at the form of one meeting."""

    def __init__(self, user: User | None, occurrence: Occurrence) -> None:
        self.client, self.occurrence = Client(), occurrence
        if user is not None:
            self.client.force_login(user)
        self.url = reverse("groups:new", args=[occurrence.uuid])
        self.key = "en-tilfaeldig-noegle"

    def send(self, step: str, **sent: Any) -> Any:
        """Press a button of the form."""
        return self.client.post(self.url, {"do": step, "key": self.key, **sent})

    def check(self, **sent: Any) -> Any:
        """Look the list through."""
        return self.send("check", **sent)

    def sign_up(self, **sent: Any) -> Any:
        """Look the list through, then send exactly what was seen."""
        seen = self.check(**sent).context["wish"]
        return self.send("sign_up", seen=seen.seen, **_as_seen(seen), **_rest(sent))

    def made(self) -> SignUp:
        """Return the only sign-up that this user has made."""
        return SignUp.objects.get(offering=self.occurrence.offering)


def _as_seen(wish: Any) -> dict[str, Any]:
    """Return the people as the page of the second step carries them on."""
    typed = [one for one in wish.people if one.membership is None]
    return {
        "m": [str(one.membership) for one in wish.people if one.membership],
        "name": [one.name for one in typed],
        "email": [one.email for one in typed],
    }


def _rest(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if name not in {"m", "name", "email", "paste", "file"}}


def states(sign_up: SignUp) -> list[str]:
    """Return where its places stand, in their order."""
    return [place.state for place in sign_up.participants.order_by("pk")]


def text(response: Any) -> str:
    """Return what the page says."""
    return str(response.content.decode())


def soon(days: int = 3) -> dt.datetime:
    """Return a moment before the meeting."""
    return timezone.now() + dt.timedelta(days=days)


def odense() -> Any:
    """Return the municipality of the tests."""
    return organisations.municipality()


def booked(occurrence: Occurrence) -> int:
    """Return how many have a seat."""
    return Participant.objects.filter(offering=occurrence.offering, state=PlaceState.BOOKED).count()


def group(actor: Any, offering: Any, *names: str, unnamed: int = 0, **values: Any) -> SignUp:
    """Sign up a group for Odense."""
    people = [Person(name, f"{name.split()[0].lower()}@odense.example") for name in names]
    given = {"municipality": odense(), "contact_name": "Kim", "contact_email": "koordinator@kommune.example", **values}
    return sign_up_group(actor=actor, offering=offering, key=uuid4().hex, people=people, unnamed=unnamed, **given)


class Page:
    """Somebody at the page of a group."""

    def __init__(self, who: Any, made: SignUp) -> None:
        self.client, self.made = Client(), made
        if who is not None:
            self.client.force_login(who)

    def url(self, screen: str = "group", /, *further: Any) -> str:
        """Return the address of a screen."""
        return reverse(f"groups:{screen}", args=[self.made.uuid, *further])

    def get(self, screen: str = "group", /, *further: Any, **query: Any) -> Any:
        """Read a screen."""
        return self.client.get(self.url(screen, *further), query)

    def post(self, screen: str, /, *further: Any, **sent: Any) -> Any:
        """Press a button."""
        return self.client.post(self.url(screen, *further), sent)

    def said(self) -> str:
        """Return what the page says."""
        return text(self.get())

    @property
    def places(self) -> list[Participant]:
        """Return the places in their order."""
        return list(self.made.participants.order_by("pk"))


def queries(ask: Callable[[], Any]) -> int:
    """Return how many queries an asking takes."""
    with CaptureQueriesContext(connection) as caught:
        ask()
    return len(caught)
