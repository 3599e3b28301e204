"""What changes in the tree of units. Every change takes the lock of the municipality first, and reads afterwards what it
computes from: a row lock on one unit would not cover a second move that closes a circle.

The past is settled: no change touches where a unit stood, or whether it existed, on a day before today. A unit may be
entered late, with a first day in the past; it then joins days on which it had not been written down.
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.core import audit
from portal.core.failpoints import failpoint
from portal.core.formats import long_date
from portal.organisations import occupancy
from portal.organisations.models import Municipality, Unit, UnitPlacement, days_cover
from portal.organisations.tree import circle_below

_DAY = timedelta(days=1)


def lock_tree(municipality: Municipality) -> None:
    """Let one change of this municipality's tree run at a time, until the transaction ends."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)


@transaction.atomic
def unit_create(
    *,
    actor: Any,
    municipality: Municipality,
    code: str,
    name: str,
    valid_from: date,
    parent: Unit | None = None,
    valid_to: date | None = None,
    imported: bool = False,
) -> Unit:
    """Add a unit below another, or at the top.

    Raises:
        ValidationError: the code is taken, the dates are out of order, or the parent is not there all the time.
    """
    lock_tree(municipality)
    dates = {"valid_from": valid_from, "valid_to": valid_to}
    unit = Unit(municipality=municipality, code=_tidy(code), name=_tidy(name), imported=imported, **dates)
    unit.full_clean()
    _check_parent(unit, parent, valid_from, valid_to)
    failpoint("organisations.tree_checked")
    unit.save()
    UnitPlacement.objects.create(unit=unit, parent=parent, valid_from=valid_from)
    audit.record(actor=actor, action="unit.create", obj=unit, after=_told(unit, parent))
    return unit


@transaction.atomic
def unit_save(*, actor: Any, unit: Unit, code: str, name: str) -> Unit:
    """Change what a unit is called; an unchanged save leaves no trace.

    Raises:
        ValidationError: the code is taken, or the name is empty.
    """
    lock_tree(unit.municipality)
    unit = Unit.objects.get(pk=unit.pk)
    before = {"code": unit.code, "name": unit.name}
    after = {"code": _tidy(code), "name": _tidy(name)}
    if before == after:
        return unit
    unit.code, unit.name = after["code"], after["name"]
    unit.full_clean()
    unit.save()
    audit.record(actor=actor, action="unit.change", obj=unit, before=before, after=after)
    return unit


@transaction.atomic
def unit_move(*, actor: Any, unit: Unit, parent: Unit | None, on: date) -> None:
    """Let a unit, with all below it, stand under another from that day until its next planned move.

    Where it stood before is kept, and so is what is planned for later.

    Raises:
        ValidationError: the day is past, the unit is not there that day, or the parent belongs to another municipality, is
            not there all the time, or stands below the unit.
    """
    lock_tree(unit.municipality)
    unit = Unit.objects.get(pk=unit.pk)
    if on < timezone.localdate():
        raise ValidationError(
            {"on": _("A move takes effect today at the earliest: where units stood is kept as it was.")}
        )
    current = unit.placements.filter(days_cover(on)).first() if unit.exists_on(on) else None
    if current is None:
        raise ValidationError({"on": _("The unit does not exist on that day.")})
    if current.parent_id == (parent.pk if parent else None):
        return
    before = str(current.parent or unit.municipality)
    _check_parent(unit, parent, on, _earlier(current.valid_to, unit.valid_to))
    _place(unit, current, parent, on)
    if circle_below(unit, since=on):
        raise ValidationError({"parent": _("A unit cannot stand below itself.")})
    failpoint("organisations.tree_checked")
    audit.record(
        actor=actor,
        action="unit.move",
        obj=unit,
        before={"parent": before},
        after={"parent": str(parent or unit.municipality), "from": on.isoformat()},
    )


@transaction.atomic
def unit_close(*, actor: Any, unit: Unit, last_day: date | None) -> Unit:
    """End a unit with a day; a day later than before, or none, lets it go on longer.

    Members and the units below it must have been moved away first, so that nobody falls out of sight.

    Raises:
        ValidationError: somebody or something stands there after that day, the day changes the past, or the unit would
            outlive the one above it.
    """
    lock_tree(unit.municipality)
    unit = Unit.objects.get(pk=unit.pk)
    if last_day == unit.valid_to:
        return unit
    before = {"valid_to": _iso(unit.valid_to)}
    _check_not_past(unit, last_day)
    unit.valid_to = last_day
    unit.full_clean()
    if last_day is not None:
        _check_empty_after(unit, last_day)
    _check_covered(unit)
    failpoint("organisations.tree_checked")
    unit.save()
    audit.record(actor=actor, action="unit.close", obj=unit, before=before, after={"valid_to": _iso(last_day)})
    return unit


def _place(unit: Unit, current: UnitPlacement, parent: Unit | None, on: date) -> None:
    """Split the placement in force on that day; what was planned for later stays planned."""
    ends = current.valid_to
    if current.valid_from == on:
        current.parent = parent
        current.save()
        return
    current.valid_to = on - _DAY
    current.save()
    UnitPlacement.objects.create(unit=unit, parent=parent, valid_from=on, valid_to=ends)


def _check_parent(unit: Unit, parent: Unit | None, first: date, last: date | None) -> None:
    """Refuse a parent that is foreign, or away on a day on which the unit would stand below it."""
    if parent is None:
        return
    if parent.pk == unit.pk:
        raise ValidationError({"parent": _("A unit cannot stand below itself.")})
    if parent.municipality_id != unit.municipality_id:
        raise ValidationError({"parent": _("The unit above belongs to another municipality.")})
    # Read again after the lock: it may have been ended meanwhile.
    above = Unit.objects.get(pk=parent.pk)
    if not above.exists_on(first):
        raise ValidationError({"parent": _("The unit above does not exist on that day.")})
    if above.valid_to is not None and (last is None or last > above.valid_to):
        text = _("The unit above, %(unit)s, ends on %(day)s. End this one no later, or place it elsewhere.")
        raise ValidationError({"parent": text % {"unit": above, "day": long_date(above.valid_to)}})


def _check_not_past(unit: Unit, last_day: date | None) -> None:
    yesterday = timezone.localdate() - _DAY
    if unit.valid_to is not None and unit.valid_to < yesterday:
        raise ValidationError({"last_day": _("The unit has ended. Add a new one: the past is kept as it was.")})
    if last_day is not None and last_day < yesterday:
        raise ValidationError(
            {"last_day": _("The last day can be yesterday at the earliest: the past is kept as it was.")}
        )


def _check_empty_after(unit: Unit, last_day: date) -> None:
    # Whatever stands below it on some later day would then stand at the top, and out of its manager's sight.
    left = UnitPlacement.objects.exclude(valid_to__lte=last_day).exclude(unit__valid_to__lte=last_day)
    # A move planned for after its unit's own end counts on no day.
    left = left.filter(parent=unit).exclude(valid_from__gt=F("unit__valid_to"))
    if names := sorted({str(row.unit) for row in left.select_related("unit")}):
        raise ValidationError(
            {"last_day": _("Move the units below it first: %(units)s.") % {"units": ", ".join(names)}}
        )
    if count := occupancy.standing_after(unit, last_day):
        text = ngettext(
            "%(count)s person stands in the unit after that day. Move or end that membership first.",
            "%(count)s people stand in the unit after that day. Move or end their memberships first.",
            count,
        )
        raise ValidationError({"last_day": text % {"count": count}})


def _check_covered(unit: Unit) -> None:
    """Refuse a unit that outlives one that it stands under, now or by a planned move."""
    since = timezone.localdate() - _DAY
    for placement in unit.placements.exclude(valid_to__lt=since).select_related("parent"):
        if unit.valid_to is not None and placement.valid_from > unit.valid_to:
            continue
        first = max(placement.valid_from, unit.valid_from)
        _check_parent(unit, placement.parent, first, _earlier(placement.valid_to, unit.valid_to))


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _tidy(text: str) -> str:
    """Return the text without white space around it; a line break or a control character would tear a list or a file."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _told(unit: Unit, parent: Unit | None) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "parent": str(parent or unit.municipality),
        "valid_from": unit.valid_from.isoformat(),
        "valid_to": _iso(unit.valid_to),
    }
