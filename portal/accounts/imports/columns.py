"""Which columns a list has, under which names they are known, and what a line of it says."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.imports import cells
from portal.accounts.imports.files import DELIMITERS, FileRefusedError
from portal.accounts.models import COORDINATOR_GIVES, ImportKind
from portal.core.roles import Role

Values = dict[str, Any]

# The name that is written, and the others that are read; capital letters, spaces, hyphens and dots do not count.
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    ImportKind.UNITS: {
        "code": ("kode", "enhedskode", "code", "unitcode"),
        "name": ("navn", "enhed", "enhedsnavn", "name", "unitname"),
        "parent": ("overordnet kode", "overordnet", "overordnet enhed", "parent", "parentcode"),
        "valid_from": ("fra", "gyldig fra", "startdato", "from", "validfrom"),
        "valid_to": ("til", "gyldig til", "slutdato", "to", "validto"),
    },
    ImportKind.MEMBERSHIPS: {
        "person_code": ("medarbejdernummer", "medarbejdernr", "lønnummer", "employeenumber", "personcode"),
        "name": ("navn", "name"),
        "email": ("e-mail", "mail", "mailadresse", "emailadresse", "emailaddress"),
        "unit": ("enhedskode", "enhed", "unitcode", "unit"),
        "role": ("rolle", "role"),
        "valid_from": ("fra", "gyldig fra", "ansat fra", "startdato", "from", "validfrom"),
        "valid_to": ("til", "gyldig til", "ansat til", "slutdato", "to", "validto"),
    },
}
NEEDED: dict[str, tuple[str, ...]] = {
    ImportKind.UNITS: ("code", "name", "parent"),
    ImportKind.MEMBERSHIPS: ("email", "unit", "role"),
}
LONGEST = {"code": 40, "parent": 40, "unit": 40, "person_code": 40, "email": 254}
LONGEST_NAME: dict[str, int] = {ImportKind.UNITS: 160, ImportKind.MEMBERSHIPS: 120}

ROLES: dict[str, str] = {
    "medarbejder": Role.EMPLOYEE,
    "ansat": Role.EMPLOYEE,
    "leder": Role.MANAGER,
    "chef": Role.MANAGER,
    "koordinator": Role.COORDINATOR,
    "kommunekoordinator": Role.COORDINATOR,
    "facilitator": Role.FACILITATOR,
    "udbyder": Role.PROVIDER,
    "kursusudbyder": Role.PROVIDER,
    "arrangør": Role.ORGANISER,
    "regional arrangør": Role.ORGANISER,
    "redaktør": Role.EDITOR,
    "administrator": Role.ADMINISTRATOR,
    **{role.value: role for role in Role},
}
WRITTEN_ROLES = {Role.EMPLOYEE: "medarbejder", Role.MANAGER: "leder", Role.COORDINATOR: "koordinator"}

_FORMULA: Promise = gettext_lazy(
    "“%(column)s” begins with a sign that a spreadsheet takes for a formula (= + - @). Put an apostrophe (') in front if"
    " it is meant as text."
)


def headings(kind: str) -> list[str]:
    """Return the headings as an export writes them."""
    return [names[0] for names in COLUMNS[kind].values()]


def recognise(kind: str, line: str) -> tuple[str, list[str]]:
    """Return the separator of the file and the column of each cell ("" for one that is not used), from the first line.

    Raises:
        FileRefusedError: a column is missing or stands there twice.
    """
    names = {_bare(name): column for column, known in COLUMNS[kind].items() for name in known}
    tries = [(sign, [names.get(_bare(cell), "") for cell in line.split(sign)]) for sign in DELIMITERS]
    delimiter, found = max(tries, key=lambda one: sum(map(bool, one[1])))
    if missing := [column for column in NEEDED[kind] if column not in found]:
        raise FileRefusedError(_missing(kind, missing, line))
    if double := sorted({column for column in found if column and found.count(column) > 1}):
        raise FileRefusedError(
            _("The column “%(name)s” stands in the file twice.") % {"name": heading(kind, double[0])}
        )
    return delimiter, found


def heading(kind: str, column: str) -> str:
    """Return the name of a column on the screen."""
    return COLUMNS[kind][column][0]


def _missing(kind: str, missing: list[str], line: str) -> str:
    text = _("These columns are missing in the first line: %(missing)s. It says: %(line)s")
    names = ", ".join(heading(kind, column) for column in missing)
    return text % {"missing": names, "line": cells.tidy(line)[:120]}


def _bare(name: str) -> str:
    return re.sub(r"[\s\"'._\-/\ufeff]", "", name).lower()


def values_of(kind: str, found: list[str], row: list[str]) -> tuple[Values, list[str]]:
    """Return what a record says, and what is wrong with it in sentences."""
    values: Values = {}
    problems: list[str] = []
    if any(cell.strip() for cell in row[len(found) :]):
        problems.append(_("The line has more cells than there are columns. Is a quotation mark missing?"))
    for place, column in enumerate(found):
        if column:
            cell = row[place] if place < len(row) else ""
            try:
                values[column] = _READERS.get(column, _text)(kind, column, cells.read(cell))
            except cells.FormulaError:
                problems.append(str(_FORMULA) % {"column": heading(kind, column)})
            except ValidationError as error:
                problems.extend(error.messages)
    return values, problems + _missing_values(kind, values, bool(problems))


def _missing_values(kind: str, values: Values, wrong: bool) -> list[str]:
    if wrong:
        return []
    needed: tuple[str, ...] = ("code", "name")
    if kind == ImportKind.MEMBERSHIPS:
        needed = ("role",) if values.get("person_code") or values["email"] else ("email", "role")
        if values["role"] == Role.MANAGER:
            needed = (*needed, "unit")
    problems = [_("“%(column)s” is empty.") % {"column": heading(kind, c)} for c in needed if not values[c]]
    if values.get("role") == Role.COORDINATOR and values["unit"]:
        problems.append(_("A coordinator belongs to the whole municipality: leave the unit empty."))
    first, last = values.get("valid_from"), values.get("valid_to")
    if first and last and last < first:
        problems.append(_("The last day lies before the first."))
    return problems


def _text(kind: str, column: str, text: str) -> str:
    longest = LONGEST.get(column, LONGEST_NAME[kind])
    if len(text) > longest:
        message = _("“%(column)s” is longer than %(longest)s signs.")
        raise ValidationError(message % {"column": heading(kind, column), "longest": longest})
    return text


def _day(kind: str, column: str, text: str) -> str | None:
    try:
        day = cells.day(text)
    except ValueError as error:
        message = _("“%(text)s” is no date. Write for example 31-12-2026.") % {"text": text[:40]}
        raise ValidationError(message) from error
    return day.isoformat() if day else None


def _email(kind: str, column: str, text: str) -> str:
    text = _text(kind, column, text).lower()
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValidationError(_("“%(text)s” is no e-mail address.") % {"text": text[:80]}) from error
    return text


def _role(kind: str, column: str, text: str) -> str:
    role = ROLES.get(text.lower(), "") if text else ""
    if text and not role:
        message = _("The role “%(text)s” is unknown. Write medarbejder, leder or koordinator.")
        raise ValidationError(message % {"text": text[:40]})
    if role and role not in COORDINATOR_GIVES:
        message = _("The role “%(text)s” cannot be given by a municipality. Ask the portal's administrators.")
        raise ValidationError(message % {"text": text[:40]})
    return role


_READERS: dict[str, Callable[[str, str, str], Any]] = {
    "valid_from": _day,
    "valid_to": _day,
    "email": _email,
    "role": _role,
}


def whose(values: Values) -> str:
    """Return a mark of the person that a line names: her number, or else her address."""
    return _mark("n", values["person_code"]) if values.get("person_code") else _mark("e", values["email"])


def key_of(kind: str, values: Values) -> str:
    """Return a mark of what a line is about; lines of one mark must not contradict each other."""
    if kind == ImportKind.UNITS:
        return _mark(values["code"])
    return _mark(whose(values), values["role"], values["unit"])


def _mark(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def as_day(text: str | None) -> dt.date | None:
    """Return the day of a stored value."""
    return dt.date.fromisoformat(text) if text else None
