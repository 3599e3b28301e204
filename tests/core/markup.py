"""A small strict reader of HTML: what the browser would mend silently is an error here."""

from collections import Counter
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "rect", "path", "circle", "line", "wbr"}
_PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody"},
    "td": {"tr"},
    "th": {"tr"},
    "option": {"select"},
    "summary": {"details"},
    "legend": {"fieldset"},
}
_PHRASING_ONLY = {"p", "span", "h1", "h2", "h3", "h4", "h5", "label", "a", "button", "strong"}
_BLOCKS = {
    "div",
    "p",
    "ul",
    "ol",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "section",
    "table",
    "form",
    "fieldset",
    "details",
}
_INTERACTIVE = {"a", "button", "input", "select", "textarea", "details"}


class Reader(HTMLParser):
    """Collect what is wrong with a piece of HTML, and what the tests ask about it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.problems: list[str] = []
        self.ids: Counter[str] = Counter()
        self.references: list[str] = []
        self.headings: list[int] = []
        self.stylesheets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._check_attributes(tag, values)
        self._check_place(tag)
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(int(tag[1]))
        if tag == "link" and values.get("rel") == "stylesheet":
            self.stylesheets.append(values["href"] or "")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check_attributes(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
            return
        self.open.pop()

    def _check_attributes(self, tag: str, values: dict[str, str | None]) -> None:
        self.problems += [f"<{tag} {name}>" for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not values.get("src")):
            self.problems.append(f"inline <{tag}>")
        if (values.get("href") or "").startswith("javascript:"):
            self.problems.append(f"<{tag}> runs a script")
        if "id" in values:
            self.ids[values["id"] or ""] += 1
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            self.references += (values.get(name) or "").split()

    def _check_place(self, tag: str) -> None:
        parent = self.open[-1] if self.open else ""
        if parent and tag in _PARENTS and parent not in _PARENTS[tag]:
            self.problems.append(f"<{tag}> in <{parent}>")
        if tag in _BLOCKS and parent in _PHRASING_ONLY:
            self.problems.append(f"<{tag}> in <{parent}>")
        if tag in _INTERACTIVE and any(name in {"a", "button"} for name in self.open):
            self.problems.append(f"<{tag}> in a link or a button")

    @property
    def all_problems(self) -> list[str]:
        """Everything wrong, the whole seen at its end."""
        repeated = [f"id {name!r} twice" for name, count in self.ids.items() if count > 1]
        lost = [f"nothing has the id {name!r}" for name in self.references if name not in self.ids]
        return [*self.problems, *repeated, *lost, *(f"<{tag}> is never closed" for tag in self.open)]


def read(html: str) -> Reader:
    """Return the reader after the whole text."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader
