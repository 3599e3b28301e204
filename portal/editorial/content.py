"""What is approved: the resolved content of a page, and its hash.

The hash covers every field that an editor can change and whatever readers would see of other objects (`resolved_content`).
It leaves out where the page stands, what Wagtail keeps for itself, comments, and identities that a save without a change
renews: keys of rows that are not stored yet, numbers of positions, keys that the text editor gives its paragraphs.
"""

import hashlib
import json
import re
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME

_VOLATILE = frozenset(
    {
        "alias_of",
        "content_type",
        "depth",
        "draft_title",
        "expired",
        "first_published_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live",
        "live_revision",
        "locale",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "owner",
        "path",
        "pk",
        "translation_key",
        "url_path",
        COMMENTS_RELATION_NAME,
    }
)
# Nobody saves the same words so often; each revision is read.
_MOST_REVISIONS = 200
_BLOCK_KEY = re.compile(r'\s*data-block-key="[^"]*"')


def draft_of(page: Any) -> Any:
    """Return the page as its newest revision has it."""
    return page.get_latest_revision_as_object()


def content_of(page: Any) -> dict[str, Any]:
    """Return what the hash covers, as JSON values. `page` is an object of its own class."""
    content = {
        "type": page._meta.label_lower,
        "fields": _fields(type(page), page.serializable_data(), _VOLATILE),
        "resolved": page.resolved_content(),
    }
    plain: dict[str, Any] = json.loads(json.dumps(content, cls=DjangoJSONEncoder))
    return plain


def digest_of(page: Any) -> str:
    """Return the SHA-256 of the content, as 64 lower-case hexadecimal digits."""
    return content_digest(content_of(page))


def words_of(page: Any) -> str:
    """Return the hash of the page's own fields alone: what other objects say of them is not asked."""
    fields = _fields(type(page), page.serializable_data(), _VOLATILE)
    return content_digest(json.loads(json.dumps(fields, cls=DjangoJSONEncoder)))


def author_of(page: Any) -> Any:
    """Return who wrote the words of the newest revision: whoever saved them first, not who saved them again.

    The editor's button saves a revision as well, so the one who sends in would else always be the author.
    """
    author, words = None, ""
    for revision in page.revisions.select_related("user").order_by("-created_at", "-pk")[:_MOST_REVISIONS]:
        found = words_of(revision.as_object())
        if words and found != words:
            break
        author, words = revision.user, found
    return author


def content_digest(content: dict[str, Any]) -> str:
    """Return the SHA-256 of a content."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _fields(model: Any, data: dict[str, Any], left_out: frozenset[str]) -> dict[str, Any]:
    children = {relation.get_accessor_name(): relation for relation in get_all_child_relations(model)}
    kept: dict[str, Any] = {}
    for name, value in data.items():
        if name in left_out:
            continue
        kept[name] = _rows(children[name], value) if name in children else _value(model, name, value)
    return kept


def _rows(relation: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return child rows in their order, without the numbers of it: a form counts from another start than an import."""
    ordered = sorted(rows, key=lambda row: row.get("sort_order") or 0)
    left_out = frozenset({"pk", "sort_order", relation.field.name})
    return [_fields(relation.related_model, row, left_out) for row in ordered]


def _value(model: Any, name: str, value: Any) -> Any:
    if isinstance(value, str):
        if isinstance(model._meta.get_field(name), StreamField):
            return _blocks(json.loads(value or "[]"))
        return _BLOCK_KEY.sub("", value)
    return value


def _blocks(value: Any) -> Any:
    """Return stream data without the ids of its blocks: an editor's first save gives them to text that was imported."""
    if isinstance(value, dict):
        is_block = value.keys() >= {"type", "value"}
        return {key: _blocks(inner) for key, inner in value.items() if not (is_block and key == "id")}
    if isinstance(value, list):
        return [_blocks(inner) for inner in value]
    return _BLOCK_KEY.sub("", value) if isinstance(value, str) else value
