"""The people of a municipality for its screens: the list with its filters, and one person's memberships there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, When
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext as _

from portal.accounts.api import COORDINATOR_GIVES, Membership
from portal.core.formats import long_date
from portal.core.principal import Principal
from portal.organisations.api import Municipality, days_cover

ACTIVE, WAITING, COMING, ENDED = "aktiv", "venter", "kommende", "slut"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One membership as a coordinator reads it."""

    uuid: UUID
    # Of the account; none while the membership waits.
    person_uuid: UUID | None
    name: str
    email: str
    person_code: str
    role: str
    unit: str
    unit_uuid: UUID | None
    since: date
    until: date | None
    state: str
    may_change: bool

    @property
    def state_label(self) -> str:
        """Return the state in a word."""
        return {ACTIVE: _("Active"), WAITING: _("Waiting"), COMING: _("Coming"), ENDED: _("Ended")}[self.state]

    @property
    def state_kind(self) -> str:
        """Return the badge's kind; the word says the same."""
        return {WAITING: "warn", ENDED: "off"}.get(self.state, "")

    @property
    def is_over(self) -> bool:
        """Tell whether nothing about it can be changed any more."""
        return self.state == ENDED

    @property
    def period(self) -> str:
        """Return from when to when."""
        if self.until is None:
            return _("from %(day)s") % {"day": long_date(self.since)}
        return _("%(first)s to %(last)s") % {"first": long_date(self.since), "last": long_date(self.until)}


def row_of(membership: Membership, *, on: date) -> MemberRow:
    """Return a membership with its state on a day; needs `user` and `unit` at hand."""
    user = membership.user
    revoked = membership.revoked_at.date() if membership.revoked_at else None
    return MemberRow(
        uuid=membership.uuid,
        person_uuid=user.uuid if user is not None else None,
        name=membership.person_label,
        email=(user.email if user is not None else None) or membership.email,
        person_code=membership.person_code,
        role=membership.get_role_display(),
        unit=membership.unit.name if membership.unit is not None else "",
        unit_uuid=membership.unit.uuid if membership.unit is not None else None,
        since=membership.valid_from,
        until=max(revoked, membership.valid_from) if revoked else membership.valid_to,
        state=_state(membership, on),
        may_change=membership.role in COORDINATOR_GIVES,
    )


def _state(membership: Membership, on: date) -> str:
    if membership.revoked_at is not None or (membership.valid_to is not None and membership.valid_to < on):
        return ENDED
    if membership.user_id is None:
        return WAITING
    return COMING if membership.valid_from > on else ACTIVE


def members(
    principal: Principal,
    municipality: Municipality,
    *,
    on: date,
    text: str = "",
    units: Iterable[int] | None = None,
    without_unit: bool = False,
    role: str = "",
    state: str = "",
) -> QuerySet[Membership]:
    """Return the memberships of a municipality that fit, by name; without a state those that are not over."""
    rows = Membership.objects.visible_to(principal).filter(municipality=municipality)
    rows = rows.filter(_in_state(state, on))
    for word in text.split():
        rows = rows.filter(_said(word))
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    if without_unit:
        rows = rows.filter(unit__isnull=True)
    if role:
        rows = rows.filter(role=role)
    return _by_name(rows.select_related("user", "unit"))


def same_person(membership: Membership) -> QuerySet[Membership]:
    """Return what the person has and had in the membership's municipality, newest first; nothing from elsewhere."""
    rows: QuerySet[Membership] = Membership.objects.filter(municipality=membership.municipality)
    if membership.user is not None:
        rows = rows.filter(user=membership.user)
    else:
        rows = rows.filter(user__isnull=True, email=membership.email)
    return rows.select_related("user", "unit", "municipality").order_by("-valid_from", "-pk")


def _in_state(state: str, on: date) -> Q:
    over = Q(revoked_at__isnull=False) | Q(valid_to__lt=on)
    if state == ENDED:
        return over
    if state == WAITING:
        return ~over & Q(user__isnull=True)
    if state == COMING:
        return ~over & Q(user__isnull=False, valid_from__gt=on)
    if state == ACTIVE:
        return days_cover(on) & Q(revoked_at__isnull=True, user__isnull=False)
    return Q(revoked_at__isnull=True) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def _said(word: str) -> Q:
    """Return "the word stands in name, e-mail or number". The embedded database folds the case of A to Z only."""
    found = Q(person_code__icontains=word)
    for form in {word, word.lower(), word.capitalize()}:
        for field in ("user__first_name", "user__last_name", "user__email", "name", "email"):
            found |= Q(**{f"{field}__icontains": form})
    return found


def _by_name(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    shown: Any = Case(
        When(user__isnull=False, then=Concat("user__first_name", "user__last_name", "user__email")),
        When(~Q(name=""), then=F("name")),
        default=F("email"),
        output_field=CharField(),
    )
    return rows.annotate(sort_name=Lower(shown)).order_by("sort_name", "pk")
