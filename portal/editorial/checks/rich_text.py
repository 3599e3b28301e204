"""Rich text as the checks see it: its paragraphs, headings, links and pictures. Stored HTML, never rendered."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "li", "blockquote", "td", "th", "dt", "dd", "figcaption"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = frozenset({"b", "strong"})
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Heading:
    """A heading with its level."""

    level: int
    text: str = ""


@dataclass(slots=True)
class Link:
    """A link: to an object of the portal (`kind` "page" or "document", with its key) or to an address."""

    kind: str
    key: str
    href: str
    text: str = ""


@dataclass(slots=True)
class Picture:
    """A picture in the text; `alt` is None where the attribute is missing."""

    key: str
    alt: str | None


@dataclass(slots=True)
class Paragraph:
    """A stretch of running text; `bold` holds what of it is set in bold."""

    text: str = ""
    bold: str = ""


@dataclass(slots=True)
class RichContent:
    """What a text holds, each sort in its order."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.content = RichContent()
        self._heading: Heading | None = None
        self._link: Link | None = None
        self._paragraph = Paragraph()
        self._bold = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _HEADINGS:
            self._end_paragraph()
            self._heading = Heading(_HEADINGS[tag])
        elif tag in _BLOCKS:
            self._end_paragraph()
        elif tag == "br":
            self._paragraph.text += " "
        elif tag == "a":
            self._link = Link(given.get("linktype") or "", given.get("id") or "", given.get("href") or "")
            self.content.links.append(self._link)
        elif tag == "img" or (tag == "embed" and given.get("embedtype") == "image"):
            self.content.pictures.append(Picture(given.get("id") or "", given.get("alt")))
        self._bold += tag in _BOLD

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS and self._heading is not None:
            self.content.headings.append(self._heading)
            self._heading = None
        elif tag in _BLOCKS:
            self._end_paragraph()
        elif tag == "a":
            self._link = None
        self._bold -= tag in _BOLD and self._bold > 0

    def handle_data(self, data: str) -> None:
        if self._link is not None:
            self._link.text += data
        if self._heading is not None:
            self._heading.text += data
            return
        self._paragraph.text += data
        if self._bold:
            self._paragraph.bold += data

    def finished(self) -> RichContent:
        self._end_paragraph()
        for heading in self.content.headings:
            heading.text = squeezed(heading.text)
        return self.content

    def _end_paragraph(self) -> None:
        done, self._paragraph = self._paragraph, Paragraph()
        done.text, done.bold = squeezed(done.text), squeezed(done.bold)
        if done.text:
            self.content.paragraphs.append(done)


def squeezed(text: str) -> str:
    """Return a text with single spaces and none around it."""
    return _SPACE.sub(" ", text).strip()


def read(source: str) -> RichContent:
    """Return what a rich text holds."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.finished()
