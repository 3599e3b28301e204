"""PostgreSQL: a tsvector of our own tokens with a GIN index finds, postings of names rank.

No parser or dictionary of the server is asked, and no extension is needed.
"""

from collections.abc import Collection, Sequence
from functools import partial

from django.db import connection

from search.danish import Term, Way, parts, words
from search.engines import postings
from search.engines.base import Candidate, EngineRequest, Match, filled_up
from search.engines.database import Condition, DatabaseEngine, columns, of_kinds, rows, seen_by, where_all
from search.models import IndexedDocument

# What a word tells by its weight, from D to A: body, (unused), summary, title. It comes beside what the names tell.
_WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"
_TEXT_SHARE = 3.0
_LAST_POSITION = 16_383
# A tsvector holds a megabyte; what comes after this much text says nothing new.
_MOST_BYTES = 900_000
# In a beginning longer than this a slip is looked for in its first letters; a letter of a shorter one is not left out.
_LONGEST_SLIP, _SHORTEST_SLIP = 8, 2


class PostgresqlEngine(DatabaseEngine):
    """The same tokens as every other engine, matched and ranked by the server."""

    name = "postgresql"
    tables = "search_indexeddocument d"

    # --- Keeping ---

    def write_tokens(self, row: IndexedDocument) -> None:
        """Keep the tokens of one document, in place of those it had."""
        self.delete_tokens([row.pk])
        self.add_tokens([row])

    def add_tokens(self, documents: Sequence[IndexedDocument]) -> None:
        """Keep the tokens of documents that have none yet, with one query for each kind of token."""
        names = [
            (row.pk, position, _name_vector(name))
            for row in documents
            for position, name in enumerate((row.title, *row.labels))
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_indexeddocument d SET tokens = v.tokens::tsvector"
                " FROM unnest(%s::bigint[], %s::text[]) AS v (id, tokens) WHERE d.id = v.id",
                [[row.pk for row in documents], [_text_vector(row) for row in documents]],
            )
            cursor.execute(
                "UPDATE search_indexedlabel l SET tokens = v.tokens::tsvector"
                " FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS v (id, position, tokens)"
                " WHERE l.document_id = v.id AND l.position = v.position",
                postings.in_columns(names, 3),
            )
        postings.add(documents)

    def delete_tokens(self, document_ids: Sequence[int]) -> None:
        """Forget the tokens of documents that are about to go; most lie in rows that go with them."""
        postings.delete(document_ids)

    # --- Answering ---

    def matching(self, request: EngineRequest) -> Condition:
        """Return the condition that the text matches; what is only near has a name in common instead."""
        if request.match is Match.NEAR:
            return Condition("TRUE")
        return Condition("d.tokens @@ %s::tsquery", (_expression(request),))

    def _candidates(self, request: EngineRequest, conditions: list[Condition], offset: int) -> tuple[Candidate, ...]:
        is_near = request.match is Match.NEAR
        score, where = _NAMED if is_near else _score(request), where_all(conditions)
        found = rows(
            f"{postings.RANKED} SELECT d.key, {score.sql} FROM {self.tables}"  # noqa: S608
            f" {'' if is_near else 'LEFT'} JOIN ranked r ON r.document_id = d.id WHERE {where.sql}"
            f" ORDER BY {_CALLED_SO}, 2 DESC, d.id LIMIT %s OFFSET %s",
            (
                *postings.weighed(request.rank),
                *score.parameters,
                *where.parameters,
                *[request.title_key[:255]] * 2,
                request.limit,
                offset,
            ),
        )
        return tuple(Candidate(*row) for row in found)

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
        *others, last = beginnings
        conditions, typed = [seen_by(audiences), *of_kinds(kinds)], " ".join(beginnings)

        def named(beginning: str, *slip: Condition) -> tuple[Candidate, ...]:
            question = " & ".join([*(_quoted(word) for word in others), f"{_quoted(beginning)}:*"])
            found = _named(question, typed, where_all([*conditions, *slip]), limit + len(without))
            return tuple(candidate for candidate in found if candidate.key not in without)[:limit]

        return filled_up((partial(named, last), lambda: named(last[:1], _a_slip_from(last))), limit)


_NAMED = Condition("r.score")
# First the title that is exactly what was typed, then another name that is.
_CALLED_SO = """CASE WHEN d.title_key = %s THEN 0
    WHEN d.id IN (SELECT l.document_id FROM search_indexedlabel l WHERE l.text_key = %s) THEN 1 ELSE 2 END"""


def _score(request: EngineRequest) -> Condition:
    """Return what the names tell, and a little for where else the words stand; in long texts less."""
    text = f"{_TEXT_SHARE} * ts_rank('{_WEIGHTS}', d.tokens, %s::tsquery, 1)"
    return Condition(f"COALESCE(r.score, 0) + {text}", (_expression(request),))


def _named(question: str, typed: str, where: Condition, limit: int) -> tuple[Candidate, ...]:
    found = rows(
        "SELECT d.key, MAX(CASE WHEN starts_with(l.text_key, %s) THEN 10 ELSE 0 END + 1.0 / (1 + LENGTH(l.text_key)))"  # noqa: S608
        " FROM search_indexedlabel l JOIN search_indexeddocument d ON d.id = l.document_id"
        f" WHERE l.tokens @@ %s::tsquery AND {where.sql} GROUP BY d.id, d.key ORDER BY 2 DESC, d.id LIMIT %s",
        (typed, question, *where.parameters, limit),
    )
    return tuple(Candidate(key, float(score)) for key, score in found)


def _a_slip_from(beginning: str) -> Condition:
    """Return the condition that a word of the name begins so with one slip: the hundreds of `slips` as one pattern.

    Asked of the index one by one they take a second. A folded word has nothing in it that a pattern could mean.
    """
    start = beginning[:_LONGEST_SLIP]
    patterns: list[str] = []
    for place in range(1, len(start)):
        before, letter, after = start[:place], start[place], start[place + 1 :]
        patterns += [f"{before}.{after}", f"{before}.{letter}{after}"]
        if len(start) > _SHORTEST_SLIP:
            patterns += [before + after, before + after[:1] + letter + after[1:]]
    return Condition("l.tokens::text ~ %s", (f"'({'|'.join(dict.fromkeys(patterns)) or start})",))


# --- The server's own notation; every token is quoted, so that none is an operator --------------------------------------


def _text_vector(row: IndexedDocument) -> str:
    entries: list[str] = []
    position = size = 0
    for column, weight in zip(columns(row), "ABD", strict=True):
        for word in column:
            size += sum(len(token.encode()) + 4 for token in word)
            if size > _MOST_BYTES:
                break
            position = min(position + 1, _LAST_POSITION)
            entries += [f"{_quoted(token)}:{position}{weight}" for token in word]
    return " ".join(entries)


def _name_vector(name: str) -> str:
    """Return what a name is suggested by: its words, and the parts of compounds as they are written."""
    tokens = {token for word in words(name) for token in (word, *parts(word))}
    return " ".join(_quoted(token) for token in sorted(tokens))


def _expression(request: EngineRequest) -> str:
    return (" & " if request.match is Match.ALL else " | ").join(_alternatives(term) for term in request.terms)


def _alternatives(term: Term) -> str:
    return "(" + " | ".join(_way(way) for way in term.ways if way.tokens) + ")"


def _way(way: Way) -> str:
    if way.prefix:
        return f"{_quoted(way.tokens[0])}:*"
    return "(" + " & ".join(_quoted(token) for token in way.tokens) + ")"


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
