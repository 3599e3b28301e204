"""What a template must and must not hold.

It states its inputs in a head comment; it carries no inline style, script or handler, which the content policy would
refuse; and every word a person reads comes from the catalogues, so that both languages are whole.
"""

import re
from collections.abc import Iterable, Iterator

from tests.house.findings import Finding, Source

_HEAD = re.compile(r"\A(?:<!DOCTYPE html>)?(\s*\{%\s*(extends|load)[^%]*%\})*\s*(\{#|\{%\s*comment\b)")
_INLINE_STYLE = re.compile(r"<[a-z][^>]*\sstyle\s*=|<style\b", re.IGNORECASE)
_INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(ld\+)?json)", re.IGNORECASE)
_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=|href=[\"']javascript:", re.IGNORECASE)

_NOT_TEXT = re.compile(
    r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*verbatim\b.*?\{%\s*endverbatim\s*%\}"
    r"|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}"
    r"|<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>|<!doctype[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_READ_ATTRIBUTE = re.compile(r"\s(alt|title|placeholder|aria-label|aria-description)\s*=\s*\"([^\"]*)\"", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_WORD = re.compile(r"[^\W\d_]{2,}")
# The portal's name is the same in both languages.
_NAMES = {"Kompetenceportalen"}


def check(sources: Iterable[Source]) -> Iterator[Finding]:
    """Report what breaks the rules above."""
    for source in sources:
        if not _HEAD.match(source.text):
            yield Finding(source.path, 1, "no head comment that states the variables it expects")
        yield from _matches(source, _INLINE_STYLE, "inline style: the content policy refuses it")
        yield from _matches(source, _INLINE_SCRIPT, "inline script: the content policy refuses it")
        yield from _matches(source, _HANDLER, "inline handler: the content policy refuses it")
        yield from _untranslated(source)


def _matches(source: Source, pattern: re.Pattern[str], message: str) -> Iterator[Finding]:
    for match in pattern.finditer(
        _blank(source.text, re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.DOTALL))
    ):
        yield Finding(source.path, _line(source.text, match.start()), message)


def _untranslated(source: Source) -> Iterator[Finding]:
    markup = _blank(source.text, _NOT_TEXT)
    for match in _READ_ATTRIBUTE.finditer(markup):
        yield from _words(source, match[2], match.start())
    text = _blank(_blank(markup, _TAG), _ENTITY)
    position = 0
    for line in text.splitlines(keepends=True):
        yield from _words(source, line, position)
        position += len(line)


def _words(source: Source, text: str, position: int) -> Iterator[Finding]:
    words = [word for word in _WORD.findall(text) if word not in _NAMES]
    if words:
        yield Finding(source.path, _line(source.text, position), f"text outside the catalogues: {' '.join(words)}")


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    """Replace matches by spaces, keeping every position and line break."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
