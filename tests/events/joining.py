"""Short words for tests of a person's sign-up."""

import datetime as dt
from html import unescape
from itertools import count
from typing import Any

from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from events.api import EventPage, Occurrence
from events.models import Question
from events.signup.links import place_url
from portal.core.mail import TOPIC
from portal.core.models.outbox import OutboxMessage
from portal.seats.api import OfferingSpec, Participant, Person, SignUp, sign_up_group, sign_up_one
from tests.factories.events import EventPageFactory, local, occurrence

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
START = local(2027, 5, 12, 15, 30)
_numbers = count(1)


def meeting(capacity: int | None = 40, *, event: EventPage | None = None, **values: Any) -> Occurrence:
    """Return a time of a meeting that takes sign-ups here."""
    seats = {name: values.pop(name) for name in list(values) if name in OfferingSpec.__dataclass_fields__}
    starts_at = values.pop("starts_at", START)
    page = event or EventPageFactory.make(title="Når samtalen bliver svær", signup_here=True)
    return occurrence(starts_at, event=page, seats=OfferingSpec(capacity=capacity, **seats), **values)


def question(time: Occurrence, text: str = "Hvilken workshop vælger du?", **values: Any) -> Question:
    """Return a question of the meeting's form: one of two workshops, unless the values say otherwise."""
    values = {"kind": "choice", "choices": "Breve\nSamtaler", **values}
    return Question.objects.create(event=time.event, text=text, position=next(_numbers), **values)


def somebody(time: Occurrence, name: str = "", **values: Any) -> SignUp:
    """Sign up somebody else."""
    name = name or f"Person {next(_numbers)}"
    person = Person(name, f"{name.lower().replace(' ', '.')}@kommune.example")
    return sign_up_one(actor=None, offering=time.offering, person=person, key=f"x{next(_numbers)}", **values)


def some_people(time: Occurrence, size: int = 2, **values: Any) -> SignUp:
    """Sign up a group."""
    people = [Person(f"Gruppe {n}", f"gruppe{n}.{next(_numbers)}@kommune.example") for n in range(size)]
    values.setdefault("contact_email", "kontakt@kommune.example")
    return sign_up_group(actor=None, offering=time.offering, people=people, key=f"x{next(_numbers)}", **values)


def hers(user: Any, time: Occurrence, **values: Any) -> Participant:
    """Sign up a user."""
    made = sign_up_one(actor=user, offering=time.offering, person=Person(user=user), key=f"k{time.pk}", **values)
    return made.participants.get()


def linked(place: Participant) -> str:
    """Return the address of a link as it stands in the mail of the place's person."""
    ends_at = place.offering.occurrence.ends_at
    url = place_url(sign_up=place.sign_up, participant=place, email=place.email or "", ends_at=ends_at)
    return "/" + url.split("/", 3)[3]


def state(place: Participant) -> str:
    """Return where a place stands now."""
    return Participant.objects.get(pk=place.pk).state


def client_of(user: Any = None) -> Client:
    """Return a browser, signed in or not."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def page(client: Client, url: str, status: int = 200) -> str:
    """Return what a page says."""
    response = client.get(url)
    assert response.status_code == status, response.status_code
    return unescape(response.content.decode())


def text_of(response: Any) -> str:
    """Return what an answer says."""
    return unescape(response.content.decode())


def filled(client: Client, url: str) -> dict[str, Any]:
    """Return the form as it stands on the page, with its random word."""
    form = client.get(url).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None}


def person_url(time: Occurrence) -> str:
    """Return the address of the form of somebody with an account."""
    return reverse("signup:person", args=[time.uuid])


def guest_url(time: Occurrence) -> str:
    """Return the address of the guest's form."""
    return reverse("signup:guest", args=[time.uuid])


def place_url_of(place: Participant, name: str = "place") -> str:
    """Return the address of a place."""
    return reverse(f"signup:{name}", args=[place.uuid])


def mails(to: str = "") -> list[OutboxMessage]:
    """Return the mails on their way, to one address or to all."""
    rows = OutboxMessage.objects.filter(topic=TOPIC).order_by("pk")
    return [row for row in rows if not to or row.payload["to"] == to]


def link_in(mail: OutboxMessage) -> str:
    """Return the first address of the portal in a mail that opens a sign-up, without the host."""
    words = mail.payload["text"].split()
    return next("/" + word.split("/", 3)[3] for word in words if "/tilmelding/" in word)


def forget_tries() -> None:
    """Forget how often somebody has tried."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
