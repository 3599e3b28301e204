"""Rich text as plain text that keeps what a reader sees: paragraphs, headings, list points, where links lead, pictures."""

from html.parser import HTMLParser

from django.utils.translation import gettext as _

_BREAKS = frozenset({"p", "div", "ul", "ol", "table", "tr", "blockquote", "hr", "br"})
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}


class _Reader(HTMLParser):
    """Gathers the lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(_target(given))
        elif tag == "embed":
            self._line(_("Picture or video: %(what)s") % {"what": given.get("alt") or given.get("url") or ""})
        elif tag == "li":
            self._line("• ")
        elif tag in _HEADINGS:
            self._line(f"{_HEADINGS[tag]} ")
        elif tag in _BREAKS:
            self._line("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            target = self.links.pop()
            self.lines[-1] += f" <{target}>" if target else ""
        elif tag in _BREAKS or tag in _HEADINGS or tag == "li":
            self._line("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data

    def _line(self, start: str) -> None:
        if self.lines[-1].strip():
            self.lines.append(start)
        else:
            self.lines[-1] = start


def _target(given: dict[str, str | None]) -> str:
    kind = given.get("linktype")
    return f"{kind} {given.get('id')}" if kind else given.get("href") or ""


def plain(source: str) -> str:
    """Return the text of rich text as it is stored."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    lines = (" ".join(line.split()) for line in reader.lines)
    return "\n".join(line for line in lines if line)
