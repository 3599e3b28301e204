"""Definitions that are wrong are found by `manage.py check`, long before a page should be sent in under them."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

from portal.editorial.covering import misfits
from portal.editorial.models import Definition, Submission
from portal.editorial.reading import read_all
from portal.editorial.storing import shipped_files, stored_problems
from portal.workflows.api import BadDefinitionError


@checks.register()
def check_shipped(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Read every shipped definition, and whether they fit together."""
    try:
        loaded = read_all(shipped_files())
    except BadDefinitionError as error:
        return [checks.Error(str(problem), id="editorial.E001") for problem in error.problems]
    files = {id(each.spec): each for each in loaded}
    problems = [(files[id(each.spec)], each) for each in misfits([each.spec for each in loaded])]
    return [checks.Error(str(file.problem(each.place, each.reason)), id="editorial.E002") for file, each in problems]


@checks.register(checks.Tags.database)
def check_stored(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Read what is stored and at work. A warning: a portal without an extension must still be able to migrate.

    Django asks this before each migration, and by `manage.py check --database default`.
    """
    if "default" not in (databases or ()) or not all(_is_there(model) for model in (Definition, Submission)):
        return []
    hint = "Install the extension again, or import a definition without it."
    return [checks.Warning(str(problem), hint=hint, id="editorial.W001") for problem in stored_problems()]


def _is_there(model: Any) -> bool:
    """Tell whether a model's columns are: before the first migration none, and after an upgrade perhaps not yet all."""
    connection, table = connections["default"], model._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    return {field.column for field in model._meta.concrete_fields} <= there
