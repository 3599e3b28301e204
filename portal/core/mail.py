"""Mail, queued in the transaction of its cause and sent by the worker with the same Message-ID at every attempt.

A mail may hold a link that opens a door for whoever has it. Such a mail is queued with `secret=True`: no screen shows its
text, and the row forgets it in the transaction that marks it as delivered. In the demo the rows are the receiver's mailbox,
so they keep it there.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from portal.core import outbox
from portal.core.failpoints import failpoint
from portal.core.models.outbox import OutboxMessage, OutboxState

TOPIC = "mail"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; the content is base64, because the row is JSON."""

    name: str
    mime_type: str
    content_base64: str

    @classmethod
    def from_bytes(cls, name: str, mime_type: str, content: bytes) -> "Attachment":
        """Wrap raw bytes."""
        return cls(name, mime_type, base64.b64encode(content).decode("ascii"))


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar file that mail programs act on. `method` is the file's own METHOD: the mail repeats it (RFC 6047)."""

    method: str
    content_base64: str

    @classmethod
    def from_bytes(cls, method: str, content: bytes) -> "CalendarPart":
        """Wrap raw bytes."""
        return cls(method, base64.b64encode(content).decode("ascii"))


def queue_mail(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    attachments: tuple[Attachment, ...] = (),
    calendar: CalendarPart | None = None,
    headers: Mapping[str, str] | None = None,
    key: str = "",
    secret: bool = False,
    forget: bool = False,
) -> OutboxMessage:
    """Queue one mail to one receiver; a `key` makes it leave once only, however often the request is repeated.

    `secret` says that the text is for the receiver alone, `forget` that the row must not know the receiver any longer than
    the mail needs.
    """
    payload: dict[str, Any] = {
        "to": to,
        # A line break in a subject would become a header of its own.
        "subject": " ".join(subject.split()),
        "text": text,
        "html": html,
        "attachments": [asdict(attachment) for attachment in attachments],
    }
    if calendar is not None:
        payload["calendar"] = asdict(calendar)
    if headers:
        payload["headers"] = dict(headers)
    if secret:
        payload["secret"] = True
    if forget:
        payload["forget"] = True
    return outbox.enqueue(TOPIC, payload, key=key, once=bool(key))


@outbox.handler(TOPIC)
def send(message: OutboxMessage) -> None:
    """Hand the mail to the mail server."""
    email = build(message)
    email.send()
    failpoint("mail.after_accept")
    if message.payload.get("forget"):
        OutboxMessage.objects.filter(pk=message.pk).update(payload=emptied(""))
    elif message.payload.get("secret") and not settings.DEMO:
        OutboxMessage.objects.filter(pk=message.pk).update(payload=without_secret(message.payload))


def emptied(receiver: str) -> dict[str, Any]:
    """Return what is kept of a mail that nobody must be known from any more: that there was one."""
    return {"to": receiver, "subject": "", "text": "", "html": "", "attachments": []}


def forget_undelivered(*, before: datetime) -> None:
    """Throw away mails that were to be forgotten and could not be delivered since then."""
    OutboxMessage.objects.filter(topic=TOPIC, payload__forget=True, created_at__lt=before).delete()


def forget_secrets(*, before: datetime) -> None:
    """Empty secret mails that gave up before then: the link opens nothing any more, and who was written to stays known."""
    dead = OutboxMessage.objects.filter(topic=TOPIC, payload__secret=True, state=OutboxState.DEAD)
    for message in dead.filter(created_at__lt=before).exclude(payload__text="").order_by("pk"):
        # Sent again meanwhile, it still needs its text.
        same = OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.DEAD)
        same.update(payload=without_secret(message.payload))


def is_forgotten(message: OutboxMessage) -> bool:
    """Tell whether the text of a secret mail is gone, so that sending it again would send nothing."""
    return bool(message.payload.get("secret")) and not message.payload.get("text")


def without_secret(payload: dict[str, Any]) -> dict[str, Any]:
    """Return what a screen may show of a mail, and what is kept of a secret one: that it left, to whom and why."""
    if not payload.get("secret"):
        return payload
    kept = {name: value for name, value in payload.items() if name not in ("calendar", "headers")}
    return {**kept, "text": "", "html": "", "attachments": []}


def undeliverable(keys: Iterable[str]) -> frozenset[str]:
    """Return which of the keyed mails could not be delivered, so that whoever sent them can look at the address."""
    dead = OutboxMessage.objects.filter(topic=TOPIC, key__in=list(keys), state=OutboxState.DEAD)
    return frozenset(dead.values_list("key", flat=True))


def recall_mail(*, key: str) -> int:
    """Throw away a mail that has not left, because what it says is no longer so; return how many rows that were."""
    unsent = OutboxMessage.objects.filter(topic=TOPIC, key=key, state__in=[OutboxState.WAITING, OutboxState.DEAD])
    return unsent.delete()[0]


class _Mail(EmailMultiAlternatives):
    """A mail whose calendar part repeats the METHOD in its header: without it Outlook shows a file and no meeting."""

    method = ""

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """Add the parameter, which a content type given to Django cannot carry in every version."""
        message = super().message(*args, **kwargs)
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                part.set_param("method", self.method)
        return message


def build(message: OutboxMessage) -> EmailMultiAlternatives:
    """Make the mail of an outbox row; the demo's mailbox page shows what this returns."""
    payload: dict[str, Any] = message.payload
    email = _Mail(
        subject=payload["subject"],
        body=payload["text"],
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[payload["to"]],
        headers={**payload.get("headers", {}), "Message-ID": message.message_id},
    )
    if payload.get("html"):
        email.attach_alternative(payload["html"], "text/html")
    if calendar := payload.get("calendar"):
        _attach_calendar(email, calendar["method"], base64.b64decode(calendar["content_base64"]))
    for item in payload.get("attachments", []):
        email.attach(item["name"], base64.b64decode(item["content_base64"]), item["mime_type"])
    return email


def _attach_calendar(email: _Mail, method: str, content: bytes) -> None:
    """Add the file as the part that calendars act on, and as a file for programs that show no such part."""
    email.method = method
    email.attach_alternative(content.decode(), "text/calendar")
    email.attach("moede.ics", content, "application/ics")
