"""What the portal knows about a person: every app says here how its part is exported and what erasing does to it.

Call `register()` from `AppConfig.ready`. A test walks all installed models and fails where a link to a person is named by
no registration. How it works: docs/decisions/0019-personal-data.md.
"""

from portal.core.personal_data.links import links
from portal.core.personal_data.registry import (
    Erasure,
    Fate,
    PersonalData,
    erase,
    export,
    register,
    registrations,
    traces_of,
)
from portal.core.personal_data.sheets import Column, Sheet, Value, sheet
from portal.core.personal_data.traces import Traces, nobody, scrub_rows

__all__ = [
    "Column",
    "Erasure",
    "Fate",
    "PersonalData",
    "Sheet",
    "Traces",
    "Value",
    "erase",
    "export",
    "links",
    "nobody",
    "register",
    "registrations",
    "scrub_rows",
    "sheet",
    "traces_of",
]
