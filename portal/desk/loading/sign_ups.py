"""The example's sign-ups, in the demo only: they stand in the services' own line, and their mails in the demo's mailbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from events.api import EventPage, Occurrence
from portal.accounts.api import User
from portal.desk.loading.context import Loading, Row, read
from portal.organisations.api import Municipality, Unit
from portal.seats.api import Offering, Person, SignUp, offering_save, sign_up_group, sign_up_one, spec_of


def load_sign_ups(loading: Loading) -> None:
    """Sign up at the example's meetings whoever has never been."""
    made = 0
    for row in read("events")["event"]:
        wanted = [
            (f"sign-up:{row['key']}:{number}", wish)
            for number, wish in enumerate(row.get("sign_ups", []), start=1)
            if loading.wants(f"sign-up:{row['key']}:{number}")
        ]
        time = _first_time(loading, row["key"]) if wanted else None
        if time is None:
            continue
        with _open(time.offering, past=time.ends_at <= timezone.now()):
            for key, wish in wanted:
                loading.remember(key, _sign_up(time.offering, key, wish))
        made += len(wanted)
    loading.say(f"sign-ups: {made}")


def _first_time(loading: Loading, key: str) -> Occurrence | None:
    page = loading.find(f"event:{key}")
    if not isinstance(page, EventPage) or not page.signup_here:
        return None
    found: Occurrence | None = page.occurrences.select_related("offering").order_by("starts_at", "pk").first()
    # A meeting of today may be on just now: whoever loads in the afternoon gets it without sign-ups.
    now = timezone.now()
    return None if found is None or found.cancelled or found.starts_at <= now < found.ends_at else found


@contextmanager
def _open(offering: Offering, *, past: bool) -> Iterator[None]:
    """Let people have signed up for what is over: no service would, so the seats' end is moved for a moment."""
    before = spec_of(offering)
    if past:
        until = timezone.now() + timedelta(minutes=5)
        offering_save(actor=None, offering=offering, spec=replace(before, seats_until=until, deadline=None))
    yield
    if past:
        offering_save(actor=None, offering=offering, spec=before)


def _sign_up(offering: Offering, key: str, wish: Row) -> SignUp:
    people = list(_people(wish))
    actor = _user(wish["actor"]) if "actor" in wish else people[0].user
    municipality = Municipality.objects.get(code=wish["municipality"])
    unit = Unit.objects.filter(municipality=municipality, code=wish.get("unit", "")).first()
    contact = {
        "contact_name": wish.get("contact", str(actor) if actor else people[0].name),
        "contact_email": wish.get("email", getattr(actor, "email", "")),
    }
    if len(people) == 1 and "unnamed" not in wish:
        return sign_up_one(
            actor=actor, offering=offering, person=people[0], key=key, municipality=municipality, unit=unit, **contact
        )
    return sign_up_group(
        actor=actor,
        offering=offering,
        people=people,
        unnamed=wish.get("unnamed", 0),
        key=key,
        municipality=municipality,
        unit=unit,
        **contact,
    )


def _people(wish: Row) -> Iterator[Person]:
    """Yield who comes; a group's own people have no address, so that its contact hears about all of them."""
    for email in wish.get("users", []):
        user = _user(email)
        yield Person(name=str(user), user=user)
    count = wish.get("count", 0)
    for number in range(1, count + 1):
        name = wish["function"] if count == 1 else f"{wish['function']} {number}"
        yield Person(name=name, email=wish["email"] if count == 1 else "")


def _user(email: str) -> User:
    return User.objects.get(email=email)
