"""The courses' models: providers, page types with their parts, and the runs beside them."""

from learning.models.parts import CompetenceLink, CourseOutcome, CourseProfile
from learning.models.providers import Provider
from learning.models.runs import CourseRun
from learning.pages import CourseIndexPage, CoursePage

__all__ = [
    "CompetenceLink",
    "CourseIndexPage",
    "CourseOutcome",
    "CoursePage",
    "CourseProfile",
    "CourseRun",
    "Provider",
]
