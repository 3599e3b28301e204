"""PostgreSQL: a tsvector of our own tokens with weights and a GIN index; no parser or dictionary of the server is asked."""

from collections.abc import Sequence

from django.db import connection

from search.danish import STEM_MARK, Term
from search.engines.base import EngineRequest, Match
from search.engines.database import Condition, DatabaseEngine, columns
from search.models import IndexedDocument

# What a word tells by its weight, from D to A: body, (unused), summary, title.
_WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"
_LAST_POSITION = 16_383


class PostgresqlEngine(DatabaseEngine):
    """The same tokens as every other engine, matched and ranked by the server."""

    name = "postgresql"
    tables = "search_indexeddocument d"

    def write_tokens(self, row: IndexedDocument) -> None:
        """Keep the tokens of one document, in place of those it had."""
        entries: list[str] = []
        position = 0
        for column, weight in zip(columns(row), "ABD", strict=True):
            for word in column:
                position = min(position + 1, _LAST_POSITION)
                entries += [f"{_quoted(token)}:{position}{weight}" for token in word]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_indexeddocument SET tokens = %s::tsvector WHERE id = %s",
                [" ".join(entries), row.pk],
            )

    def delete_tokens(self, document_ids: Sequence[int]) -> None:
        """Do nothing: the tokens lie in the document's own row."""

    def expression(self, request: EngineRequest) -> str:
        """Return the question as a tsquery; every word is quoted, so that none is an operator."""
        return (" | " if request.match is not Match.ALL else " & ").join(_alternatives(term) for term in request.terms)

    def matching(self, request: EngineRequest) -> Condition:
        """Return the condition that the text matches."""
        return Condition("d.tokens @@ %s::tsquery", (self.expression(request),))

    def score(self, request: EngineRequest) -> Condition:
        """Return the server's rank, divided by the logarithm of the text's length."""
        return Condition(f"ts_rank('{_WEIGHTS}', d.tokens, %s::tsquery, 1)", (self.expression(request),))


def _alternatives(term: Term) -> str:
    return f"({_quoted(term.word)}{':*' if term.prefix else ''} | {_quoted(STEM_MARK + term.stem)})"


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
