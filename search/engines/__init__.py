"""The engines behind the seam: Elasticsearch where there is one, and always the database's own."""

from django.db import connection

from search.engines.database import DatabaseEngine
from search.engines.postgresql import PostgresqlEngine
from search.engines.sqlite import SqliteEngine

_BY_VENDOR: dict[str, type[DatabaseEngine]] = {"sqlite": SqliteEngine, "postgresql": PostgresqlEngine}


def database_engine() -> DatabaseEngine:
    """Return the engine of the default database, which can always answer.

    Raises:
        LookupError: the database has no full-text engine here.
    """
    try:
        return _BY_VENDOR[connection.vendor]()
    except KeyError as error:
        raise LookupError(f"Search has no engine for {connection.vendor}.") from error
