"""What a screen shows of a case: where it stands, what the asker may do now, what has happened, and the drawing."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.workflows.diagram import Diagram, draw
from portal.workflows.models import Case
from portal.workflows.registry import Asker, Happening
from portal.workflows.schema import After, Definition, Transition
from portal.workflows.services import may, reason_against


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that the asker may do; `refusal` says why not just now."""

    key: str
    title: str
    target: str
    comment_required: bool
    grave: bool
    refusal: str
    # The first and the last day that may be chosen, where it asks for one.
    days: tuple[date, date] | None = None

    @property
    def asks(self) -> bool:
        """Tell whether it needs more than a press: words or a day."""
        return self.comment_required or self.days is not None


@dataclass(frozen=True, slots=True)
class PastStep:
    """One line of the history."""

    at: datetime
    title: str
    who: str
    comment: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ListedWay:
    """One way in the list beside the drawing, in the order of its numbers; `when` is empty for what somebody does."""

    title: str
    sources: str
    target: str
    when: str
    from_here: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing with its text: what it is called and the same as a list."""

    label: str
    diagram: Diagram
    ways: tuple[ListedWay, ...]
    here: str


@dataclass(frozen=True, slots=True)
class CaseScreen:
    """One case for one asker."""

    uuid: str
    number: int
    process: str
    version: int
    state: str
    since: datetime
    next_at: datetime | None
    next_title: str
    is_open: bool
    problem: str
    ways: tuple[Way, ...]
    history: tuple[PastStep, ...]
    picture: Picture

    @property
    def presses(self) -> tuple[Way, ...]:
        """Return what is done by one press; the other ways ask for words or a day in a form of their own."""
        return tuple(way for way in self.ways if not way.asks)


def case_screen(case: Case, asker: Asker, *, subject: models.Model) -> CaseScreen:
    """Return the case as the asker may see it. Who may see it at all is decided by the screen that asks."""
    rules = case.definition.read()
    return CaseScreen(
        uuid=str(case.uuid),
        number=case.number,
        process=str(rules.title),
        version=case.definition.version,
        state=str(case.current().title),
        since=case.entered_at,
        next_at=timezone.localtime(case.due_at) if case.due_at else None,
        next_title=_next_title(rules, case),
        is_open=case.is_open,
        problem=case.due_problem,
        ways=ways_for(case, asker, subject=subject) if case.is_open else (),
        history=history(case),
        picture=picture(rules, case.state),
    )


def ways_for(case: Case, asker: Asker, *, subject: models.Model) -> tuple[Way, ...]:
    """Return what the asker may do with the case now, in the order of the definition."""
    rules = case.definition.read()
    found = []
    for way in rules.out_of(case.state):
        now = timezone.now()
        happening = Happening(case, subject, way, asker, "", now, case.number + 1)
        if may(happening):
            target = str(rules.state(way.target).title)
            refusal = reason_against(happening)
            found.append(Way(way.key, str(way.title), target, way.comment_required, way.grave, refusal, way.days(now)))
    return tuple(found)


def history(case: Case) -> tuple[PastStep, ...]:
    """Return what has happened, the newest first, in the words of the version that the case began under."""
    rules = case.definition.read()
    rows = case.steps.order_by("-number")
    return tuple(
        PastStep(row.at, _step_title(rules, row.transition, row.target), row.who, row.comment, row.chosen_day)
        for row in rows
    )


def picture(rules: Definition, here: str = "") -> Picture:
    """Return the drawing of a definition and its list."""
    titles = {state.key: str(state.title) for state in rules.states}
    ways = tuple(
        ListedWay(
            title=str(way.title),
            sources=_(" or ").join(titles[source] for source in way.sources),
            target=titles[way.target],
            when=_when(way),
            from_here=here in way.sources,
        )
        for way in rules.transitions
    )
    label = _("Diagram of the process “%(process)s”") % {"process": rules.title}
    if here:
        label = _("%(label)s. It is now in the state “%(state)s”.") % {"label": label, "state": titles[here]}
    return Picture(label, draw(rules, here), ways, titles.get(here, ""))


def _step_title(rules: Definition, transition: str, target: str) -> str:
    way = rules.transition(transition)
    return str(way.title if way else rules.state(target).title)


def _next_title(rules: Definition, case: Case) -> str:
    timed = rules.timed(case.state, case.entered_at, case.chosen_day)
    return str(rules.state(timed[0][1].target).title) if timed else ""


def _when(way: Transition) -> str:
    if way.due_given:
        return _("by itself on the chosen day")
    if way.after is not None:
        return _("by itself after %(time)s") % {"time": _length(way.after)}
    # Who looks for the button must be told that there is none.
    along = way.who and all(use.name == "portal" for use in way.who)
    return _("by the portal, when something else is done") if along else ""


def _length(after: After) -> str:
    months = ngettext("%(n)s month", "%(n)s months", after.months) % {"n": after.months} if after.months else ""
    days = ngettext("%(n)s day", "%(n)s days", after.days) % {"n": after.days} if after.days else ""
    return _(" and ").join(part for part in (months, days) if part)
