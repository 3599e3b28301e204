"""The embedded engine: FTS5 tables of our own tokens. What matches is found in the texts, its rank comes from the names.

Each kind of token has a table of its own, since FTS5 measures the length of a whole row: groups of letters beside pieces
of words would make a long name of a short one.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import partial

from django.db import connection

from search.danish import RankTokens, Term, Way, parts, rank_tokens, slips, words
from search.engines.base import Candidate, EngineRequest, Match, filled_up
from search.engines.database import Condition, DatabaseEngine, columns, of_kinds, rows, seen_by, where_all
from search.models import IndexedDocument

TEXTS = "search_tokens"
# Per name: pieces, groups of letters, and words with the parts of compounds (for suggestions).
PIECES, GRAMS, WORDS = "search_name_pieces", "search_name_grams", "search_name_words"
# Per document: the pieces of all its names.
TOGETHER = "search_names_together"
# A name's row is its document's number and its own place, so that neither needs to be looked up: more names than
# this a document does not have (`store.MOST_LABELS`).
_PLACES = 64

# How much a word tells in title, summary and body, and how much that is beside what the names tell.
_WEIGHTS = "10.0, 4.0, 1.0"
_TEXT = 0.1
# Groups of letters beside pieces of words, and all names together beside the best one.
_GRAM = 0.5
_ALL_NAMES = 0.5

_MATCHING = "text"


class SqliteEngine(DatabaseEngine):
    """FTS5, with the same tokens as every other engine."""

    name = "sqlite"
    # In this order: SQLite would otherwise guess at the sizes, and ANALYZE may never have run.
    tables = f"{TEXTS} CROSS JOIN search_indexeddocument d"

    # --- Keeping ---

    def write_tokens(self, row: IndexedDocument) -> None:
        """Keep the tokens of one document, in place of those it had."""
        self.delete_tokens([row.pk])
        self.add_tokens([row])

    def add_tokens(self, documents: Sequence[IndexedDocument]) -> None:
        """Keep the tokens of documents that have none yet."""
        texts: list[list[int | str]] = [[row.pk, *map(_line, columns(row))] for row in documents]
        ranked = [(row.pk, [(name, rank_tokens(name)) for name in (row.title, *row.labels)]) for row in documents]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {TEXTS} (rowid, title, summary, body) VALUES (%s, %s, %s, %s)", texts)  # noqa: S608
            for table, kept in _name_rows(ranked).items():
                cursor.executemany(f"INSERT INTO {table} (rowid, tokens) VALUES (%s, %s)", kept)  # noqa: S608

    def delete_tokens(self, document_ids: Sequence[int]) -> None:
        """Forget the tokens of documents that are about to go."""
        names = [(pk * _PLACES, (pk + 1) * _PLACES - 1) for pk in document_ids]
        with connection.cursor() as cursor:
            for table in (TEXTS, TOGETHER):
                cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [[pk] for pk in document_ids])  # noqa: S608
            for table in (PIECES, GRAMS, WORDS):
                cursor.executemany(f"DELETE FROM {table} WHERE rowid BETWEEN %s AND %s", names)  # noqa: S608

    # --- Answering ---

    def matching(self, request: EngineRequest) -> Condition:
        """Return the condition that the text matches."""
        question = _expression(request, lightest=0.0)
        if not question:
            return Condition("1 = 0", about=_MATCHING)
        return Condition(f"{TEXTS} MATCH %s AND d.id = {TEXTS}.rowid", (question,), about=_MATCHING)

    def _candidates(self, request: EngineRequest, conditions: list[Condition], offset: int) -> tuple[Candidate, ...]:
        scores, where = _scores(request), where_all(conditions, leave_out=_MATCHING)
        if not scores.sql:
            return ()
        found = rows(
            f"WITH scored AS ({scores.sql})"  # noqa: S608
            " SELECT d.key, scored.score FROM scored CROSS JOIN search_indexeddocument d"
            f" WHERE d.id = scored.document_id AND {where.sql}"
            " ORDER BY CASE WHEN d.title_key = %s THEN 0 WHEN d.id IN"
            " (SELECT n.document_id FROM search_indexedlabel n WHERE n.text_key = %s) THEN 1 ELSE 2 END,"
            " scored.score DESC, d.id LIMIT %s OFFSET %s",
            (*scores.parameters, *where.parameters, *[request.title_key[:255]] * 2, request.limit, offset),
        )
        return tuple(Candidate(key, float(score)) for key, score in found)

    def suggest(
        self,
        beginnings: Collection[str],
        *,
        audiences: frozenset[str],
        kinds: tuple[str, ...],
        limit: int,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Candidate, ...]:
        """Return documents with a name that goes on as was typed; if few do, with one letter another too."""
        if not beginnings or limit < 1:
            return ()
        *others, last = beginnings
        typed = " ".join(beginnings)

        def named(starts: Collection[str]) -> tuple[Candidate, ...]:
            begins = " OR ".join(_quoted(start) + "*" for start in starts)
            question = " AND ".join([*map(_quoted, others), f"({begins})"])
            return _named(question, typed, audiences, kinds, limit, without) if starts else ()

        return filled_up((partial(named, (last,)), lambda: named(slips(last))), limit)


# --- What is kept ----------------------------------------------------------------------------------------------------


def _line(column: Iterable[tuple[str, ...]]) -> str:
    return " ".join(token for word in column for token in word)


def _name_rows(ranked: list[tuple[int, list[tuple[str, RankTokens]]]]) -> dict[str, list[tuple[int, str]]]:
    kept: dict[str, list[tuple[int, str]]] = {PIECES: [], GRAMS: [], WORDS: [], TOGETHER: []}
    for pk, names in ranked:
        pieces = []
        for place, (name, tokens) in enumerate(names[:_PLACES]):
            row = pk * _PLACES + place
            pieces.append(" ".join(piece for piece, _weight in tokens.pieces))
            kept[PIECES].append((row, pieces[-1]))
            kept[GRAMS].append((row, " ".join(gram for gram, _weight in tokens.grams)))
            kept[WORDS].append((row, " ".join(token for word in words(name) for token in (word, *parts(word)))))
        kept[TOGETHER].append((pk, " ".join(pieces)))
    return kept


# --- What is asked ---------------------------------------------------------------------------------------------------


def _scores(request: EngineRequest) -> Condition:
    """Return a SELECT of (document_id, score) of what matches, for NEAR of what has anything in common.

    The score: the best name, half of all names together, and the text as far as its words were those looked for.
    """
    selects = [*_by_names(request.rank), *_together(request.rank)]
    if request.match is not Match.NEAR:
        selects += _by_texts(request) if request.terms else []
    if not selects:
        return Condition("")
    together = " UNION ALL ".join(select.sql for select in selects)
    found = "" if request.match is Match.NEAR else " HAVING MAX(level) > 0"
    return Condition(
        "SELECT document_id, SUM(named) + SUM(text) * MAX(level) AS score"  # noqa: S608
        f" FROM ({together}) GROUP BY document_id{found}",
        tuple(parameter for select in selects for parameter in select.parameters),
    )


def _expression(request: EngineRequest, lightest: float) -> str:
    """Return the question for MATCH, in ways of at least this weight; every word is quoted, so that none is an operator."""
    terms = [found for term in request.terms if (found := _term(term, lightest))]
    if request.match is Match.ALL and len(terms) < len(request.terms):
        return ""
    return (" AND " if request.match is Match.ALL else " OR ").join(terms)


def _term(term: Term, lightest: float) -> str:
    ways = [_way(way) for way in term.ways if way.weight >= lightest]
    return f"({' OR '.join(ways)})" if ways else ""


def _way(way: Way) -> str:
    return f"({' AND '.join(_quoted(token) + '*' * way.prefix for token in way.tokens)})"


def _by_texts(request: EngineRequest) -> list[Condition]:
    """Return the words in the texts, and how heavy the ways are in which a document has what was asked."""
    weights = sorted({way.weight for term in request.terms for way in term.ways})
    whole = _expression(request, lightest=0.0)
    selects = [
        Condition(
            f"SELECT rowid AS document_id, 0.0 AS named, -bm25({TEXTS}, {_WEIGHTS}) * {_TEXT} AS text, %s AS level"  # noqa: S608
            f" FROM {TEXTS} WHERE {TEXTS} MATCH %s",
            (weights[0], whole),
        )
    ]
    heavier = ((weight, _expression(request, lightest=weight)) for weight in weights[1:])
    return selects + [
        Condition(f"SELECT rowid, 0.0, 0.0, %s FROM {TEXTS} WHERE {TEXTS} MATCH %s", level)  # noqa: S608
        for level in heavier
        if level[1]
    ]


def _by_names(rank: RankTokens) -> list[Condition]:
    """Return the best name of each document, by its pieces and its groups of letters."""
    selects = [*_weighed(PIECES, rank.pieces, 1.0), *_weighed(GRAMS, rank.grams, _GRAM)]
    if not selects:
        return []
    union = " UNION ALL ".join(select.sql for select in selects)
    best = (
        f"SELECT name / {_PLACES} AS document_id, MAX(score) AS named, 0.0 AS text, 0.0 AS level FROM"  # noqa: S608
        f" (SELECT name, SUM(score) AS score FROM ({union}) GROUP BY name) GROUP BY 1"
    )
    return [Condition(best, tuple(parameter for select in selects for parameter in select.parameters))]


def _together(rank: RankTokens) -> list[Condition]:
    select = "SELECT name AS document_id, score AS named, 0.0 AS text, 0.0 AS level"
    return [
        Condition(f"{select} FROM ({some.sql})", some.parameters)
        for some in _weighed(TOGETHER, rank.pieces, _ALL_NAMES)
    ]


def _weighed(table: str, tokens: Sequence[tuple[str, float]], factor: float) -> list[Condition]:
    """Return a SELECT of (name, score) per weight that the tokens have: FTS5 itself weighs columns, not words."""
    return [
        Condition(
            f"SELECT rowid AS name, -bm25({table}) * %s AS score FROM {table} WHERE {table} MATCH %s",  # noqa: S608
            (weight * factor, " OR ".join(_quoted(token) for token, own in tokens if own == weight)),
        )
        for weight in sorted({own for _token, own in tokens})
    ]


def _named(
    question: str, typed: str, audiences: frozenset[str], kinds: tuple[str, ...], limit: int, without: frozenset[str]
) -> tuple[Candidate, ...]:
    where = where_all([seen_by(audiences), *of_kinds(kinds)])
    found = rows(
        "SELECT d.key, MAX((SUBSTR(n.text_key, 1, %s) = %s) * 10 + 1.0 / (1 + LENGTH(n.text_key)))"  # noqa: S608
        f" FROM {WORDS} CROSS JOIN search_indexedlabel n CROSS JOIN search_indexeddocument d"
        f" WHERE {WORDS} MATCH %s AND n.document_id = {WORDS}.rowid / {_PLACES} AND n.position = {WORDS}.rowid %% {_PLACES}"
        f" AND d.id = n.document_id AND {where.sql} GROUP BY d.id ORDER BY 2 DESC, d.id LIMIT %s",
        (len(typed), typed, question, *where.parameters, limit + len(without)),
    )
    return tuple(Candidate(key, score) for key, score in found if key not in without)[:limit]


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'
