"""What PostgreSQL ranks names by, and finds suggestions with; Django's models know nothing of it.

`search_posting` says how much a token tells of a name; the names of a document are counted from 0, and -1 is all of them
together. Its key holds everything that a ranking reads, so that the table itself is not looked at. No foreign key: rows
without a document are passed over by every question, and `manage.py flush` could not empty the documents otherwise.
"""

from typing import Any

from django.db import migrations

_CREATE = [
    """CREATE TABLE search_posting (
        token text COLLATE "C" NOT NULL,
        document_id bigint NOT NULL,
        position smallint NOT NULL,
        weight real NOT NULL,
        PRIMARY KEY (token, document_id, position) INCLUDE (weight)
    )""",
    "CREATE INDEX search_posting_of_document ON search_posting (document_id)",
    "ALTER TABLE search_indexedlabel ADD COLUMN tokens tsvector NOT NULL DEFAULT ''::tsvector",
    "CREATE INDEX search_label_tokens_gin ON search_indexedlabel USING gin (tokens)",
]
_UNDO = [
    "ALTER TABLE search_indexedlabel DROP COLUMN tokens",
    "DROP TABLE search_posting",
]


def create(apps: Any, schema_editor: Any) -> None:
    _on_postgresql(schema_editor, _CREATE)


def drop(apps: Any, schema_editor: Any) -> None:
    _on_postgresql(schema_editor, _UNDO)


def _on_postgresql(schema_editor: Any, statements: list[str]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_rank_sqlite")]

    operations = [migrations.RunPython(create, drop)]
