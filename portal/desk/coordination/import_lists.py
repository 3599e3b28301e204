"""What the screens of an import show: how far it is, what its lines ask for, what came of it."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.imports.columns import COLUMNS, as_day, heading
from portal.accounts.models import ImportAction, ImportKind, ImportRow, ImportRun, ImportState
from portal.core.formats import long_date
from portal.core.roles import Role

PER_PAGE = 50
# What must be looked at first stands first.
ORDER = (ImportAction.ERROR, ImportAction.ENDS, ImportAction.NEW, ImportAction.CHANGED, ImportAction.UNCHANGED)
_BADGES = {
    ImportAction.ERROR: "warn",
    ImportAction.ENDS: "warn",
    ImportAction.NEW: "strong",
    ImportAction.CHANGED: "strong",
    ImportAction.UNCHANGED: "off",
}
TITLES = {
    ImportKind.UNITS: gettext_lazy("Import units"),
    ImportKind.MEMBERSHIPS: gettext_lazy("Import members"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of line to look at, with how many there are."""

    value: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that becomes another."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan."""

    place: str
    label: str
    badge: str
    name: str
    detail: str
    changes: tuple[Change, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """An import in the list of all."""

    run: ImportRun
    kind: str
    state: str
    badge: str
    counts: str


def choices(run: ImportRun, chosen: str) -> list[Choice]:
    """Return the kinds of lines that the plan has."""
    counted = [(action, run.counts.get(action, 0)) for action in ORDER]
    found = [Choice(a.value, str(a.label).capitalize(), n, a.value == chosen) for a, n in counted if n]
    everything = sum(one.count for one in found)
    return [Choice("", _("All"), everything, not chosen), *found]


def lines(run: ImportRun, action: str, number: str | None) -> tuple[Page[ImportRow], list[Line]]:
    """Return one page of the plan's lines."""
    rows = run.rows.filter(action=action) if action else run.rows.all()
    page: Page[ImportRow] = Paginator(rows.order_by("line", "pk"), PER_PAGE).get_page(number)
    return page, [_line(run, row) for row in page]


def _line(run: ImportRun, row: ImportRow) -> Line:
    values = row.values
    if run.kind == ImportKind.UNITS:
        name, detail = values.get("name", ""), values.get("code", "")
    else:
        name = values.get("name") or values.get("email") or values.get("person_code", "")
        detail = " · ".join(filter(None, [shown("role", values.get("role")), values.get("unit"), values.get("email")]))
    return Line(
        place=str(row.line) if row.line else _("not in the file"),
        label=str(ImportAction(row.action).label).capitalize(),
        badge=_BADGES.get(ImportAction(row.action), ""),
        name=name or "–",
        detail=detail,
        changes=tuple(
            Change(heading(run.kind, field).capitalize(), shown(field, old), shown(field, new))
            for field, (old, new) in row.changes.items()
        ),
        remark=row.problem,
    )


def shown(field: str, value: str | None) -> str:
    """Return a value as people read it."""
    if field.startswith("valid_") and value:
        day = as_day(value)
        return long_date(day) if day else ""
    if field == "role" and value:
        return str(Role(value).label).capitalize()
    return value or "–"


def percent(run: ImportRun) -> int:
    """Return how far reading and comparing are."""
    return min(100, 100 * run.done // run.total) if run.total else 0


def progress_text(run: ImportRun) -> str:
    """Return how far the worker is, in words."""
    if run.state == ImportState.APPLYING:
        return _("The changes are being carried out, all of them at once. It takes a few minutes at most.")
    lines_in_all = run.total // 2
    if not run.done:
        return _("The file waits its turn.")
    if run.done < lines_in_all:
        return _("Line %(done)s of %(total)s is read.") % {"done": run.done, "total": lines_in_all}
    done = run.done - lines_in_all
    return _("Line %(done)s of %(total)s is compared with what is here.") % {"done": done, "total": lines_in_all}


def counts_text(run: ImportRun) -> str:
    """Return what came of an import, or would, in one line."""
    found = [(str(action.label), run.counts.get(action, 0)) for action in ORDER]
    return ", ".join(f"{count} {label}" for label, count in found if count)


def endings_label(run: ImportRun) -> str:
    """Return the words beside the tick that lets what the file lacks end."""
    count = run.counts.get(ImportAction.ENDS, 0)
    text = ngettext(
        "End also the one that an import began and the file does not mention",
        "End also the %(count)s that an import began and the file does not mention",
        count,
    )
    return text % {"count": count}


def run_lines(page: Page[ImportRun]) -> list[RunLine]:
    """Return the earlier imports of one page."""
    badges = {ImportState.APPLIED: "strong", ImportState.FAILED: "warn", ImportState.ABANDONED: "off"}
    return [
        RunLine(
            run=run,
            kind=str(ImportKind(run.kind).label).capitalize(),
            state=str(ImportState(run.state).label).capitalize(),
            badge=badges.get(ImportState(run.state), ""),
            counts=counts_text(run),
        )
        for run in page
    ]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, explained."""

    name: str
    needed: bool
    text: str


_EXPLAINED = {
    (ImportKind.UNITS, "code"): gettext_lazy("What your own systems call the unit. It must stay the same."),
    (ImportKind.UNITS, "name"): gettext_lazy("The unit's name."),
    (ImportKind.UNITS, "parent"): gettext_lazy("The code of the unit above; empty for those at the top."),
    (ImportKind.UNITS, "valid_from"): gettext_lazy("The first day of a new unit; empty for the day of the import."),
    (ImportKind.UNITS, "valid_to"): gettext_lazy("The last day; empty for units that go on."),
    (ImportKind.MEMBERSHIPS, "person_code"): gettext_lazy("The employee number, by which a person is found first."),
    (ImportKind.MEMBERSHIPS, "name"): gettext_lazy("The person's name."),
    (ImportKind.MEMBERSHIPS, "email"): gettext_lazy("The work e-mail, by which a person is found next."),
    (ImportKind.MEMBERSHIPS, "unit"): gettext_lazy("The code of the unit. Import the units first."),
    (ImportKind.MEMBERSHIPS, "role"): gettext_lazy("medarbejder, leder or koordinator."),
    (ImportKind.MEMBERSHIPS, "valid_from"): gettext_lazy("The first day; empty for the day of the import."),
    (ImportKind.MEMBERSHIPS, "valid_to"): gettext_lazy("The last day; empty for those who stay."),
}  # fmt: skip


def columns(kind: str, needed: tuple[str, ...]) -> list[Column]:
    """Return the columns of a list, for the page with the form."""
    names = COLUMNS[kind]
    return [Column(heading(kind, one), one in needed, str(_EXPLAINED[ImportKind(kind), one])) for one in names]
