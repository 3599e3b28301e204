"""The consent behind a card: given, asked for again after a year, confirmed or withdrawn. A case of `portal.workflows`.

What the definition (data/workflows/contact_card.toml) names is registered here, together with the services around it.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.contacts.models import ContactCard, ReviewLink
from portal.core import audit
from portal.core.errors import RefusedError
from portal.core.mail import queue_mail
from portal.workflows.api import (
    Asker,
    Case,
    Happening,
    NoParameters,
    Registry,
    Scope,
    Via,
    case_start,
    case_transition,
)
from search.api import reindex_object

KIND = "contacts.card"
REVIEW_DUE, WITHDRAWN = "review_due", "withdrawn"
CONFIRM, WITHDRAW = "confirm", "withdraw"
VALID_FOR = timedelta(days=60)
AT_ONCE = 500
_TOKEN_BYTES = 32


class DeadLinkError(RefusedError):
    """The link is unknown, used, too old, or the question has been answered: which of them, nobody is told."""


def hashed(token: str) -> str:
    """Return what the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def review_begin(*, card: ContactCard, actor: Any) -> Case:
    """Note that the consent behind a card has been given today; asked again it is the same review."""
    return case_start(actor=actor, kind=KIND, subject=card, place=_place(card))


def reviews_begin() -> None:
    """Begin the review of shown cards that have none: those from before, and those that a load brought."""
    for card in ContactCard.objects.active().never_reviewed().order_by("pk")[:AT_ONCE]:
        review_begin(card=card, actor=None)


@transaction.atomic
def consent_renew(*, card: ContactCard, actor: Any) -> Case:
    """Show a card again whose consent was withdrawn and has been given again. The former review stays as it ended."""
    card = ContactCard.objects.select_for_update().get(pk=card.pk)
    if not card.is_withdrawn:
        return review_begin(card=card, actor=actor)
    case = review_begin(card=card, actor=actor)
    card.active = True
    card.save(update_fields=["active"])
    reindex_object(card)
    audit.record(actor=actor, action="contact_card.show", obj=card, before={"active": False}, after={"active": True})
    return case


def link_find(*, token_hash: str) -> ReviewLink | None:
    """Return the link if it works."""
    link = ReviewLink.objects.select_related("case__definition").filter(token_hash=token_hash).first()
    return link if link is not None and link.works else None


@transaction.atomic
def link_answer(*, token_hash: str, answer: str, comment: str = "") -> Case:
    """Answer by the link, once. The same answer sent twice is one answer.

    Raises:
        DeadLinkError: the link does not work, or does not any more.
        RefusedError: the definition in force does not let the mailbox answer so.
    """
    link = ReviewLink.objects.select_related("case__definition").filter(token_hash=token_hash).first()
    if link is None:
        raise DeadLinkError(_("The link does not work any more."))
    # The case first, as every transition does: two clicks follow each other, and the second one finds the link used.
    case: Case = Case.objects.locked().get(pk=link.case_id)
    link = ReviewLink.objects.select_for_update().get(pk=link.pk)
    if link.used_at is not None and link.answer == answer:
        return case
    link.case = case
    if not link.works:
        raise DeadLinkError(_("The link does not work any more."))
    with translation.override(settings.LANGUAGE_CODE):
        asker = Asker(via=Via.LINK, label=translation.gettext("The card's own mailbox"))
    case = case_transition(asker=asker, case=case, transition=answer, expected=link.case_number, comment=comment)
    link.used_at, link.answer = timezone.now(), answer
    link.save(update_fields=["used_at", "answer"])
    return case


def register(registry: Registry) -> None:
    """Add what the definition names; called when the app is ready."""
    registry.kind(KIND, origin=__name__, states=(REVIEW_DUE, WITHDRAWN))
    registry.guard("contacts.is_shown")(is_shown)
    registry.guard("contacts.has_mailbox")(has_mailbox)
    registry.effect("contacts.ask_mailbox")(ask_mailbox)
    registry.effect("contacts.hide_card")(hide_card)


def is_shown(happening: Happening, _none: NoParameters) -> str:
    """Ask nobody about a card that nobody sees."""
    return "" if happening.subject.active else _("The card is not shown, so nobody is asked about it.")


def has_mailbox(happening: Happening, _none: NoParameters) -> str:
    """Without an address there is nowhere to send a link to."""
    return (
        "" if happening.subject.email else _("The card has no e-mail address. Call instead, and note the answer here.")
    )


def ask_mailbox(happening: Happening, _none: NoParameters) -> None:
    """Send the card's mailbox a link; a card with a telephone alone waits on the editors' list."""
    card: ContactCard = happening.subject
    if not card.email:
        return
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = ReviewLink.objects.create(
        case=happening.case,
        case_number=happening.number,
        token_hash=hashed(token),
        expires_at=happening.at + VALID_FOR,
    )
    with translation.override(settings.LANGUAGE_CODE):
        address = settings.WAGTAILADMIN_BASE_URL + reverse("contacts:open", args=[token])
        text = render_to_string("contacts/review/mail.txt", {"card": card, "link": address, "until": link.expires_at})
        subject = translation.gettext("Is this contact card still right?")
        queue_mail(to=card.email, subject=subject, text=text, key=happening.key("ask_mailbox"), secret=True)


def hide_card(happening: Happening, _none: NoParameters) -> None:
    """Take the card off every page and out of search; saving it tells the page cache."""
    card: ContactCard = happening.subject
    if card.active:
        card.active = False
        card.save(update_fields=["active"])
        reindex_object(card)


def _place(card: ContactCard) -> Scope:
    return Scope(
        municipality=card.municipality.code if card.municipality else "",
        region=card.region.slug if card.region else "",
        party=card.party.key if card.party else "",
    )
