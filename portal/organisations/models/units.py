"""Organisational units as a tree with dates: a reorganisation adds rows and changes none, so that what was measured under
the old tree can still be read under it.

A parent and its days are a row of their own instead of a materialised path: a path is true on one day only. A
municipality has a few hundred units; the tree of a day is one query (`portal.organisations.tree`).
"""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.mixins import UuidModel
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.organisations.models.municipalities import Municipality


def days_cover(day: date, prefix: str = "") -> Q:
    """Return the condition "in force on this day"; both ends of a period belong to it."""
    after = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    return Q(**{f"{prefix}valid_from__lte": day}) & after


class UnitQuerySet(models.QuerySet["Unit"]):
    """Sets of units."""

    def in_force(self, on: date) -> "UnitQuerySet":
        """Return the units that exist on that day."""
        return self.filter(days_cover(on))

    def visible_to(self, principal: Principal) -> "UnitQuerySet":
        """Return the units that the asker may know of: her own and those she leads, or all of her municipality's."""
        if principal.is_administrator:
            return self.all()
        whole = principal.municipalities(Role.COORDINATOR, Role.FACILITATOR)
        return self.filter(Q(pk__in=principal.units()) | Q(municipality__code__in=whole))


class Unit(UuidModel):
    """A department, a centre, a team. `code` is what the municipality calls it in its own systems."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="units", verbose_name=_("municipality")
    )
    code = models.CharField(
        _("code"),
        max_length=40,
        help_text=_("What the unit is called in your own systems, for example its number. An import finds it by this."),
    )
    name = models.CharField(_("name"), max_length=160)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("The last day, if any."))
    # An import ends only what an import began: a unit made by hand may be missing from the municipality's own list.
    imported = models.BooleanField(_("from an import"), default=False, editable=False)

    objects: ClassVar[Any] = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["municipality", "name", "id"]
        constraints = [
            # An import matches on the code: two rows of one code would take each other's members.
            models.UniqueConstraint(
                fields=["municipality", "code"],
                name="unit_code_within_municipality",
                violation_error_message=_("Another unit of the municipality has this code."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_dates_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def exists_on(self, day: date) -> bool:
        """Tell whether the unit is there on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class UnitPlacement(models.Model):
    """Under which unit a unit stands, from when to when; no parent means the top of the municipality."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="placements_below")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: ClassVar[models.Manager["UnitPlacement"]] = models.Manager()

    class Meta:
        verbose_name = _("place of a unit")
        verbose_name_plural = _("places of units")
        ordering = ["unit", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_placement_one_per_start"),
            # Two open ends would give the unit two parents from some day on.
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to__isnull=True), name="unit_placement_one_open_end"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_placement_dates_in_order",
            ),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="unit_placement_not_below_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} ← {self.parent or self.unit.municipality}"
