"""Walk through what an editor wrote on a page: its own fields, its rows, the blocks of its streams, each with its place.

Blocks are read as they are stored and not as objects: that asks no query, and a chooser whose page is gone still says which
one was chosen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.text import capfirst
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import COMMENTS_RELATION_NAME, Page

from portal.core.blocks import HeadingBlock
from portal.editorial.registry import Finding

# Of Wagtail's own columns those that an editor writes and a reader sees.
_OF_WAGTAIL = ("title", "search_description")
# Of a row these are its identity and its place.
_TECHNICAL = frozenset({"id", "uuid", "key", "slug", "sort_order", "translation_key"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. `field` is the field's name in the editor's form, `row` the identity of a row or a block."""

    field: str
    label: str
    row: str = ""

    def finding(self, message: str, *, stops: bool = True) -> Finding:
        """Return what there is to say about this place; the sentence begins with its name."""
        return Finding(f"{self.label}: {message}", field=self.field, row=self.row, stops=stops)


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. `prose` tells running text from names and titles."""

    place: Place
    text: str
    prose: bool


@dataclass(frozen=True, slots=True)
class Rich:
    """Formatted text as it is stored."""

    place: Place
    source: str


@dataclass(frozen=True, slots=True)
class Title:
    """A heading with its level on the page."""

    place: Place
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Address:
    """A written address."""

    place: Place
    url: str


@dataclass(frozen=True, slots=True)
class Target:
    """A chosen object; `key` is None where the block around it holds neither an object nor an address."""

    place: Place
    model: type[models.Model]
    key: int | str | None


@dataclass(frozen=True, slots=True)
class Image:
    """A chosen picture with its text; `decorative` where the editor has said so."""

    place: Place
    key: int | str
    alt: str
    decorative: bool = False


Piece = Text | Rich | Title | Address | Target | Image


def walk(page: Any) -> Iterator[Piece]:
    """Yield what the page holds, in the order of its fields and then of its rows."""
    yield from _fields(page, _page_fields(page), "", "", "")
    yield from _rows(page, "", "")


def _page_fields(page: Any) -> list[Any]:
    wagtails = {field.name for field in Page._meta.get_fields()}
    own = [field for field in page._meta.concrete_fields if field.name not in wagtails]
    return [page._meta.get_field(name) for name in _OF_WAGTAIL] + [field for field in own if _is_written(field)]


def _is_written(field: Any) -> bool:
    is_link = isinstance(field, ParentalKey) or bool(getattr(field.remote_field, "parent_link", False))
    return field.editable and not is_link and field.name not in _TECHNICAL


def _rows(owner: Any, prefix: str, label: str) -> Iterator[Piece]:
    for relation in get_all_child_relations(type(owner)):
        name = relation.get_accessor_name()
        if name == COMMENTS_RELATION_NAME or issubclass(Page, relation.field.model):
            continue
        rows = sorted(getattr(owner, name).all(), key=lambda row: getattr(row, "sort_order", None) or 0)
        for number, row in enumerate(rows):
            row_label = f"{label}{capfirst(str(row._meta.verbose_name))} {number + 1}, "
            form = f"{prefix}{name}-{number}-"
            fields = [field for field in row._meta.concrete_fields if _is_written(field)]
            yield from _fields(row, fields, form, row_label, str(getattr(row, "uuid", "")))
            yield from _rows(row, form, row_label)


def _fields(owner: Any, fields: list[Any], prefix: str, label: str, row: str) -> Iterator[Piece]:
    for field in fields:
        name = str(field.verbose_name)
        place = Place(f"{prefix}{field.name}", f"{label}{name}" if label else capfirst(name), row)
        yield from _field(field, owner, place)


def _field(field: Any, owner: Any, place: Place) -> Iterator[Piece]:
    value = getattr(owner, field.attname)
    if isinstance(field, StreamField):
        yield from _stream(field.stream_block, list(value.raw_data), place)
    elif value in (None, "") or field.choices:
        return
    elif isinstance(field, RichTextField):
        yield Rich(place, value)
    elif isinstance(field, models.URLField):
        yield Address(place, value)
    elif isinstance(field, models.ForeignKey):
        yield from _chosen(field, owner, value, place)
    elif isinstance(field, (models.CharField, models.TextField)):
        yield Text(place, value, prose=isinstance(field, models.TextField))


def _chosen(field: Any, owner: Any, value: Any, place: Place) -> Iterator[Piece]:
    """Yield a chosen page, document or picture; what else a row refers to is held by rules of its own."""
    if issubclass(field.related_model, (Page, get_document_model())):
        yield Target(place, field.related_model, value)
    elif issubclass(field.related_model, get_image_model()):
        yield Target(place, field.related_model, value)
        alt = next((getattr(owner, name) for name in _alt_names(field.name) if hasattr(owner, name)), None)
        if alt is not None:
            yield Image(place, value, alt)


def _alt_names(name: str) -> tuple[str, ...]:
    return f"{name}_alt", f"{name}_alt_text", "alt_text"


def _stream(stream: Any, raw: list[dict[str, Any]], place: Place) -> Iterator[Piece]:
    """Yield what the blocks hold; the outermost block is what a report can point to."""
    for number, child in enumerate(raw, start=1):
        block = stream.child_blocks.get(child["type"])
        if block is None:
            continue
        label = f"{place.label}, {_name(block)} {number}"
        yield from _block(block, child["value"], replace(place, label=label, row=place.row or child.get("id") or ""))


def _name(block: Any) -> str:
    return str(block.label or block.name)


def _block(block: Any, raw: Any, place: Place) -> Iterator[Piece]:
    if isinstance(block, blocks.StreamBlock):
        yield from _stream(block, raw or [], place)
    elif isinstance(block, blocks.ListBlock):
        for number, item in enumerate(raw or [], start=1):
            inner = item["value"] if isinstance(item, dict) and item.keys() >= {"type", "value"} else item
            label = f"{place.label}, {_name(block.child_block)} {number}"
            yield from _block(block.child_block, inner, replace(place, label=label))
    elif isinstance(block, blocks.StructBlock):
        yield from _struct(block, raw if isinstance(raw, dict) else {}, place)
    else:
        yield from _leaf(block, raw, place)


def _struct(block: Any, raw: dict[str, Any], place: Place) -> Iterator[Piece]:
    for name, inner in block.child_blocks.items():
        label = f"{place.label}, {str(inner.label or name).lower()}"
        yield from _block(inner, raw.get(name), replace(place, label=label))
    yield from _picture_of(block, raw, place)
    if _leads_nowhere(block, raw):
        yield Target(place, Page, None)


def _picture_of(block: Any, raw: dict[str, Any], place: Place) -> Iterator[Image]:
    """Yield the block's picture with the text that stands beside it."""
    image_model = get_image_model()
    for name, inner in block.child_blocks.items():
        is_image = isinstance(inner, blocks.ChooserBlock) and issubclass(inner.model_class, image_model)
        if is_image and raw.get(name) and "alt_text" in block.child_blocks:
            yield Image(place, raw[name], raw.get("alt_text") or "", bool(raw.get("decorative")))


def _leads_nowhere(block: Any, raw: dict[str, Any]) -> bool:
    """Tell whether a link has text and neither of its targets: Wagtail empties the choice when a page is deleted."""
    inner = block.child_blocks
    pages = [name for name, each in inner.items() if isinstance(each, blocks.PageChooserBlock)]
    urls = [name for name, each in inner.items() if isinstance(each, blocks.URLBlock)]
    return bool(pages and urls) and not any(raw.get(name) for name in (*pages, *urls))


def _leaf(block: Any, raw: Any, place: Place) -> Iterator[Piece]:
    if _is_heading(block) and (raw or block.required):
        yield Title(place, str(raw or ""), 2)
    elif raw in (None, ""):
        return
    elif isinstance(block, blocks.ChooserBlock):
        yield Target(place, block.model_class, raw)
    elif isinstance(block, blocks.RichTextBlock):
        yield Rich(place, raw)
    elif isinstance(block, blocks.URLBlock):
        yield Address(place, raw)
    elif isinstance(block, (blocks.TextBlock, blocks.CharBlock)):
        yield Text(place, str(raw), prose=isinstance(block, blocks.TextBlock))


def _is_heading(block: Any) -> bool:
    """Tell whether a block is drawn as a heading: the portal's blocks call such a field "heading"."""
    return isinstance(block, HeadingBlock) or (isinstance(block, blocks.CharBlock) and block.name == "heading")
