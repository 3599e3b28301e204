"""What other packages may use of the courses."""

from learning.enums import CountsFor
from learning.loading import CourseSpec, LinkSpec, ProviderSpec, RunSpec, load_course, load_provider
from learning.models import CompetenceLink, CourseIndexPage, CoursePage, CourseRun, Provider
from learning.services import (
    CourseRunSpec,
    course_run_cancel,
    course_run_delete,
    course_run_save,
    course_run_spec,
)

__all__ = [
    "CompetenceLink",
    "CountsFor",
    "CourseIndexPage",
    "CoursePage",
    "CourseRun",
    "CourseRunSpec",
    "CourseSpec",
    "LinkSpec",
    "Provider",
    "ProviderSpec",
    "RunSpec",
    "course_run_cancel",
    "course_run_delete",
    "course_run_save",
    "course_run_spec",
    "load_course",
    "load_provider",
]
