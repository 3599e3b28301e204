"""A row of the index as Elasticsearch takes it: tokens, keywords and nothing that is shown.

What is shown is read from the portal's own database, where it is as it is now.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from search.danish import parts, rank_tokens, tokens, words
from search.models import IndexedDocument

# In no facet's name or value: the texts are cleaned of it.
SEPARATOR = "\t"
# Rises when the same row gives another document.
VERSION = 1
INDEXED_WORDS = 10_000
_LONGEST_ID = 512
_FIRST_START, _LAST_START = 2, 15

Body = dict[str, Any]


class UnfitKeyError(ValueError):
    """A key that Elasticsearch takes as no identity; only an absurdly long one is."""


def identity(key: str) -> str:
    """Return what the document goes by over there.

    Raises:
        UnfitKeyError: the key is too long; sent anyhow, it would take its whole batch along.
    """
    if len(key.encode()) > _LONGEST_ID:
        raise UnfitKeyError(f"The key {key[:80]!r}… is longer than {_LONGEST_ID} bytes.")
    return key


def body_of(row: IndexedDocument) -> Body:
    """Return the document; its audiences and facets are best fetched with the row."""
    names = [row.title, *row.labels]
    told = {field: _line(text) for field, text in (("title", row.title), ("summary", row.summary), ("body", row.body))}
    described = [_name(name) for name in names]
    facets = list(row.facets.all())
    return {
        "key": row.key,
        "removed": False,
        "kind": row.kind,
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "audiences": [audience.name for audience in row.audiences.all()],
        "facets": [SEPARATOR.join((facet.name, facet.value)) for facet in facets],
        "facet_labels": [SEPARATOR.join((facet.name, facet.value, facet.label)) for facet in facets],
        "labels": _line(" ".join(row.labels)),
        "names": described,
        "name_pieces": " ".join(name["pieces"] for name in described),
        "name_grams": " ".join(name["grams"] for name in described),
        **told,
    }


def tombstone(key: str, at: datetime, *, refused: bool = False) -> Body:
    """Return what stands for a document that is gone: an old version that comes late meets a newer one.

    `refused` says that the document is there, and that Elasticsearch did not take it.
    """
    return {"key": key, "removed": True, "refused": refused, "removed_at": at.isoformat()}


def _line(text: str) -> str:
    return " ".join(token for word in tokens(text, INDEXED_WORDS) for token in word)


def _name(text: str) -> Body:
    rank = rank_tokens(text)
    found = words(text)
    pieces = [part for word in found for part in dict.fromkeys((word, *parts(word)))]
    return {
        "key": " ".join(found)[:255],
        "length": len(text),
        "pieces": " ".join(token for token, _weight in rank.pieces),
        "grams": " ".join(token for token, _weight in rank.grams),
        "words": " ".join(dict.fromkeys(pieces)),
        "starts": " ".join(dict.fromkeys(start for piece in pieces for start in _starts(piece))),
    }


def _starts(word: str) -> Iterator[str]:
    """Yield the beginnings that somebody may have typed so far, to find one with a slip of the pen in it."""
    for length in range(_FIRST_START, min(len(word), _LAST_START) + 1):
        yield word[:length]
