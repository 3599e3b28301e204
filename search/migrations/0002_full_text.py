"""The full-text side of the index, in each database's own way; Django's models know nothing of it."""

from typing import Any

from django.db import migrations

# Our tokens are split at spaces; the mark of a stem belongs to its token. Prefix indexes serve the last word of a question.
_SQLITE = [
    """CREATE VIRTUAL TABLE search_tokens USING fts5
    (title, summary, body, tokenize="unicode61 remove_diacritics 0 tokenchars '='", prefix='2 3')""",
]
_POSTGRESQL = [
    "ALTER TABLE search_indexeddocument ADD COLUMN tokens tsvector NOT NULL DEFAULT ''::tsvector",
    "CREATE INDEX search_tokens_gin ON search_indexeddocument USING gin (tokens)",
]
_STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_UNDO = {
    "sqlite": ["DROP TABLE search_tokens"],
    "postgresql": ["ALTER TABLE search_indexeddocument DROP COLUMN tokens"],
}


def create(apps: Any, schema_editor: Any) -> None:
    for statement in _STATEMENTS.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    for statement in _UNDO.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_index")]

    operations = [migrations.RunPython(create, drop)]
