"""PostgreSQL in production, embedded SQLite for the demo and the quick tests; the address alone decides."""

from typing import Any

import dj_database_url

from portal.settings import env

# IMMEDIATE takes the write lock when a transaction begins: with DEFERRED a read that later writes fails at once with
# "database is locked", whatever the time-out.
_SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def database(default: str | None = None) -> dict[str, Any]:
    """Return Django's settings for the database that `DATABASE_URL` names."""
    settings: dict[str, Any] = dict(dj_database_url.parse(env.text("DATABASE_URL", default)))
    settings.setdefault("OPTIONS", {})
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {**_SQLITE_OPTIONS, **settings["OPTIONS"]}
    else:
        settings["CONN_MAX_AGE"] = env.number("DATABASE_CONN_MAX_AGE", 60)
        settings["CONN_HEALTH_CHECKS"] = True
    return settings
