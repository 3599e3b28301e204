"""Short words for tests of the meetings' mails: sign up, send, and read back what a mail server would get."""

import email
import email.policy
from email.message import EmailMessage
from itertools import count
from typing import Any

from django.core import mail as django_mail
from icalendar import Calendar

from events.api import Occurrence
from events.models import Letter
from portal.core import outbox
from portal.core.mail import TOPIC
from portal.core.models import OutboxMessage
from portal.seats.api import OfferingSpec, Person, SignUp, sign_up_group, sign_up_one
from tests.factories.events import EventPageFactory, local, occurrence

START = local(2027, 5, 12, 15, 30)
_numbers = count(1)


def meeting(capacity: int | None = 2, **values: Any) -> Occurrence:
    """Return a meeting with sign-up here."""
    seats = values.pop("seats", OfferingSpec(capacity=capacity))
    event = values.pop("event", None) or EventPageFactory.make(title="Når samtalen bliver svær", signup_here=True)
    return occurrence(values.pop("starts_at", START), event=event, seats=seats, **values)


def person(name: str) -> Person:
    """Return a person with an address of her own."""
    return Person(name, f"{name.lower()}@kommune.example")


def one(made: Occurrence, name: str = "Anna", **values: Any) -> SignUp:
    """Sign up one person."""
    values = {"actor": None, "key": f"letters-{next(_numbers)}", "person": person(name), **values}
    return sign_up_one(offering=made.offering, **values)


def group(made: Occurrence, *names: str, **values: Any) -> SignUp:
    """Sign up a group; its contact does not come along."""
    values = {
        "actor": None,
        "key": f"letters-{next(_numbers)}",
        "people": [person(name) for name in names],
        "contact_name": "Karen Kontakt",
        "contact_email": "karen@kommune.example",
        **values,
    }
    return sign_up_group(offering=made.offering, **values)


def delivered() -> list[EmailMessage]:
    """Let the worker send what waits, and return the new mails as a mail program reads them."""
    django_mail.outbox.clear()
    outbox.drain()
    return [parsed(mail.message().as_bytes()) for mail in django_mail.outbox]


def parsed(content: bytes) -> EmailMessage:
    """Read a mail with the parser of the standard library."""
    return email.message_from_bytes(content, policy=email.policy.default)


def queued() -> list[OutboxMessage]:
    """Return the mails that have not left, in order."""
    return list(OutboxMessage.objects.filter(topic=TOPIC, state="waiting").order_by("pk"))


def told() -> list[tuple[str, str]]:
    """Return kind and receiver of all letters, in order."""
    rows = Letter.objects.order_by("created_at", "pk").values_list("kind", "email")
    return [(kind, address.split("@")[0]) for kind, address in rows]


def calendar_part(mail: EmailMessage) -> EmailMessage | None:
    """Return the part that calendars act on."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) <= 1
    return parts[0] if parts else None


def calendar_of(mail: EmailMessage) -> Calendar | None:
    """Return the calendar file of a mail, having compared what is said twice."""
    part = calendar_part(mail)
    if part is None:
        assert not list(mail.iter_attachments())
        return None
    content = content_of(part)
    [file] = list(mail.iter_attachments())
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "moede.ics")
    assert file.get_payload(decode=True).replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n")
    calendar = Calendar.from_ical(content)
    assert part.get_param("method") == calendar["METHOD"]
    assert str(part.get_param("charset")).lower() == "utf-8"
    return calendar


def event_of(mail: EmailMessage) -> Any:
    """Return the one meeting of a mail's calendar file."""
    calendar = calendar_of(mail)
    assert calendar is not None
    [event] = calendar.walk("VEVENT")
    return event


def content_of(part: EmailMessage) -> bytes:
    """Return what a part holds, decoded."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def text_of(mail: EmailMessage) -> str:
    """Return the mail as text."""
    return mail.get_body(("plain",)).get_content()


def html_of(mail: EmailMessage) -> str:
    """Return the mail as HTML."""
    return mail.get_body(("html",)).get_content()
