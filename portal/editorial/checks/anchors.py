"""Where in the page editor a finding leads: Wagtail names fields, blocks and rows each in its own way."""

import re
from typing import Any

from modelcluster.models import get_all_child_relations

# A field in a row of an inline panel: "groups-0-items-2-competence".
_IN_ROW = re.compile(r"^(?P<row>\w+-\d+(?:-\w+-\d+)*)-\w*$")


def fragment(model: type[Any] | None, field: str, row: str = "") -> str:
    """Return the end of the editor's address that opens the tab and scrolls there; empty for a finding about no field."""
    if not field:
        return ""
    if found := _IN_ROW.match(field):
        return f"#inline_child_{found['row']}"
    if model is not None and field in {relation.get_accessor_name() for relation in get_all_child_relations(model)}:
        return f"#id_{field}-FORMS"
    return f"#:w:contentpath={field}.{row}" if row else f"#:w:contentpath={field}"
