"""The drawing of a workflow, and the same as a list: the drawing of cases, with steps for states and no numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.editorial.registry import registry
from portal.editorial.schema import Deadline, StepSpec, WorkflowSpec
from portal.workflows.api import Definition, Words
from portal.workflows.diagram import Box, Diagram, draw
from portal.workflows.schema import State, Transition

_START, _END = "-sent-in", "-published"
# Where a step stands: the words, and the class of its box.
HERE, DONE, AHEAD, RETURNED, SKIPPED = "here", "done", "ahead", "returned", "skipped"


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A box of the drawing and where its step stands."""

    box: Box
    standing: str


@dataclass(frozen=True, slots=True)
class ListedStep:
    """One step in the list beside the drawing."""

    title: str
    does: str
    standing: str
    standing_words: str
    deadline: str
    inner: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing with its text."""

    label: str
    diagram: Diagram
    boxes: tuple[DrawnBox, ...]
    steps: tuple[ListedStep, ...]


def picture(spec: WorkflowSpec, standing: Mapping[str, str] | None = None) -> Picture:
    """Return the drawing of a workflow; `standing` says where each step stands, by its key."""
    known = dict(standing or {})
    drawn = draw(_as_process(spec))
    keys = [_START, *(step.key for step in _boxed(spec)), _END]
    boxes = tuple(DrawnBox(box, known.get(key, "")) for key, box in zip(keys, drawn.boxes, strict=True))
    label = _("Diagram of the workflow “%(title)s”") % {"title": spec.title}
    here = [str(step.title) for step in spec.walk() if known.get(step.key) == HERE and not step.steps]
    if here:
        label = _("%(label)s. It is now at “%(steps)s”.") % {"label": label, "steps": "”, “".join(here)}
    return Picture(label, drawn, boxes, tuple(_listed(spec, known)))


def words_for(standing: str) -> str:
    """Return where a step stands, in a word."""
    return {
        HERE: _("Now"),
        DONE: _("Done"),
        RETURNED: _("Returned"),
        SKIPPED: _("Passed by"),
        AHEAD: _("Still to come"),
    }.get(standing, "")


def _listed(spec: WorkflowSpec, known: Mapping[str, str]) -> Iterator[ListedStep]:
    for outer in spec.steps:
        for step in outer.walk():
            where = known.get(step.key, "")
            yield ListedStep(
                str(step.title), _does(step), where, words_for(where), _length(step.deadline), step is not outer
            )


def _does(step: StepSpec) -> str:
    """Return what kind of step it is; a type whose extension is gone still has its name."""
    found = step.task.name in registry.names("task")
    return str(registry.find("task", step.task.name).title or step.task.name) if found else step.task.name


def _length(deadline: Deadline | None) -> str:
    if deadline is None:
        return ""
    days = ngettext("%(count)s day", "%(count)s days", deadline.days) % {"count": deadline.days}
    return _("within %(days)s") % {"days": days}


def _boxed(spec: WorkflowSpec) -> list[StepSpec]:
    """Return the steps that get a box: those side by side instead of the one that holds them."""
    return [step for outer in spec.steps for step in (outer.steps or (outer,))]


def _as_process(spec: WorkflowSpec) -> Definition:
    """Return the workflow in the words of the drawing, from "sent in" to "published"."""
    columns = [[step.key for step in (outer.steps or (outer,))] for outer in spec.steps]
    begin, end = Words("Sendt ind", "Sent in"), Words("Udgivet", "Published")
    states = (
        State(_START, begin, start=True),
        *(State(step.key, step.title) for step in _boxed(spec)),
        State(_END, end, final=True),
    )
    columns = [[_START], *columns, [_END]]
    ways = tuple(
        Transition(f"{source}-{target}", begin, (source,), target)
        for before, after in pairwise(columns)
        for source in before
        for target in after
    )
    return Definition(spec.key, "", spec.title, states, ways)
