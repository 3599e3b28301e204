"""What people compare: a page's content as ordered parts of plain text, and what is new in them since they read it.

The text of a part is always in the content's own language, whoever asks: the parts of an approval are kept and read again
in another session. A package whose pages say more than their own fields registers a function that takes them apart.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.models import get_all_child_relations
from wagtail.blocks import ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from portal.editorial.plain_text import plain

# Of Wagtail's own columns those that readers or search engines see.
OWN_FIELDS = ("title", "slug", "seo_title", "search_description", "show_in_menus")
# The moments at which the page is published and taken down: they are approved as well.
SCHEDULE = (("go_live_at", gettext_lazy("Published at")), ("expire_at", gettext_lazy("Taken down at")))
# An unchanged stretch longer than this is shown by its ends.
LONG = 320
_ENDS = 120
# So many unchanged words and spaces in a row, at least, break a change in two: two words and the spaces round them.
_SHORTEST = 5
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that can be read and compared; `field` is its name in the editor's form."""

    key: str
    label: str
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: "same", "new" or "gone"; "fold" stands for a stretch that was left out."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part that is not what it was. `kind` is "changed", "new", "gone" or "moved"."""

    key: str
    label: str
    field: str
    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, in the order of the page, and the names of the parts that are the same."""

    changes: tuple[Change, ...]
    same: tuple[str, ...]


PartsFunction = Callable[[Any], Iterable[Part]]
_functions: dict[type[Any], tuple[PartsFunction, PartsFunction]] = {}


def register(model: type[Any], draft: PartsFunction, live: PartsFunction) -> None:
    """Let a package say how its pages are read, as drafts and as the public sees them; call it from `AppConfig.ready`."""
    _functions[model] = (draft, live)


def parts_of(page: Any) -> list[dict[str, str]]:
    """Return the page's content, as it stands in memory, as parts that can be stored."""
    return _read(page, _functions_for(page)[0])


def live_parts_of(page: Any) -> list[dict[str, str]]:
    """Return what the public reads of a page, `page` being its row; nothing while it is not live."""
    return _read(page, _functions_for(page)[1]) if page.live else []


def _functions_for(page: Any) -> tuple[PartsFunction, PartsFunction]:
    found = (_functions[each] for each in type(page).__mro__ if each in _functions)
    return next(found, (page_parts, page_parts))


def _read(page: Any, function: PartsFunction) -> list[dict[str, str]]:
    with translation.override(settings.LANGUAGE_CODE):
        return [asdict(part) for part in function(page)]


def page_parts(page: Any) -> Iterator[Part]:
    """Yield the parts of any page: its fields in their order, then the rows that belong to it."""
    yield from field_parts(page, [*OWN_FIELDS, *own_field_names(type(page))])
    yield from schedule_parts(page)
    for relation in get_all_child_relations(type(page)):
        name = relation.get_accessor_name()
        if not issubclass(type(page), relation.field.model) and name not in _WAGTAILS_ROWS:
            yield from row_parts(page, name)


# Comments are talk about a text and not the text; restrictions and redirects are set outside the draft.
_WAGTAILS_ROWS = frozenset({"wagtail_admin_comments"})


def own_field_names(model: type[Any]) -> list[str]:
    """Return the names of the editable fields that a page type adds to Wagtail's."""
    wagtails = {field.name for field in Page._meta.get_fields()}
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field.name for field in fields if field.editable and field.name not in wagtails and not _is_link(field)]


def _is_link(field: Any) -> bool:
    return bool(getattr(field.remote_field, "parent_link", False))


def field_parts(page: Any, names: Iterable[str]) -> Iterator[Part]:
    """Yield the named fields that say something."""
    for name in names:
        field = page._meta.get_field(name)
        label = capfirst(str(field.verbose_name))
        if isinstance(field, StreamField):
            yield from _block_parts(field, getattr(page, name), label)
        elif text := value_text(field, page):
            yield Part(name, label, text, name)


def schedule_parts(page: Any) -> Iterator[Part]:
    """Yield the planned moments; they stand in a dialogue of the editor, so no link leads to their field."""
    for name, label in SCHEDULE:
        if text := scalar_text(getattr(page, name)):
            yield Part(name, str(label), text)


def row_parts(page: Any, name: str) -> Iterator[Part]:
    """Yield the rows of a relation: each for itself where it has an identity, else all in one text, a line each."""
    rows = list(getattr(page, name).all())
    label = capfirst(str(page._meta.get_field(name).related_model._meta.verbose_name_plural))
    if any(hasattr(row, "uuid") for row in rows):
        for number, row in enumerate(rows, start=1):
            yield Part(f"{name}:{row.uuid}", f"{label} {number}", row_text(row), name)
    elif rows:
        yield Part(name, label, "\n".join(row_text(row) for row in rows), name)


def row_text(row: Any) -> str:
    """Return what a row says, the rows inside it included; the label of its only field is left out."""
    found = [(field, value_text(field, row)) for field in _row_fields(row)]
    said = [(capfirst(str(field.verbose_name)), text) for field, text in found if text]
    lines = [text for _label, text in said] if len(said) == 1 else [f"{label}: {text}" for label, text in said]
    for relation in get_all_child_relations(type(row)):
        lines.extend(row_text(inner) for inner in getattr(row, relation.get_accessor_name()).all())
    return "\n".join(lines)


def _row_fields(row: Any) -> list[Any]:
    technical = {"id", "uuid", "sort_order", "translation_key"}
    fields = [field for field in row._meta.concrete_fields if field.editable and field.name not in technical]
    return [field for field in fields if not _is_parental(field) and not _is_link(field)]


def _is_parental(field: Any) -> bool:
    from modelcluster.fields import ParentalKey

    return isinstance(field, ParentalKey)


def value_text(field: Any, obj: Any) -> str:
    """Return a field's value as a person reads it."""
    value = getattr(obj, field.name)
    if isinstance(field, RichTextField):
        return plain(value or "")
    if isinstance(field, StreamField):
        return "\n".join(block_text(child.block, child.value) for child in value)
    if isinstance(field, models.ManyToManyField):
        return ", ".join(str(each) for each in value.all())
    if field.choices:
        return str(getattr(obj, f"get_{field.name}_display")() or "")
    return scalar_text(value)


def scalar_text(value: Any) -> str:
    """Return a plain value as text; nothing for what is empty."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "astimezone"):
        # The time of the place, not of whoever asks: Wagtail turns to each editor's own.
        return date_format(localtime(value, get_default_timezone()), r"j. F Y \k\l. H.i", use_l10n=False)
    return date_format(value, "j. F Y", use_l10n=False) if hasattr(value, "isoformat") else str(value).strip()


def _block_parts(field: Any, stream: Any, label: str) -> Iterator[Part]:
    for number, child in enumerate(stream):
        if text := block_text(child.block, child.value):
            name = capfirst(str(child.block.label or child.block_type))
            # Text that was imported has blocks without an id.
            yield Part(f"{field.name}:{child.id or number}", f"{label}: {name}", text, field.name)


def block_text(block: Any, value: Any) -> str:
    """Return what a block says, the blocks inside it included."""
    if value is None:
        return ""
    if isinstance(block, StructBlock):
        texts = [(name, block_text(inner, value.get(name))) for name, inner in block.child_blocks.items()]
        return "\n".join(f"{block.child_blocks[name].label or name}: {text}" for name, text in texts if text)
    if isinstance(block, StreamBlock):
        return "\n".join(block_text(child.block, child.value) for child in value)
    if isinstance(block, ListBlock):
        return "\n".join(block_text(block.child_block, item) for item in value)
    return plain(value.source) if isinstance(block, RichTextBlock) else scalar_text(value)


def compare(before: Sequence[dict[str, str]], after: Sequence[dict[str, str]]) -> Comparison:
    """Return what is new in `after`, in its order; what is gone stands at the place that it had."""
    old, new = ({row["key"]: row for row in rows} for rows in (before, after))
    moved = _moved(list(old), list(new))
    changes, same = [], []
    for key in _merged(list(old), list(new)):
        change = _change(old.get(key), new.get(key), key in moved)
        if change is None:
            same.append(new[key]["label"])
        else:
            changes.append(change)
    return Comparison(tuple(changes), tuple(same))


def _change(old: dict[str, str] | None, new: dict[str, str] | None, is_moved: bool) -> Change | None:
    row = new or old
    assert row is not None  # noqa: S101 - a key comes from one of the two
    given = row["key"], row["label"], row.get("field", "")
    if old is None:
        return Change(*given, "new", (Piece("new", row["text"]),))
    if new is None:
        return Change(*given, "gone", (Piece("gone", row["text"]),))
    if old["text"] != new["text"]:
        return Change(*given, "changed", pieces(old["text"], new["text"]))
    return Change(*given, "moved", (_short(new["text"]),)) if is_moved else None


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Return the keys that stand elsewhere among those that both have."""
    before, after = [key for key in old if key in set(new)], [key for key in new if key in set(old)]
    kept = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return set(after) - {key for block in kept for key in after[block.b : block.b + block.size]}


def _merged(old: list[str], new: list[str]) -> list[str]:
    """Return the new order, with what is gone behind what it followed."""
    merged = list(new)
    for number, key in enumerate(old):
        if key not in merged:
            earlier = next((each for each in reversed(old[:number]) if each in merged), None)
            merged.insert(merged.index(earlier) + 1 if earlier is not None else 0, key)
    return merged


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return one text with what is gone and what is new, word by word; long unchanged stretches are folded."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for same, i, j, k, m in _stretches(old, new):
        gone, fresh = "".join(old[i:j]), "".join(new[k:m])
        if same:
            found.extend(_fold(fresh))
        else:
            found.extend(piece for piece in (Piece("gone", gone), Piece("new", fresh)) if piece.text)
    return tuple(found)


def _stretches(old: list[str], new: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Return what is the same and what is not; a word or two that happen to be the same between changes are changed too.

    A sentence that was written anew is read as a whole, not as every other word of two.
    """
    found: list[tuple[bool, int, int, int, int]] = []
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, i, j, k, m) in enumerate(opcodes):
        inside = 0 < number < len(opcodes) - 1
        same = tag == "equal" and not (inside and j - i < _SHORTEST)
        if found and found[-1][0] == same:
            _same, first, _j, second, _m = found.pop()
            found.append((same, first, j, second, m))
        else:
            found.append((same, i, j, k, m))
    return found


def _fold(text: str) -> Iterator[Piece]:
    if len(text) <= LONG:
        yield Piece("same", text)
    else:
        yield from (Piece("same", text[:_ENDS]), Piece("fold", " … "), Piece("same", text[-_ENDS:]))


def _short(text: str) -> Piece:
    return Piece("same", text if len(text) <= _ENDS else f"{text[:_ENDS].rstrip()} …")
