"""The screens of groups and of a municipality's people, at the example's meetings."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from events.models import Occurrence
from portal.accounts.api import User
from portal.organisations.api import Municipality
from portal.seats.api import Person, PlaceState, SignUp, sign_up_group
from tests.browser.screens import COORDINATOR, MANAGER, Screen

# A theme day with free seats, a meeting with a waiting list, one with several dates.
DAY, FULL, SERIES = "fra-profil-til-handleplan", "borgerservice-om-tre-aar", "netvaerk-for-nye-i-borgerservice"


def _time(slug: str) -> Occurrence:
    rows = Occurrence.objects.filter(event__slug=slug, starts_at__gt=timezone.now(), event__signup_here=True)
    return rows.order_by("starts_at", "pk")[0]


def form(slug: str) -> Callable[[], str]:
    """Return the address of the form for a group."""
    return lambda: reverse("groups:new", args=[_time(slug).uuid])


def group(slug: str) -> SignUp:
    """Return the coordinator's group at a meeting: two with names, and one whose name comes later."""
    user, offering, key = User.objects.get(email=COORDINATOR), _time(slug).offering, f"skaerm-gruppe-{slug}"
    return SignUp.objects.filter(key=key).first() or sign_up_group(
        actor=user,
        offering=offering,
        key=key,
        people=[Person(f"Medarbejder {word}", f"{word}.{slug}@odense.example") for word in ("et", "to")],
        unnamed=1,
        contact_name="Koordinator, Odense",
        contact_email=COORDINATOR,
        municipality=Municipality.objects.get(code="0461"),
    )


def at_group(name: str, slug: str, **query: Any) -> Callable[[], str]:
    """Return the address of a group's page, or of what is done with it; `all` names everybody."""
    marked = "?all=1" if query.get("all") else ""
    return lambda: reverse(f"groups:{name}", args=[group(slug).uuid]) + marked


def substitute() -> str:
    """Return the form for another person in a place."""
    made = group(SERIES)
    place = made.participants.filter(state=PlaceState.BOOKED).exclude(name="").order_by("pk")[0]
    return reverse("groups:substitute", args=[made.uuid, place.uuid])


SIGNED_IN: tuple[Screen, ...] = (
    Screen("gruppe-ny", form(DAY), login=COORDINATOR),
    Screen("gruppe-ny-leder", form(FULL), login=MANAGER),
    Screen("gruppe-ikke-din", form(DAY), login="medarbejder.kontaktcenter@portal.example", status=403),
    Screen("gruppe", at_group("group", SERIES), login=COORDINATOR),
    Screen("gruppe-venteliste", at_group("group", FULL), login=COORDINATOR),
    Screen("gruppe-afmeld", at_group("cancel", SERIES, all=True), login=COORDINATOR),
    Screen("gruppe-flyt", at_group("move", SERIES, all=True), login=COORDINATOR),
    Screen("gruppe-forlad", at_group("leave", FULL), login=COORDINATOR),
    Screen("gruppe-anden-person", substitute, login=COORDINATOR),
    Screen("kommune-moeder", "/min-kommune/odense/moeder/", login=COORDINATOR),
    Screen("kommune-moeder-tidligere", "/min-kommune/odense/moeder/?tid=tidligere", login=COORDINATOR),
    Screen("mine-medarbejdere-paa-moeder", "/tilmelding/gruppe/mine/", login=MANAGER),
)
