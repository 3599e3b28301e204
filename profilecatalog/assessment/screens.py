"""What the templates of the widget draw, with every choice made and every sentence written."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profilecatalog.assessment.enums import AnswerKind
from profilecatalog.assessment.forms import AssessmentForm, field_name
from profilecatalog.assessment.results import Result, ResultRow, Standing
from profilecatalog.profiles.api import ReleaseDocument

BADGES = {
    Standing.MET: (gettext_lazy("Met"), ""),
    Standing.GROWS: (gettext_lazy("Met now, grows"), ""),
    Standing.BELOW: (gettext_lazy("Below the requirement now"), "warn"),
    Standing.NO_REQUIREMENT: (gettext_lazy("No requirement of you"), "off"),
    Standing.NOT_RELEVANT: (AnswerKind.NOT_RELEVANT.label, "off"),
    Standing.DONT_KNOW: (AnswerKind.DONT_KNOW.label, "off"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio card."""

    id: str
    value: str
    title: str
    text: str
    level: int | None
    checked: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One competence with its choices; `levels` says how many steps the marks have."""

    id: str
    name: str
    title: str
    text: str
    error: str
    levels: int
    level_choices: tuple[Choice, ...]
    other_choices: tuple[Choice, ...]


def questions(form: AssessmentForm) -> tuple[Question, ...]:
    """Return the questions in the profile's order, with what was answered before an error."""
    return tuple(_question(form, need.item.competence_uuid) for need in form.document.needs)


def _question(form: AssessmentForm, competence: UUID) -> Question:
    name = field_name(competence)
    item = next(need.item for need in form.document.needs if need.item.competence_uuid == competence)
    levels = form.document.scale.levels if form.document.scale else ()
    field, sent = form[name], form.data.get(name, "")
    # The first choice has the id that the error summary leads to.
    choices = [
        Choice(
            f"{field.auto_id}_{place}", str(level.number), level.label, text, level.number, sent == str(level.number)
        )
        for place, (level, text) in enumerate(zip(levels, item.level_texts, strict=True))
    ]
    others = (
        Choice(f"{field.auto_id}_{kind.value}", kind.value, str(kind.label), "", None, sent == kind.value)
        for kind in (AnswerKind.NOT_RELEVANT, AnswerKind.DONT_KNOW)
    )
    error = " ".join(str(message) for message in field.errors)
    return Question(
        id=f"q-{competence}",
        name=name,
        title=item.name,
        text=item.description,
        error=error,
        levels=len(levels),
        level_choices=tuple(choices),
        other_choices=tuple(others),
    )


@dataclass(frozen=True, slots=True)
class StepScreen:
    """One next step: what, why, and what the next level says."""

    title: str
    because: str
    next_text: str


@dataclass(frozen=True, slots=True)
class RowScreen:
    """One competence of the picture."""

    name: str
    me: int | None
    now: int | None
    future: int | None
    year: int | None
    answer: str
    badge: str
    badge_kind: str
    show_names: bool


@dataclass(frozen=True)
class ResultScreen:
    """The result page."""

    lead: str
    steps: tuple[StepScreen, ...]
    rows: tuple[RowScreen, ...]
    level_names: tuple[str, ...]
    year: int | None
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    has_team_requirements: bool


def result_screen(result: Result) -> ResultScreen:
    """Write the result out."""
    document = result.document
    last = len(result.rows) - 1
    in_future = _("In %(year)s") % {"year": result.year} if result.year else _("In future")
    return ResultScreen(
        lead=" ".join(_lead(result)),
        steps=tuple(_step(document, row) for row in result.steps),
        rows=tuple(_row(row, show_names=place in {0, last}) for place, row in enumerate(result.rows)),
        level_names=tuple(level.name for level in document.scale.levels) if document.scale else (),
        year=result.year,
        columns=(_("Competence"), _("Your level"), _("Required now"), in_future),
        table=tuple(_table_row(document, row) for row in result.rows),
        has_team_requirements=any(item.team_requirements for item in document.items),
    )


def _lead(result: Result) -> Iterator[str]:
    required, below, growing = len(result.required_now), len(result.below), len(result.growing)
    if not any(row.me for row in result.rows):
        yield _("You have not chosen a level for any competence, so there is nothing to compare yet.")
        return
    if required:
        yield ngettext(
            "You meet %(met)s of %(count)s requirement today.",
            "You meet %(met)s of %(count)s requirements today.",
            required,
        ) % {"met": required - below, "count": required}
    if below:
        yield ngettext("One area is worth taking up now.", "%(count)s areas are worth taking up now.", below) % {
            "count": below
        }
    if growing:
        yield _growing_sentence(growing, result.year)
    if not below and not growing:
        yield _("Nothing is missing in what you have answered, now or in future.")


def _growing_sentence(growing: int, year: int | None) -> str:
    if year is None:
        text = ngettext(
            "One requirement that you meet today is growing.",
            "%(count)s requirements that you meet today are growing.",
            growing,
        )
    else:
        text = ngettext(
            "One requirement that you meet today grows towards %(year)s.",
            "%(count)s requirements that you meet today grow towards %(year)s.",
            growing,
        )
    return text % {"count": growing, "year": year}


def _label(document: ReleaseDocument, level: int | None) -> str:
    return document.scale.level(level).label if level and document.scale else ""


def _step(document: ReleaseDocument, row: ResultRow) -> StepScreen:
    words = {
        "name": row.need.item.name,
        "me": _label(document, row.me),
        "now": _label(document, row.need.now),
        "future": _label(document, row.need.future),
        "year": row.need.item.future_year or _("the coming years"),
        "next": _label(document, row.me + 1 if row.me else None),
    }
    title = _("%(name)s: from %(me)s to %(next)s") if row.me else _("%(name)s: find out where you are")
    return StepScreen(title % words, " ".join(_because(row)) % words, row.next_text)


def _because(row: ResultRow) -> Iterator[str]:
    if row.standing is Standing.DONT_KNOW:
        yield _("you answered “Don't know”.")
        yield _("%(now)s is required now.") if row.need.now else _("%(future)s is required in %(year)s.")
        return
    if row.standing is Standing.BELOW:
        yield _("you are at %(me)s, and %(now)s is required now.")
        if (row.need.future or 0) > (row.need.now or 0):
            yield _("In %(year)s it is %(future)s.")
        return
    yield _("the requirement grows: %(future)s in %(year)s, and you are at %(me)s.")


def _row(row: ResultRow, *, show_names: bool) -> RowScreen:
    badge, kind = BADGES[row.standing]
    return RowScreen(
        name=row.need.item.name,
        me=row.me,
        now=row.need.now,
        future=row.need.future,
        year=row.need.item.future_year,
        answer="" if row.me else str(row.given.kind.label).lower(),
        badge=str(badge),
        badge_kind=kind,
        show_names=show_names,
    )


def _table_row(document: ReleaseDocument, row: ResultRow) -> tuple[str, ...]:
    none = _("No requirement")
    future = row.need.future if row.need.future is not None else row.need.now
    return (
        row.need.item.name,
        _label(document, row.me) or str(row.given.kind.label),
        _label(document, row.need.now) or none,
        _label(document, future) or none,
    )
