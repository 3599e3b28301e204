"""How PostgreSQL ranks by names: BM25 out of a table of postings, since `ts_rank` does not know how rare a word is.

A name is scored by its pieces and its groups of three letters; the best name of a document counts, and half of what all of
its names say together. How many names have a token is counted when somebody asks, up to a number that keeps the time
bounded: a statistic of its own would be wrong until somebody renewed it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from search.danish import RankTokens, rank_tokens
from search.models import IndexedDocument

# BM25's usual two: how soon a repeated token stops telling more, and how much a long name is held against it.
_K1: Final = 1.2
_B: Final = 0.75
# All names of a document together, counted as a name of their own.
_TOGETHER: Final = -1
# As exact as a rank needs; beyond, a token is one that tells little.
_MOST_COUNTED: Final = 20_000
_MOST_NAMES: Final = 50_000
# Postings read for one question. What most names have is left out first, since it tells least.
_MOST_READ: Final = 30_000


@dataclass(frozen=True, slots=True)
class _Field:
    """One thing that is counted: its mark in front of the token, its share of the score, and the length that is usual.

    The usual length is fixed (names of occupations and skills in ESCO): what is written stays right when others come.
    """

    mark: str
    share: float
    usual: float


_PIECES: Final = _Field("=", 1.0, 3.2)
_GRAMS: Final = _Field("", 0.5, 17.0)
_TOGETHER_PIECES: Final = _Field("+", 0.5, 4.6)

# Stands before a SELECT; its two parameters are `weighed`. `ranked` has a score for each document with a token in common.
RANKED: Final = """
    WITH asked AS MATERIALIZED (SELECT * FROM unnest(%s::text[], %s::real[]) AS a (token, weight)),
    of_name AS (
        SELECT p.document_id, p.position, SUM(p.weight * a.weight) AS score
        FROM asked a CROSS JOIN LATERAL (
            SELECT document_id, position, weight FROM search_posting WHERE token = a.token COLLATE "C" OFFSET 0
        ) p GROUP BY p.document_id, p.position
    ),
    ranked AS (
        SELECT document_id, COALESCE(MAX(score) FILTER (WHERE position >= 0), 0)
            + COALESCE(MAX(score) FILTER (WHERE position < 0), 0) AS score
        FROM of_name GROUP BY document_id
    )
"""

_COUNTED = """
    SELECT a.token,
        (SELECT COUNT(*) FROM (SELECT 1 FROM search_posting WHERE token = a.token COLLATE "C" LIMIT %s) AS s),
        (SELECT COUNT(*) FROM (SELECT 1 FROM search_indexedlabel LIMIT %s) AS n)
    FROM unnest(%s::text[]) AS a (token)
"""


def add(documents: Iterable[IndexedDocument]) -> None:
    """Keep what the names of these documents are ranked by; they have nothing yet."""
    postings = [
        (row.pk, *posting)
        for row in documents
        for posting in _postings([rank_tokens(name) for name in (row.title, *row.labels)])
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_posting (document_id, token, position, weight)"
            " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::smallint[], %s::real[])",
            in_columns(postings, 4),
        )


def in_columns(listed: Sequence[tuple[Any, ...]], number: int) -> list[list[Any]]:
    """Return rows as columns, which is how the server takes many at once."""
    return [[one[place] for one in listed] for place in range(number)]


def delete(document_ids: Sequence[int]) -> None:
    """Forget the names of documents."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_posting WHERE document_id = ANY(%s)", [list(document_ids)])


def weighed(rank: RankTokens) -> tuple[list[str], list[float]]:
    """Return the tokens to be read for a question, and what each tells; one query, whatever the index holds."""
    wanted = {
        field.mark + token: field.share * weight
        for field, tokens in ((_PIECES, rank.pieces), (_TOGETHER_PIECES, rank.pieces), (_GRAMS, rank.grams))
        for token, weight in tokens
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [_MOST_COUNTED, _MOST_NAMES, list(wanted)])
        counted = [(token, number, names) for token, number, names in cursor.fetchall() if number]
    kept = _affordable({token: number for token, number, _names in counted})
    weights = {token: wanted[token] * _rarity(number, max(number, names)) for token, number, names in counted}
    return kept, [weights[token] for token in kept]


def _affordable(counted: dict[str, int]) -> list[str]:
    """Return pieces of words before groups of letters, and rare before frequent, as far as the reading goes."""
    in_order = sorted(counted, key=lambda token: (token[0] not in "=+", counted[token], token))
    kept: list[str] = []
    read = 0
    for token in in_order:
        read += counted[token]
        if kept and read > _MOST_READ:
            break
        kept.append(token)
    return kept


def _rarity(number: int, names: int) -> float:
    return math.log(1 + (names - number + 0.5) / (number + 0.5))


def _postings(names: list[RankTokens]) -> Iterator[tuple[str, int, float]]:
    for position, name in enumerate(names):
        yield from _of_field(_PIECES, position, (token for token, _weight in name.pieces))
        yield from _of_field(_GRAMS, position, (token for token, _weight in name.grams))
    yield from _of_field(_TOGETHER_PIECES, _TOGETHER, (token for name in names for token, _weight in name.pieces))


def _of_field(field: _Field, position: int, tokens: Iterable[str]) -> Iterator[tuple[str, int, float]]:
    times = Counter(tokens)
    held_against = _K1 * (1 - _B + _B * times.total() / field.usual)
    for token, number in times.items():
        yield field.mark + token, position, number * (_K1 + 1) / (number + held_against)
