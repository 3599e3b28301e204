"""The embedded engine: an FTS5 table of our own tokens, ranked by bm25 with the title ahead."""

from collections.abc import Sequence

from django.db import connection

from search.danish import STEM_MARK, Term
from search.engines.base import EngineRequest, Match
from search.engines.database import Condition, DatabaseEngine, columns
from search.models import IndexedDocument

TABLE = "search_tokens"
# How much a word tells in title, summary and body.
_WEIGHTS = "10.0, 4.0, 1.0"


class SqliteEngine(DatabaseEngine):
    """FTS5, with the same tokens as every other engine."""

    name = "sqlite"
    tables = f"search_indexeddocument d JOIN {TABLE} ON {TABLE}.rowid = d.id"

    def write_tokens(self, row: IndexedDocument) -> None:
        """Keep the tokens of one document, in place of those it had."""
        self.delete_tokens([row.pk])
        texts = [" ".join(token for word in column for token in word) for column in columns(row)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} (rowid, title, summary, body) VALUES (%s, %s, %s, %s)",  # noqa: S608
                [row.pk, *texts],
            )

    def delete_tokens(self, document_ids: Sequence[int]) -> None:
        """Forget the tokens of documents that are about to go."""
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [[pk] for pk in document_ids])  # noqa: S608

    def expression(self, request: EngineRequest) -> str:
        """Return the question for MATCH; every word is quoted, so that none is an operator."""
        return (" OR " if request.match is not Match.ALL else " AND ").join(
            _alternatives(term) for term in request.terms
        )

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
