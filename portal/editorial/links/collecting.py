"""The addresses of other sites that a page leads to."""

from typing import Any
from urllib.parse import urldefrag

from portal.editorial.checks import rich_text
from portal.editorial.checks.internal_links import own_hosts, own_path
from portal.editorial.checks.walk import Address, Place, Rich, walk

# Opened by the reader's own programs, and nothing that a server could be asked about.
_NO_SERVER = ("mailto:", "tel:", "sms:", "#")


def addresses(page: Any) -> list[tuple[Place, str]]:
    """Return each address outside the portal with where it stands; the same address may stand in several places."""
    hosts = own_hosts()
    found = [(place, url.strip()) for place, url in _written(page)]
    return [
        (place, urldefrag(url).url)
        for place, url in found
        if url and not url.lower().startswith(_NO_SERVER) and own_path(url, hosts) is None
    ]


def _written(page: Any) -> list[tuple[Place, str]]:
    found: list[tuple[Place, str]] = []
    for piece in walk(page):
        if isinstance(piece, Address):
            found.append((piece.place, piece.url))
        elif isinstance(piece, Rich):
            found += [(piece.place, link.href) for link in rich_text.read(piece.source).links if not link.kind]
    return found
