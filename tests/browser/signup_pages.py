"""The screens of a person's own sign-up, at the example's meetings."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone

from events.enums import ListShown
from events.models import GuestWish, Occurrence
from events.signup.answers import consent_save
from events.signup.links import hashed, place_url
from portal.accounts.api import User
from portal.seats.api import Participant, Person, PlaceState, sign_up_one
from tests.browser.screens import Screen

EMPLOYEE = "medarbejder.kontaktcenter@portal.example"
# A theme day with questions and a list, a meeting with a waiting list, one with free seats, one with several dates.
DAY, FULL, FREE, SERIES = (
    "fra-profil-til-handleplan",
    "borgerservice-om-tre-aar",
    "klar-tale-i-brevet",
    "netvaerk-for-nye-i-borgerservice",
)


def _time(slug: str) -> Occurrence:
    rows = Occurrence.objects.filter(event__slug=slug, starts_at__gt=timezone.now(), event__signup_here=True)
    return rows.order_by("starts_at", "pk")[0]


def at_meeting(name: str, slug: str) -> Callable[[], str]:
    """Return the address of a form or a list of a meeting."""
    return lambda: reverse(f"signup:{name}", args=[_time(slug).uuid])


def _hers(slug: str) -> Participant:
    user, time = User.objects.get(email=EMPLOYEE), _time(slug)
    if (place := time.offering.participants.active().filter(user=user).first()) is None:
        made = sign_up_one(actor=user, offering=time.offering, person=Person(user=user), key=f"skaerm-{slug}")
        place = made.participants.get()
    return place


def at_place(name: str, slug: str) -> Callable[[], str]:
    """Return the address of the employee's own place, or of what she does with it."""
    return lambda: reverse(f"signup:{name}", args=[_hers(slug).uuid])


def waiting() -> str:
    """Return the link in the mail of a guest who waits."""
    time, email = _time(FULL), "gaest.venter@firma.example"
    place = time.offering.participants.active().filter(email=email).first()
    if place is None:
        made = sign_up_one(actor=None, offering=time.offering, person=Person("Gæst", email), key="skaerm-venter")
        place = made.participants.get()
    assert place.state == PlaceState.WAITING
    return urlsplit(place_url(sign_up=place.sign_up, participant=place, email=email, ends_at=time.ends_at)).path


def confirmation() -> str:
    """Return the link in the mail of a guest who has not confirmed."""
    token = "til-skaermbilleder-og-proever"
    values = {
        "occurrence": _time(DAY),
        "email": "gaest@firma.example",
        "wish": {"name": "Gitte Gæst", "municipality": "0461", "answers": {}, "shown": ListShown.NOBODY.value},
        "expires_at": timezone.now() + timedelta(days=2),
        "sign_up": None,
    }
    GuestWish.objects.update_or_create(token_hash=hashed(token), defaults=values)
    return reverse("signup:confirm", args=[token])


def listed() -> str:
    """Return the list of those who may be seen, with somebody on it."""
    time = _time(DAY)
    place = time.offering.participants.booked().exclude(name="").order_by("pk")[0]
    consent_save(participant=place, shown=ListShown.ALL.value)
    return reverse("signup:participants", args=[time.uuid])


VISITOR: tuple[Screen, ...] = (
    Screen("tilmelding-gaest", at_meeting("guest", DAY)),
    Screen("tilmelding-gaest-fuldt", at_meeting("guest", FULL)),
    Screen("tilmelding-gaest-bekraeft", confirmation),
    Screen("tilmelding-venteliste", waiting),
    Screen("tilmelding-deltagere", listed),
    Screen("tilmelding-doedt-link", "/tilmelding/link/x/", status=404),
)
SIGNED_IN: tuple[Screen, ...] = (
    Screen("tilmelding", at_meeting("person", FREE), login=EMPLOYEE),
    Screen("tilmelding-allerede", at_meeting("person", DAY), login=EMPLOYEE),
    Screen("tilmelding-plads", at_place("place", DAY), login=EMPLOYEE),
    Screen("tilmelding-afmeld", at_place("cancel", DAY), login=EMPLOYEE),
    Screen("tilmelding-svar", at_place("answers", DAY), login=EMPLOYEE),
    Screen("tilmelding-deltagerliste", at_place("consent", DAY), login=EMPLOYEE),
    Screen("tilmelding-flyt", at_place("move", SERIES), login=EMPLOYEE),
)
