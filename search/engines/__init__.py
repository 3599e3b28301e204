"""The engines behind the seam. The database's own answers; which one is chosen by the connection."""

from django.db import connection

from search.engines.base import SearchEngine
from search.engines.postgresql import PostgresqlEngine
from search.engines.sqlite import SqliteEngine

_BY_VENDOR: dict[str, type[SqliteEngine] | type[PostgresqlEngine]] = {
    "sqlite": SqliteEngine,
    "postgresql": PostgresqlEngine,
}


def engine() -> SearchEngine:
    """Return the engine of the default database.

    Raises:
        LookupError: the database has no full-text engine here.
    """
    try:
        return _BY_VENDOR[connection.vendor]()
    except KeyError as error:
        raise LookupError(f"Search has no engine for {connection.vendor}.") from error
