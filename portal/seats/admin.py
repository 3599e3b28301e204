"""What the admin's forms of rows with seats share."""

import uuid
from typing import Any


class CopiedRowMixin:
    """A copy view whose form holds a new row from the start: Wagtail's holds the original until it is sent elsewhere."""

    def get_initial_form_instance(self) -> Any:
        """Return the values of the original under a new identity; the seats' values are read from it, not shared."""
        row: Any = super().get_initial_form_instance()  # type: ignore[misc]
        row.pk, row.uuid = None, uuid.uuid4()
        row._state.adding = True
        return row
