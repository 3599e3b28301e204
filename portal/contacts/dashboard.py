"""What the contact cards add to the editors' dashboard: cards whose consent waits for an answer."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.contacts.models import ContactCard
from portal.contacts.review import REVIEW_DUE
from portal.core.sections import Section

MOST = 10


def reviews_due(request: HttpRequest, user: Any) -> Section | None:
    """Return the shown cards that wait to be confirmed, or nothing for who may not change them."""
    if not user.has_perm("contacts.change_contactcard"):
        return None
    cards: Any = ContactCard.objects.active().in_review_state(REVIEW_DUE)
    rows = [(str(card), review_url(card)) for card in cards.in_order()[: MOST + 1]]
    if not rows:
        return None
    context = {"cards": rows[:MOST], "more": len(rows) > MOST}
    return Section(_("Contact cards to confirm"), "kontaktkort", "contacts/admin/section_reviews.html", context)


def review_url(card: ContactCard) -> str:
    """Return the address of a card's review in the admin."""
    return reverse("wagtailsnippets_contacts_contactcard:review", args=[card.pk])
