"""What a mail says, before it is text and HTML: both are drawn from the same parts, so that neither says more."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from events.models import Occurrence
from portal.core.formats import period


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words; in the text the address follows them."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The parts of a mail, in the order in which they are read."""

    subject: str
    name: str = ""
    said: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    list_title: str = ""
    items: tuple[Any, ...] = field(default=())
    after: tuple[str, ...] = ()


def rendered(content: Content) -> tuple[str, str]:
    """Return the mail as text and as HTML, in the active language."""
    context = {"content": content, "language": translation.get_language()}
    text = render_to_string("events/letters/letter.txt", context).strip() + "\n"
    return text, render_to_string("events/letters/letter.html", context)


def page_url(occurrence: Occurrence) -> str:
    """Return the whole address of the meeting's page; empty for a page that is in no site."""
    path = occurrence.event.get_url()
    return urljoin(settings.WAGTAILADMIN_BASE_URL, path) if path else ""


def when(occurrence: Occurrence) -> str:
    """Return "tirsdag 12. maj 2026 kl. 15.30–17.30"."""
    return period(occurrence.starts_at, occurrence.ends_at)
