"""What other packages, and extensions of third parties, may use of the workflows."""

from portal.workflows.files import BadDefinitionError, Fault, Problem, ShapeError, parse, placed, read_each
from portal.workflows.models import Case, CaseDefinition, Step
from portal.workflows.parameters import NoParameters, ParameterError, build
from portal.workflows.plugins import load as load_extensions
from portal.workflows.policy import NoDefinitionError, definition_for
from portal.workflows.reader import Reader
from portal.workflows.registry import Asker, CaseKind, Happening, Kind, Registry, Via, registry
from portal.workflows.retiring import RetireError, definition_restore, definition_retire
from portal.workflows.schema import Definition, Place, Scope, State, Transition, Use, Words
from portal.workflows.selectors import CaseScreen, Picture, Way, case_screen, history, picture, ways_for
from portal.workflows.services import (
    Before,
    CommentMissingError,
    DayError,
    GuardError,
    NotAllowedError,
    StaleCaseError,
    case_move_next,
    case_start,
    case_take,
    case_transition,
    cases_due,
)
from portal.workflows.storing import (
    Change,
    definitions_export,
    definitions_import,
    definitions_install,
    difference,
    digest,
    shipped_files,
)
from portal.workflows.toml import write

__all__ = [
    "Asker",
    "BadDefinitionError",
    "Before",
    "Case",
    "CaseDefinition",
    "CaseKind",
    "CaseScreen",
    "Change",
    "CommentMissingError",
    "DayError",
    "Definition",
    "Fault",
    "GuardError",
    "Happening",
    "Kind",
    "NoDefinitionError",
    "NoParameters",
    "NotAllowedError",
    "ParameterError",
    "Picture",
    "Place",
    "Problem",
    "Reader",
    "Registry",
    "RetireError",
    "Scope",
    "ShapeError",
    "StaleCaseError",
    "State",
    "Step",
    "Transition",
    "Use",
    "Via",
    "Way",
    "Words",
    "build",
    "case_move_next",
    "case_screen",
    "case_start",
    "case_take",
    "case_transition",
    "cases_due",
    "definition_for",
    "definition_restore",
    "definition_retire",
    "definitions_export",
    "definitions_import",
    "definitions_install",
    "difference",
    "digest",
    "history",
    "load_extensions",
    "parse",
    "picture",
    "placed",
    "read_each",
    "registry",
    "shipped_files",
    "ways_for",
    "write",
]
