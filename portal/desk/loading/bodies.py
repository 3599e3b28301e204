"""Blocks as the example files write them, turned into the values that a StreamField stores."""

import json
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.html import escape

from portal.core.blocks import BodyStreamBlock
from portal.desk.loading.context import Loading, Row


def block(kind: str, value: Any) -> Row:
    """Return one stored block."""
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def body(loading: Loading, blocks: Iterable[Row | str]) -> str:
    """Return the JSON of a body; a plain text is a paragraph without markup."""
    return json.dumps([stored for given in blocks for stored in _stored(loading, given)])


def native_body(loading: Loading, blocks: Iterable[Row | str]) -> tuple[tuple[str, Any], ...]:
    """Return a body as the services of other packages take it: block types with their values."""
    stored = BodyStreamBlock().to_python([item for given in blocks for item in _stored(loading, given)])
    return tuple((child.block_type, child.value) for child in stored)


def link_items(loading: Loading, links: Iterable[Row], *, name: str = "page") -> list[Row]:
    """Return the items of a list of links, without those whose page somebody has deleted."""
    items = []
    for link in links:
        page = loading.find(link[name])
        if page is not None:
            items.append(block("item", {"text": link["text"], "page": page.pk, "url": ""}))
    return items


def _stored(loading: Loading, given: Row | str) -> list[Row]:
    if isinstance(given, str):
        return [block("paragraph", f"<p>{escape(given)}</p>")]
    return _MAKERS[given["type"]](loading, given)


def _heading(loading: Loading, given: Row) -> list[Row]:
    return [block("heading", given["text"])]


def _paragraph(loading: Loading, given: Row) -> list[Row]:
    return [block("paragraph", given["html"])]


def _quote(loading: Loading, given: Row) -> list[Row]:
    return [block("quote", {"quote": given["quote"], "who": given["who"]})]


def _notice(loading: Loading, given: Row) -> list[Row]:
    return [block("notice", {"heading": given["heading"], "text": given["html"]})]


def _links(loading: Loading, given: Row) -> list[Row]:
    items = link_items(loading, given["links"])
    return [block("links", {"heading": given.get("heading", ""), "links": items})] if items else []


_MAKERS: dict[str, Callable[[Loading, Row], list[Row]]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "quote": _quote,
    "notice": _notice,
    "links": _links,
}
