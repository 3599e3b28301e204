"""What other packages may use of the catalogue.

Templates draw levels with `{% load components %}{% level_mark now=… future=… %}` of the ground.
"""

from profilecatalog.profiles.documents import (
    CompetenceNeed,
    ProfileRef,
    ReleaseDocument,
    ReleaseGroup,
    ReleaseItem,
    ReleaseLevel,
    ReleaseScale,
    Requirement,
    RetiredItem,
    SourceText,
    VoiceText,
    text_hash,
)
from profilecatalog.profiles.frameworks import (
    AreaInput,
    CompetenceInput,
    FrameworkInput,
    FrameworkReport,
    GroupInput,
    ItemInput,
    LevelInput,
    NextStepInput,
    ProfileInput,
    ScaleInput,
    SourceInput,
    TeamInput,
    VoiceInput,
)
from profilecatalog.profiles.models import (
    Competence,
    CompetenceArea,
    CompetenceIndexPage,
    ProfileIndexPage,
    ProfilePage,
    ProfileRelease,
    ReleaseProposal,
    Scale,
    ScaleLevel,
)
from profilecatalog.profiles.search_terms import level_terms
from profilecatalog.profiles.selectors import competences_by_key, latest_release, latest_releases
from profilecatalog.profiles.services.errors import CatalogueError, FrameworkError, ReleaseError
from profilecatalog.profiles.services.framework import load_framework
from profilecatalog.profiles.services.releases import profile_remove

__all__ = [
    "AreaInput",
    "CatalogueError",
    "Competence",
    "CompetenceArea",
    "CompetenceIndexPage",
    "CompetenceInput",
    "CompetenceNeed",
    "FrameworkError",
    "FrameworkInput",
    "FrameworkReport",
    "GroupInput",
    "ItemInput",
    "LevelInput",
    "NextStepInput",
    "ProfileIndexPage",
    "ProfileInput",
    "ProfilePage",
    "ProfileRef",
    "ProfileRelease",
    "ReleaseDocument",
    "ReleaseError",
    "ReleaseGroup",
    "ReleaseItem",
    "ReleaseLevel",
    "ReleaseProposal",
    "ReleaseScale",
    "Requirement",
    "RetiredItem",
    "Scale",
    "ScaleInput",
    "ScaleLevel",
    "SourceInput",
    "SourceText",
    "TeamInput",
    "VoiceInput",
    "VoiceText",
    "competences_by_key",
    "latest_release",
    "latest_releases",
    "level_terms",
    "load_framework",
    "profile_remove",
    "text_hash",
]
