"""A shipped definition that is wrong is found by `manage.py check`, long before a case should begin under it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from portal.workflows.reading import BadDefinitionError
from portal.workflows.storing import read_all, shipped_files


@register()
def check_shipped(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Read every shipped definition."""
    try:
        read_all(shipped_files())
    except BadDefinitionError as error:
        return [Error(str(problem), id="workflows.E001") for problem in error.problems]
    return []
