"""What other packages, and extensions of third parties, may use of the workflows."""

from portal.workflows.models import Case, CaseDefinition, Step
from portal.workflows.parameters import NoParameters, ParameterError, build
from portal.workflows.policy import NoDefinitionError, definition_for
from portal.workflows.reading import BadDefinitionError, Problem
from portal.workflows.registry import Asker, Happening, Kind, Registry, Via, registry
from portal.workflows.schema import Definition, Scope, Use, Words
from portal.workflows.selectors import CaseScreen, Picture, Way, case_screen, history, picture, ways_for
from portal.workflows.services import (
    CommentMissingError,
    GuardError,
    NotAllowedError,
    StaleCaseError,
    case_move_next,
    case_start,
    case_transition,
    cases_due,
)
from portal.workflows.storing import definitions_export, definitions_import

__all__ = [
    "Asker",
    "BadDefinitionError",
    "Case",
    "CaseDefinition",
    "CaseScreen",
    "CommentMissingError",
    "Definition",
    "GuardError",
    "Happening",
    "Kind",
    "NoDefinitionError",
    "NoParameters",
    "NotAllowedError",
    "ParameterError",
    "Picture",
    "Problem",
    "Registry",
    "Scope",
    "StaleCaseError",
    "Step",
    "Use",
    "Via",
    "Way",
    "Words",
    "build",
    "case_move_next",
    "case_screen",
    "case_start",
    "case_transition",
    "cases_due",
    "definition_for",
    "definitions_export",
    "definitions_import",
    "history",
    "picture",
    "registry",
    "ways_for",
]
