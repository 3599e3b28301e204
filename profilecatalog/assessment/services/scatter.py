"""Wipe the order of arrival that a database keeps below its tables.

Random keys hide it from every query of ours, but not from somebody who reads the database itself: SQLite counts rows
(`rowid`); PostgreSQL puts them one behind the other and names the transaction that wrote them (`xmin`), the same one
for a response and its used form. So, once a day and whenever rounds are closed, all rows get a new, meaningless place.
What was written since the last time keeps its place until the next; docs/decisions/0007-answers.md says so.
"""

from django.db import connection, transaction
from django.db.models import Model

from profilecatalog.assessment.models import Answer, Response, ResponseRelease, UsedToken

TABLES: tuple[type[Model], ...] = (Response, ResponseRelease, Answer, UsedToken)


def scatter() -> None:
    """Give all rows of the answer tables a place that says nothing; cheap, since no answer is kept for long."""
    on_postgres = connection.vendor == "postgresql"
    with transaction.atomic(), connection.cursor() as cursor:
        for model in TABLES:
            table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk
            column = connection.ops.quote_name(str(key.column if key else "id"))
            # The names come from our own models, not from outside.
            if on_postgres:
                cursor.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608
            else:
                cursor.execute(f"UPDATE {table} SET rowid = random() & 9223372036854775807")  # noqa: S608
    if on_postgres:
        _rewrite()


def _rewrite() -> None:
    """Write the tables anew in the order of their random keys; the row versions of before are gone with the old files."""
    with connection.cursor() as cursor:
        for model in TABLES:
            constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)
            index = next(name for name, found in constraints.items() if found["primary_key"])
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"CLUSTER {table} USING {connection.ops.quote_name(index)}")
