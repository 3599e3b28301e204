"""What SQLite ranks names by: a table of our own tokens for each kind of them (see `search.engines.sqlite`)."""

from typing import Any

from django.db import migrations, models

# "ascii" parts words at spaces and at signs of ASCII only: whatever letter Python knows stays in its token.
_OPTIONS = "tokenize=\"ascii tokenchars '=_'\""
_TABLES = {
    "search_name_pieces": _OPTIONS,
    "search_name_grams": _OPTIONS,
    "search_names_together": _OPTIONS,
    # Asked by beginnings of two letters and more.
    "search_name_words": f"{_OPTIONS}, prefix='2 3 4'",
}


def create(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table, options in _TABLES.items():
            schema_editor.execute(f"CREATE VIRTUAL TABLE {table} USING fts5 (tokens, {options})")


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in _TABLES:
            schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_names_and_mirror")]

    operations = [
        migrations.RunPython(create, drop),
        migrations.AddIndex(
            model_name="indexedlabel", index=models.Index(fields=["text_key"], name="search_name_exactly")
        ),
    ]
