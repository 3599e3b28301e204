"""Subscribing by mail: asked for by a form, begun by a button behind a link, ended by one click.

Whoever asks is answered the same whatever address she names. What to write to it is decided by the worker, where nobody can
take the time.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.letters.content import Content, Link, rendered
from events.models import News, Subscription
from events.news.scopes import label, meetings_of
from events.news.seals import confirm_url, leave_url
from portal.core import audit, outbox
from portal.core.mail import queue_mail
from portal.core.models.outbox import OutboxMessage
from portal.seats.api import normal_email

TOPIC = "events.news.ask"
_LEAVE_HEADERS = "List-Unsubscribe=One-Click"


@transaction.atomic
def subscribe_ask(*, email: str, scope: str, scope_key: str) -> None:
    """Queue the wish; nothing is looked up here."""
    language = get_language() or "da"
    payload = {"email": normal_email(email), "scope": scope, "scope_key": scope_key, "language": language}
    outbox.enqueue(TOPIC, payload)


@outbox.handler(TOPIC)
def subscribe_answer(message: OutboxMessage) -> None:
    """Write to the address: a link to confirm, or that it hears already. Then forget what was asked."""
    asked: dict[str, Any] = message.payload
    if "@" not in asked.get("email", ""):
        # Answered already, or its writer has been erased meanwhile.
        return
    with transaction.atomic():
        row, _made = Subscription.objects.get_or_create(
            email=asked["email"],
            scope=asked["scope"],
            scope_key=asked["scope_key"],
            defaults={"language": asked["language"]},
        )
        with translation.override(asked["language"]):
            send(
                email=row.email,
                content=_known(row) if row.confirmed_at else _question(row),
                key=f"news.ask:{message.uuid}",
            )
        OutboxMessage.objects.filter(pk=message.pk).update(payload={})


def _question(row: Subscription) -> Content:
    about = {"about": label(row.scope, row.scope_key)}
    return Content(
        subject=_("Confirm that you want to hear about new meetings"),
        said=(
            _("Somebody, probably you, wants news of meetings to be sent to this address: %(about)s.") % about,
            _("Nothing is sent before you have opened the link and pressed the button."),
        ),
        links=(Link(_("Confirm the subscription"), confirm_url(row)),),
        after=(_("The link works for 7 days. If it was not you, do nothing: then the address is deleted again."),),
    )


def _known(row: Subscription) -> Content:
    return Content(
        subject=_("You hear about new meetings already"),
        said=(
            _("This address gets news of meetings already: %(about)s.") % {"about": label(row.scope, row.scope_key)},
        ),
        links=(Link(_("End the subscription"), leave_url([row])),),
    )


def send(*, email: str, content: Content, key: str, leave: str = "") -> None:
    """Queue a mail of the subscriptions; with `leave` mail programs show a button that ends them (RFC 8058)."""
    text, html = rendered(content)
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": _LEAVE_HEADERS} if leave else None
    queue_mail(to=email, subject=content.subject, text=text, html=html, headers=headers, key=key, secret=True)


@transaction.atomic
def subscription_confirm(*, subscription: Subscription) -> None:
    """Begin: what is announced already is no news to her. Confirming twice is confirming."""
    row = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if row.confirmed_at is not None:
        return
    row.confirmed_at = timezone.now()
    row.save(update_fields=["confirmed_at"])
    known = meetings_of(row.scope, row.scope_key, row.confirmed_at).values_list("pk", flat=True)
    News.objects.bulk_create(
        [News(subscription=row, occurrence_id=pk) for pk in known.order_by("pk")], ignore_conflicts=True
    )
    audit.record(actor=None, action="subscription.confirmed", obj=row, after={"scope": row.scope})


@transaction.atomic
def subscriptions_end(*, subscriptions: tuple[Subscription, ...]) -> None:
    """End them and forget the address; ending twice is ending."""
    for row in Subscription.objects.select_for_update().filter(pk__in=[row.pk for row in subscriptions]):
        audit.record(actor=None, action="subscription.ended", obj=row, before={"scope": row.scope})
        row.delete()
