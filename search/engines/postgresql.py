"""PostgreSQL: a tsvector of our own tokens with a GIN index finds, postings of names rank.

No parser or dictionary of the server is asked, and no extension is needed.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from search.danish import STEM_MARK, Term, Way, parts, stem, words
from search.engines import postings
from search.engines.base import Candidate, EngineRequest, EngineResult, Match
from search.engines.database import Condition, DatabaseEngine, columns
from search.models import IndexedDocument

# What a word tells by its weight, from D to A: body, (unused), summary, title. It comes beside what the names tell.
_WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"
_TEXT_SHARE = 3.0
_LAST_POSITION = 16_383
# A tsvector holds a megabyte; what comes after this much text says nothing new.
_MOST_BYTES = 900_000


class PostgresqlEngine(DatabaseEngine):
    """The same tokens as every other engine, matched and ranked by the server."""

    name = "postgresql"
    tables = "search_indexeddocument d"

    # --- Keeping ---

    def write_tokens(self, row: IndexedDocument) -> None:
        """Keep the tokens of one document, in place of those it had."""
        names = [_name_vector(name) for name in (row.title, *row.labels)]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_indexeddocument SET tokens = %s::tsvector WHERE id = %s", [_text_vector(row), row.pk]
            )
            cursor.execute(
                "UPDATE search_indexedlabel l SET tokens = v.tokens::tsvector"
                " FROM unnest(%s::text[]) WITH ORDINALITY AS v (tokens, place)"
                " WHERE l.document_id = %s AND l.position = v.place - 1",
                [names, row.pk],
            )
        postings.write(row)

    def delete_tokens(self, document_ids: Sequence[int]) -> None:
        """Forget the tokens of documents that are about to go; most lie in rows that go with them."""
        postings.delete(document_ids)

    # --- Answering ---

    def search(self, request: EngineRequest) -> EngineResult:
        """Answer with as many queries as there are filters and four, whatever the hits."""
        if request.match is Match.NEAR:
            return EngineResult(candidates=self._near(request))
        return super().search(request)

    def expression(self, request: EngineRequest) -> str:
        """Return the question as a tsquery; every word is quoted, so that none is an operator."""
        return (" & " if request.match is Match.ALL else " | ").join(_alternatives(term) for term in request.terms)

    def matching(self, request: EngineRequest) -> Condition:
        """Return the condition that the text matches; what is only near is found by its names instead."""
        if request.match is Match.NEAR:
            return Condition("TRUE", ())
        return Condition("d.tokens @@ %s::tsquery", (self.expression(request),))

    def score(self, request: EngineRequest) -> Condition:
        """Return what the names tell, and a little for where else the words stand; for long texts less."""
        text = f"ts_rank('{_WEIGHTS}', d.tokens, %s::tsquery, 1)"
        return Condition(f"COALESCE(r.score, 0) + {_TEXT_SHARE} * {text}", (self.expression(request),))

    def _candidates(self, request: EngineRequest, conditions: list[Condition], offset: int) -> tuple[Candidate, ...]:
        score, where = self.score(request), _all_of(conditions)
        return _found(
            f"{postings.RANKED} SELECT d.key, {score.sql} FROM {self.tables} LEFT JOIN ranked r ON r.document_id = d.id"  # noqa: S608
            f" WHERE {where.sql} ORDER BY CASE WHEN d.id IN (SELECT l.document_id FROM search_indexedlabel l"
            " WHERE l.text_key = %s) THEN 0 ELSE 1 END, 2 DESC, d.id LIMIT %s OFFSET %s",
            [
                *postings.weighed(request.rank),
                *score.parameters,
                *where.parameters,
                request.title_key[:255],
                request.limit,
                offset,
            ],
        )

    def _near(self, request: EngineRequest) -> tuple[Candidate, ...]:
        where = _all_of(self._conditions(request))
        return _found(
            f"{postings.RANKED} SELECT d.key, r.score FROM ranked r JOIN {self.tables} ON d.id = r.document_id"  # noqa: S608
            f" WHERE {where.sql} ORDER BY r.score DESC, d.id LIMIT %s OFFSET %s",
            [*postings.weighed(request.rank), *where.parameters, request.limit, request.offset],
        )

    def suggest(
        self,
        beginnings: Collection[str],
        *,
        audiences: frozenset[str],
        kinds: tuple[str, ...],
        limit: int,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Candidate, ...]:
        """Return documents by names that begin like what is typed; where none does, by those with another letter in it."""
        typed = list(beginnings)
        if not typed or limit < 1:
            return ()
        request = EngineRequest(
            terms=(), audiences=audiences, kinds=kinds, without=without, limit=limit, match=Match.NEAR
        )
        return self._suggested(request, typed, typed[-1], "") or self._suggested(
            request, typed, typed[-1][:1], _with_a_slip(typed[-1])
        )

    def _suggested(self, request: EngineRequest, typed: list[str], beginning: str, slip: str) -> tuple[Candidate, ...]:
        """Return names with a word that goes on from `beginning`; with `slip`, a pattern that a word of theirs has, too."""
        others = [f"({_quoted(word)} | {_quoted(STEM_MARK + stem(word))})" for word in typed[:-1]]
        where = _all_of(self._conditions(request))
        return _found(
            # Each document by its best name; a negative score, since the first and the shortest are the best.
            f"SELECT d.key, MAX(CASE WHEN starts_with(l.text_key, %s) THEN 0 ELSE -1000 END - length(l.text_key))"  # noqa: S608
            f" FROM {self.tables} JOIN search_indexedlabel l ON l.document_id = d.id"
            f" WHERE l.tokens @@ %s::tsquery AND (%s = '' OR l.text_key ~ %s) AND {where.sql}"
            " GROUP BY d.id, d.key ORDER BY 2 DESC, d.id LIMIT %s",
            [
                " ".join(typed),
                " & ".join([f"{_quoted(beginning)}:*", *others]),
                slip,
                slip,
                *where.parameters,
                request.limit,
            ],
        )


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
    tokens = {token for word in words(name) for token in (word, STEM_MARK + stem(word), *parts(word))}
    return " ".join(_quoted(token) for token in sorted(tokens))


def _alternatives(term: Term) -> str:
    return "(" + " | ".join(_way(way) for way in term.ways if way.tokens) + ")"


def _way(way: Way) -> str:
    if way.prefix:
        return f"{_quoted(way.tokens[0])}:*"
    return "(" + " & ".join(_quoted(token) for token in way.tokens) + ")"


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _with_a_slip(beginning: str) -> str:
    """Return a pattern of words that begin like this with one other letter; the first one is seldom wrong.

    A folded word has nothing in it that a pattern could mean.
    """
    slipped = (f"{beginning[:place]}.{beginning[place + 1 :]}" for place in range(1, len(beginning)))
    return f"(^| )({'|'.join(slipped)})" if len(beginning) > 1 else f"(^| ){beginning}"


def _all_of(conditions: Iterable[Condition]) -> Condition:
    listed = list(conditions)
    return Condition(
        " AND ".join(condition.sql for condition in listed),
        tuple(parameter for condition in listed for parameter in condition.parameters),
    )


def _found(sql: str, parameters: list[Any]) -> tuple[Candidate, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return tuple(Candidate(*row) for row in cursor.fetchall())
