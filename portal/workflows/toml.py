"""Write a definition as TOML in one fixed form. Python reads TOML and writes none; the little we need is short."""

import json
from typing import Any

_ORDER = (
    "key",
    "kind",
    "title",
    "workflow",
    "approvals",
    "start",
    "final",
    "within",
    "task",
    "next",
    "skip",
    "deadline",
    "from",
    "to",
    "after",
    "due",
    "asks_day",
    "who",
    "guards",
    "comment_required",
    "effects",
)
_TABLES = ("states", "transitions", "steps", "applies")


def write(content: dict[str, Any]) -> str:
    """Return a file that reads back as this content."""
    lines = _pairs({key: value for key, value in content.items() if key not in _TABLES})
    for table in _TABLES:
        for row in content.get(table, []):
            lines += ["", f"[[{table}]]", *_pairs(row)]
    return "\n".join(lines) + "\n"


def _pairs(row: dict[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(row[key])}" for key in sorted(row, key=_rank)]


def _rank(key: str) -> tuple[int, str]:
    return (_ORDER.index(key) if key in _ORDER else len(_ORDER), key)


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(key)} = {_value(value[key])}" for key in sorted(value, key=_inner_rank))
        return f"{{ {inside} }}"
    return _text(value) if isinstance(value, str) else repr(value)


def _inner_rank(key: str) -> tuple[bool, str]:
    return (key != "name", key)


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for one character that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
