"""Definitions that are wrong are found by `manage.py check`, long before a case should begin or go on under them."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

from portal.workflows.models import CaseDefinition
from portal.workflows.reading import BadDefinitionError
from portal.workflows.storing import read_all, shipped_files, stored_problems


@checks.register()
def check_shipped(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Read every shipped definition."""
    try:
        read_all(shipped_files())
    except BadDefinitionError as error:
        return [checks.Error(str(problem), id="workflows.E001") for problem in error.problems]
    return []


@checks.register(checks.Tags.database)
def check_stored(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Read what is stored and at work. A warning: a portal without an extension must still be able to migrate.

    Django asks this before each migration, and by `manage.py check --database default`.
    """
    columns = {field.column for field in CaseDefinition._meta.concrete_fields}
    if "default" not in (databases or ()) or columns - _columns():
        return []
    hint = "Install the extension again, or import a definition without it. `workflow_definitions list` shows what is open."
    return [checks.Warning(str(problem), hint=hint, id="workflows.W001") for problem in stored_problems()]


def _columns() -> set[str]:
    """Return the columns that are there: before the first migration none, and after an upgrade perhaps not yet all."""
    connection, table = connections["default"], CaseDefinition._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return set()
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}
