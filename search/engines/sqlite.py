"""The embedded engine: an FTS5 table of our own tokens, ranked by bm25 with the title ahead."""

from collections.abc import Sequence

from django.db import connection

from search.danish import STEM_MARK, Term
from search.engines.base import EngineRequest
from search.engines.database import Condition, DatabaseEngine, Tokens

TABLE = "search_tokens"
# How much a word tells in title, summary and body.
_WEIGHTS = "10.0, 4.0, 1.0"


class SqliteEngine(DatabaseEngine):
    """FTS5, with the same tokens as every other engine."""

    tables = f"search_indexeddocument d JOIN {TABLE} ON {TABLE}.rowid = d.id"

    def write_tokens(self, document_id: int, title: Tokens, summary: Tokens, body: Tokens) -> None:
        """Keep the tokens of one document, in place of those it had."""
        self.delete_tokens([document_id])
        columns = [" ".join(token for word in column for token in word) for column in (title, summary, body)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} (rowid, title, summary, body) VALUES (%s, %s, %s, %s)",  # noqa: S608
                [document_id, *columns],
            )

    def delete_tokens(self, document_ids: Sequence[int]) -> None:
        """Forget the tokens of documents that are about to go."""
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [[pk] for pk in document_ids])  # noqa: S608

    def expression(self, request: EngineRequest) -> str:
        """Return the question for MATCH; every word is quoted, so that none is an operator."""
        return (" OR " if request.any_word else " AND ").join(_alternatives(term) for term in request.terms)

    def matching(self, request: EngineRequest) -> Condition:
        """Return the condition that the text matches."""
        return Condition(f"{TABLE} MATCH %s", (self.expression(request),))

    def score(self, request: EngineRequest) -> Condition:
        """Return bm25, which is smaller for better hits, the other way round."""
        return Condition(f"-bm25({TABLE}, {_WEIGHTS})", ())


def _alternatives(term: Term) -> str:
    return f"({_quoted(term.word)}{'*' if term.prefix else ''} OR {_quoted(STEM_MARK + term.stem)})"


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'
