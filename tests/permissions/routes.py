"""Every address of the portal, from the URL resolver itself; the interface in English is the same patterns again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
_NAMED = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
_GROUP = re.compile(r"\((?!\?)(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


@dataclass(frozen=True)
class Route:
    """One pattern: what it is called, and its text with a `<name>` for each value."""

    key: str
    text: str
    view: Any = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of its values, in order."""
        return tuple(_CONVERTER.findall(self.text))

    def address(self, values: Mapping[str, Any]) -> str:
        """Return the address with the values filled in."""
        return "/" + _CONVERTER.sub(lambda match: str(values[match[1]]), self.text)

    def __str__(self) -> str:
        return f"{self.key} (/{self.text})"


def routes(resolver: URLResolver | None = None) -> list[Route]:
    """Return every pattern below a resolver: all of them, when none is named."""
    return list(_walk(resolver or get_resolver(), "", ()))


def _walk(resolver: URLResolver, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        text = prefix + _plain(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, text, inner)
        elif isinstance(entry, URLPattern):
            yield Route(":".join((*namespaces, entry.name or f"/{text}")), text, entry.callback)


def _plain(pattern: Any) -> str:
    """Return a pattern as text; a regular expression's groups become values like those of a path."""
    text = str(pattern)
    if not hasattr(pattern, "_is_endpoint") or ("<" in text and "(?P" not in text):
        return text
    numbers = iter(range(9))
    text = text.removeprefix("^").removesuffix("$")
    text = _NAMED.sub(lambda match: f"<{match[1]}>", text)
    text = _GROUP.sub(lambda match: f"<value{next(numbers)}>", text)
    return text.replace("\\.", ".").replace(".*", "hvad-som-helst")
