"""What changes in the tree of units. Every change takes the lock of the municipality first, and reads afterwards what it
computes from: a row lock on one unit would not cover a second move that closes a circle."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.core import audit
from portal.organisations.models import Municipality, Unit, UnitPlacement, days_cover
from portal.organisations.tree import tree_on

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
) -> Unit:
    """Add a unit below another, or at the top.

    Raises:
        ValidationError: the code is taken, the dates are out of order, or the parent is not there at the time.
    """
    lock_tree(municipality)
    unit = Unit(municipality=municipality, code=code, name=name, valid_from=valid_from, valid_to=valid_to)
    unit.full_clean()
    _check_parent(unit, parent, valid_from)
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
    after = {"code": code, "name": name}
    if before == after:
        return unit
    unit.code, unit.name = code, name
    unit.full_clean()
    unit.save()
    audit.record(actor=actor, action="unit.change", obj=unit, before=before, after=after)
    return unit


@transaction.atomic
def unit_move(*, actor: Any, unit: Unit, parent: Unit | None, on: date) -> None:
    """Let a unit, with all below it, stand under another from that day on; where it stood before is kept.

    Raises:
        ValidationError: the parent belongs to another municipality, is not there that day, or stands below the unit.
    """
    lock_tree(unit.municipality)
    unit = Unit.objects.get(pk=unit.pk)
    _check_parent(unit, parent, on)
    current = unit.placements.filter(days_cover(on)).first()
    if current is None:
        raise ValidationError({"on": _("The unit does not exist on that day.")})
    if current.parent_id == (parent.pk if parent else None):
        return
    before = str(current.parent or unit.municipality)
    _place(unit, current, parent, on)
    _check_circles(unit.municipality, on)
    audit.record(
        actor=actor,
        action="unit.move",
        obj=unit,
        before={"parent": before},
        after={"parent": str(parent or unit.municipality), "from": on.isoformat()},
    )


@transaction.atomic
def unit_close(*, actor: Any, unit: Unit, last_day: date) -> Unit:
    """End a unit; members and the units below it must have been moved away first, so that nobody falls out of sight.

    Raises:
        ValidationError: units below it go on after that day, or the day lies before its first.
    """
    lock_tree(unit.municipality)
    unit = Unit.objects.get(pk=unit.pk)
    # Whatever stands below it on some later day would then stand at the top, and out of its manager's sight.
    left = UnitPlacement.objects.exclude(valid_to__lte=last_day).exclude(unit__valid_to__lte=last_day)
    if names := sorted({str(row.unit) for row in left.filter(parent=unit).select_related("unit")}):
        raise ValidationError(
            {"last_day": _("Move the units below it first: %(units)s.") % {"units": ", ".join(names)}}
        )
    before = {"valid_to": unit.valid_to.isoformat() if unit.valid_to else None}
    unit.valid_to = last_day
    unit.full_clean()
    unit.save()
    audit.record(actor=actor, action="unit.close", obj=unit, before=before, after={"valid_to": last_day.isoformat()})
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


def _check_parent(unit: Unit, parent: Unit | None, on: date) -> None:
    if parent is None:
        return
    if parent.municipality_id != unit.municipality_id:
        raise ValidationError({"parent": _("The unit above belongs to another municipality.")})
    if not Unit.objects.in_force(on).filter(pk=parent.pk).exists():
        raise ValidationError({"parent": _("The unit above does not exist on that day.")})


def _check_circles(municipality: Municipality, since: date) -> None:
    """Refuse a tree in which units stand below themselves, today or on any later day on which the tree changes."""
    later = UnitPlacement.objects.filter(unit__municipality=municipality, valid_from__gt=since)
    for day in [since, *later.order_by("valid_from").values_list("valid_from", flat=True).distinct()]:
        if tree_on([municipality], on=day).cycle():
            raise ValidationError({"parent": _("A unit cannot stand below itself.")})


def _told(unit: Unit, parent: Unit | None) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "parent": str(parent or unit.municipality),
        "valid_from": unit.valid_from.isoformat(),
    }
