"""The catalogue's models, in order of dependence: scales, competences, profile pages and their parts, releases."""

from profilecatalog.profiles.models.competences import Competence, CompetenceLevelText
from profilecatalog.profiles.models.parts import (
    BuildsOn,
    DialogueQuestion,
    NextStep,
    ProfileGroup,
    ProfileItem,
    ProfilePublisher,
    ProfileSource,
    ProfileTask,
    Voice,
)
from profilecatalog.profiles.models.releases import ProfileRelease, ReleasedItem, ReleaseProposal
from profilecatalog.profiles.models.scales import CompetenceArea, Scale, ScaleLevel
from profilecatalog.profiles.pages import CompetenceIndexPage, ProfileIndexPage, ProfilePage

__all__ = [
    "BuildsOn",
    "Competence",
    "CompetenceArea",
    "CompetenceIndexPage",
    "CompetenceLevelText",
    "DialogueQuestion",
    "NextStep",
    "ProfileGroup",
    "ProfileIndexPage",
    "ProfileItem",
    "ProfilePage",
    "ProfilePublisher",
    "ProfileRelease",
    "ProfileSource",
    "ProfileTask",
    "ReleaseProposal",
    "ReleasedItem",
    "Scale",
    "ScaleLevel",
    "Voice",
]
