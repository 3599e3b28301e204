"""Message catalogues: one per area, written and compiled without the system's gettext tools.

A package's texts stand beside each other in a catalogue of their own, so that two people rarely edit the same file. The
files carry no dates and no line numbers: a diff shows changed texts and nothing else. The message ids are English, so
only Danish has catalogues.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "da"
# Wagtail's own strings that its Danish translation lacks: kept by hand, nothing of ours to extract.
BY_HAND = "wagtail"
# Packages that have an area of their own; what no area names belongs to the ground.
AREAS: dict[str, tuple[str, ...]] = {
    "core": ("portal/core", "portal/settings", "portal/urls.py"),
    "portal": (
        "portal/accounts",
        "portal/organisations",
        "portal/pages",
        "portal/seats",
        "portal/desk",
    ),
    "contacts": ("portal/contacts",),
    "workflows": ("portal/workflows",),
    "editorial": ("portal/editorial",),
    "profiles": ("profilecatalog/profiles",),
    "assessment": ("profilecatalog/assessment",),
    "learning": ("learning",),
    "events": ("events",),
    "search": ("search",),
}
_GROUND = "core"
# Folders of templates that are named after a library's or a part's own names, and belong to the accounts.
_OF_ACCOUNTS = frozenset({"account", "mfa", "socialaccount", "connections"})
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_HEADER = """msgid ""
msgstr ""
"Language: da\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|(?<!%)%[sdif]|\{\w*\}")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*")

# A message's identity: its context, or none, and its id (of a plural message: the singular).
Key = tuple[str | None, str]


@dataclass(frozen=True)
class Problem:
    """Something in a catalogue that a reader of the portal would notice."""

    area: str
    msgid: str
    what: str

    def __str__(self) -> str:
        return f"{self.area}: {self.what}: {self.msgid!r}"


class ExtractionError(Exception):
    """A source file could not be read for texts; nothing was written, so that no translation is lost."""


def path(root: Path, area: str) -> Path:
    """Return where an area's catalogue lies."""
    return root / "locale" / area / LANGUAGE / "LC_MESSAGES" / "django.po"


def update(root: Path, area: str) -> int:
    """Bring a catalogue in line with the sources and return how many texts wait for a translation.

    Translations stay; a new text takes over what another area already says, so that the same words are not translated
    in two ways; texts that no source holds any more leave the catalogue.

    Raises:
        ExtractionError: a source file is not valid.
    """
    known = {key: message for other in reversed([area, *AREAS]) for key, message in _messages(root, other).items()}
    fresh = Catalog(locale=LANGUAGE)
    for key, message in extracted(root, area).items():
        old = known.get(key)
        same_shape = old is not None and old.pluralizable == message.pluralizable
        fresh.add(
            message.id,
            old.string if old is not None and same_shape else "",
            context=key[0],
            auto_comments=message.auto_comments,
        )
    _write(path(root, area), fresh)
    return sum(1 for message in _listed(fresh) if not _translated(message))


def extracted(root: Path, area: str) -> dict[Key, Message]:
    """Return the texts of an area's sources."""
    found: dict[Key, Message] = {}
    for file in sources(root, area):
        for message in _extract_file(file):
            key = _key(message)
            # The plural form wins over the same words used alone: gettext keeps one entry for both.
            if key not in found or message.pluralizable:
                found[key] = message
    return found


def sources(root: Path, area: str) -> Iterator[Path]:
    """Return the Python files and templates that an area's texts come from."""
    for name in AREAS[area]:
        if (root / name).is_file():
            yield root / name
        for file in sorted((root / name).rglob("*")):
            if file.suffix == ".py" and "migrations" not in file.parts:
                yield file
            if file.suffix in {".html", ".txt"} and "templates" in file.parts:
                yield file
    for file in sorted((root / "templates").rglob("*")):
        if file.suffix in {".html", ".txt", ".xml"} and _area_of_template(file.relative_to(root / "templates")) == area:
            yield file


def compile_area(root: Path, area: str) -> bool:
    """Write the compiled catalogues that are older than their sources, and say whether any was.

    Ours are all `django.po`; Wagtail's JavaScript has a second one beside it, `djangojs.po`.
    """
    return sum(_compile(source) for source in sorted(path(root, area).parent.glob("*.po"))) > 0


def compile_all(root: Path) -> int:
    """Compile every catalogue that needs it and return how many did."""
    return sum(compile_area(root, area) for area in all_areas(root))


def all_areas(root: Path) -> list[str]:
    """Return the areas with sources of ours, and the one kept by hand where it exists."""
    return [*AREAS, *([BY_HAND] if path(root, BY_HAND).exists() else [])]


def check(root: Path, area: str) -> Iterator[Problem]:
    """Report what is untranslated, marked as doubtful, out of step with the sources, or wrongly filled in."""
    catalogue = _messages(root, area)
    if area in AREAS:
        wanted = extracted(root, area)
        for key in wanted.keys() - catalogue.keys():
            yield Problem(area, key[1], "not in the catalogue (manage.py messages update)")
        for key in catalogue.keys() - wanted.keys():
            yield Problem(area, key[1], "in no source any more (manage.py messages update)")
    for key, message in catalogue.items():
        for what in _faults(message):
            yield Problem(area, key[1], what)


def check_agreement(root: Path, areas: Iterable[str]) -> Iterator[Problem]:
    """Report texts that two areas translate differently: Django merges them, and one of the two would never be seen."""
    seen: dict[Key, tuple[str, Message]] = {}
    for area in areas:
        for key, message in _messages(root, area).items():
            first_area, first = seen.setdefault(key, (area, message))
            if first.string != message.string:
                yield Problem(area, key[1], f"translated differently in {first_area}")


def _compile(source: Path) -> bool:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    compiled = io.BytesIO()
    write_mo(compiled, _read(source))
    # Renamed into place: another process never reads half a file.
    unfinished = target.with_suffix(".mo.new")
    unfinished.write_bytes(compiled.getvalue())
    unfinished.replace(target)
    return True


def _faults(message: Message) -> Iterator[str]:
    if not _translated(message):
        yield "untranslated"
        return
    if message.fuzzy:
        yield "marked as fuzzy"
    for form, (source, target) in enumerate(_pairs(message)):
        wanted, given = set(_PLACEHOLDER.findall(source)), set(_PLACEHOLDER.findall(target))
        # "One answer" needs no number, so the singular may leave it out.
        may_leave_out = message.pluralizable and form == 0
        if not (given <= wanted if may_leave_out else given == wanted):
            yield "other placeholders in the translation"
        if Counter(_TAG.findall(source)) != Counter(_TAG.findall(target)):
            yield "other HTML tags in the translation"
        if (source[:1].isspace(), source[-1:].isspace()) != (target[:1].isspace(), target[-1:].isspace()):
            yield "other white space around the translation"


def _pairs(message: Message) -> list[tuple[str, str]]:
    """Return each form beside its translation."""
    if isinstance(message.id, (list, tuple)) and isinstance(message.string, (list, tuple)):
        return list(zip(message.id, message.string, strict=True))
    return [(str(message.id), str(message.string))]


def _translated(message: Message) -> bool:
    if isinstance(message.string, (list, tuple)):
        return len(message.string) == len(message.id) and all(message.string)
    return bool(message.string)


def _area_of_template(relative: Path) -> str:
    """Return the area of a template: the one that holds the package which its first folder is named after."""
    folder = "accounts" if relative.parts[0] in _OF_ACCOUNTS else relative.parts[0]
    for area, packages in AREAS.items():
        if any(package.rpartition("/")[2] == folder for package in packages):
            return area
    return _GROUND


def _extract_file(file: Path) -> Iterator[Message]:
    text = file.read_text(encoding="utf-8")
    try:
        if file.suffix != ".py":
            # Babel reads the result as Python, where indentation would mean something.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
        found = list(extract("python", io.BytesIO(text.encode()), _KEYWORDS, ["Translators:"]))
    except (SyntaxError, TokenError, ValueError) as error:
        raise ExtractionError(f"{file}: {error}") from error
    for _line, messages, comments, context in found:
        yield Message(messages, context=context, auto_comments=comments)


def _messages(root: Path, area: str) -> dict[Key, Message]:
    file = path(root, area)
    return {_key(message): message for message in _listed(_read(file))} if file.exists() else {}


def _read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=LANGUAGE, abort_invalid=True)


def _write(file: Path, catalogue: Catalog) -> None:
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_HEADER + body.getvalue().decode().strip() + "\n", encoding="utf-8")


def _listed(catalogue: Catalog) -> Iterator[Message]:
    """Return a catalogue's messages without its header."""
    return (message for message in catalogue if message.id)


def _key(message: Message) -> Key:
    msgid = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return (message.context or None, str(msgid))
