"""Headings are the way through a page for those who hear it: none is empty, no level is left out, no two are alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.editorial.checks import rich_text
from portal.editorial.checks.rich_text import squeezed
from portal.editorial.checks.walk import Place, Rich, Title, walk
from portal.editorial.registry import Finding, Moment

# The page's own title is the only heading of the first level.
_PAGE = 1
# A longer paragraph in bold is emphasis.
_LONGEST_FAKE = 80


@dataclass(frozen=True, slots=True)
class _Seen:
    place: Place
    text: str
    level: int


def headings(moment: Moment, given: Any) -> Iterator[Finding]:
    """Yield headings that are empty, of the wrong level, or there twice; and bold lines that stand in for headings."""
    for _field, seen in _by_field(moment.page):
        yield from _faults(seen)
    yield from _twice([each for _field, seen in _by_field(moment.page) for each in seen])
    yield from _fakes(moment.page)


def _by_field(page: Any) -> list[tuple[str, list[_Seen]]]:
    """Return the headings of each field: levels are counted within one, since what stands around it is the template's."""
    found: dict[str, list[_Seen]] = {}
    for piece in walk(page):
        if isinstance(piece, Title):
            found.setdefault(piece.place.field, []).append(_Seen(piece.place, squeezed(piece.text), piece.level))
        elif isinstance(piece, Rich):
            inner = rich_text.read(piece.source).headings
            found.setdefault(piece.place.field, []).extend(_Seen(piece.place, h.text, h.level) for h in inner)
    return list(found.items())


def _faults(seen: list[_Seen]) -> Iterator[Finding]:
    before = _PAGE
    for each in seen:
        if not each.text:
            yield each.place.finding(_("the heading is empty. Write it, or delete it."))
        if each.level == _PAGE:
            text = _("“%(heading)s” is a heading of the first level, which only the page's title is. Choose level 2.")
            yield each.place.finding(text % {"heading": each.text})
        elif each.level > before + 1:
            text = _("“%(heading)s” is of level %(level)s and follows level %(before)s. Choose level %(right)s.")
            numbers = {"level": each.level, "before": before, "right": before + 1}
            yield each.place.finding(text % {"heading": each.text, **numbers})
        before = each.level


def _twice(seen: list[_Seen]) -> Iterator[Finding]:
    known: set[str] = set()
    for each in seen:
        if each.text and each.text.casefold() in known:
            text = _("the heading “%(heading)s” is there twice. Say in each what is special about its part.")
            yield each.place.finding(text % {"heading": each.text}, stops=False)
        known.add(each.text.casefold())


def _fakes(page: Any) -> Iterator[Finding]:
    for piece in walk(page):
        if isinstance(piece, Rich):
            for paragraph in rich_text.read(piece.source).paragraphs:
                is_bold = paragraph.text == paragraph.bold and len(paragraph.text) <= _LONGEST_FAKE
                if is_bold and paragraph.text[-1] not in ".!?:,;":
                    text = _("“%(line)s” is set in bold like a heading. Make it a heading, so that it is read as one.")
                    yield piece.place.finding(text % {"line": paragraph.text}, stops=False)
