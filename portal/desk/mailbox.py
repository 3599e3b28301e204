"""The demo's mailbox: the mails that the portal would have sent, as their receivers would see them. In the demo only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core import mail
from portal.core.models import OutboxMessage

MOST = 100


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as a reader sees it."""

    uuid: UUID
    to: str
    sender: str
    subject: str
    text: str
    attachments: tuple[str, ...]
    created_at: datetime
    state: str


def shown(message: OutboxMessage) -> ShownMail:
    """Build the mail that the worker would hand over, and take from it what a mail program shows."""
    built: Any = mail.build(message)
    return ShownMail(
        uuid=message.uuid,
        to=", ".join(built.to),
        sender=built.from_email,
        subject=built.subject,
        text=built.body,
        attachments=tuple(str(attachment[0]) for attachment in built.attachments),
        created_at=message.created_at,
        state=message.get_state_display(),
    )


def _mails() -> Any:
    if not settings.DEMO:
        raise Http404("There is no mailbox outside the demo.")
    return OutboxMessage.objects.filter(topic=mail.TOPIC).order_by("-created_at", "-id")


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the newest mails."""
    mails = [shown(message) for message in _mails()[:MOST]]
    return render(request, "desk/mailbox.html", {"mails": mails})


@never_cache
@require_safe
def one_mail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one mail."""
    return render(request, "desk/mail.html", {"mail": shown(get_object_or_404(_mails(), uuid=uuid))})
