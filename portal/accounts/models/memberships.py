"""Who is what, where, from when to when."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models.users import User
from portal.core.mixins import UuidModel
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.organisations.api import Municipality, Party, Region, Unit, days_cover

# What a role is held in, named by the field; a role that is not here belongs to the portal as a whole.
PLACES: dict[str, str] = {
    Role.EMPLOYEE: "municipality",
    Role.MANAGER: "unit",
    Role.COORDINATOR: "municipality",
    Role.FACILITATOR: "municipality",
    Role.PROVIDER: "provider",
    Role.ORGANISER: "region",
    Role.EDITOR: "party",
}
_PLACE_FIELDS = ("unit", "municipality", "region", "party", "provider")
# Fields that a role may carry besides its place: an employee's unit, and the municipality of a manager's unit.
_ALSO = {Role.EMPLOYEE: {"unit"}, Role.MANAGER: {"municipality"}}


class Source(models.TextChoices):
    """How a membership came to be; an import ends only what an import began."""

    MANUAL = "manual", _("by hand")
    INVITATION = "invitation", _("invitation")
    IMPORT = "import", _("import")
    LOGIN = "login", _("the municipality's login")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Sets of memberships."""

    def in_force(self, on: date | None = None) -> "MembershipQuerySet":
        """Return those that count on that day (today if none is named); a revoked one counts on no day any more."""
        return self.filter(days_cover(on or timezone.localdate()), revoked_at__isnull=True)

    def not_over(self, on: date | None = None) -> "MembershipQuerySet":
        """Return those that count today or will."""
        day = on or timezone.localdate()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), revoked_at__isnull=True)

    def visible_to(self, principal: Principal) -> "MembershipQuerySet":
        """Return the rows that the asker may read: her own, those of the units she leads, all of her municipality's."""
        if principal.is_anonymous:
            return self.none()
        if principal.is_administrator:
            return self.all()
        own = Q(user__uuid=principal.user_uuid)
        led = Q(unit__in=principal.units(Role.MANAGER))
        return self.filter(own | led | Q(municipality__code__in=principal.municipalities(Role.COORDINATOR)))

    def manageable_by(self, principal: Principal) -> "MembershipQuerySet":
        """Return the rows that the asker may end or change; a coordinator never those of the portal's own roles."""
        if principal.is_administrator:
            return self.all()
        codes = principal.municipalities(Role.COORDINATOR)
        return self.filter(municipality__code__in=codes, role__in=COORDINATOR_GIVES)


# What a coordinator may give and take in her own municipality; the rest is the portal's administrators'.
COORDINATOR_GIVES = (Role.EMPLOYEE, Role.MANAGER, Role.COORDINATOR)


def _place_check() -> Q:
    """Return the condition "the role has its place, and no other"."""
    whole = Q()
    for role in Role.values:
        place = PLACES.get(role, "")
        allowed = {place, *_ALSO.get(Role(role), set())}
        row = Q(role=role)
        if place:
            row &= _filled(place, place != "")
        for name in _PLACE_FIELDS:
            if name not in allowed:
                row &= _filled(name, False)
        whole |= row
    return whole


def _filled(name: str, filled: bool) -> Q:
    if name == "provider":
        return ~Q(provider="") if filled else Q(provider="")
    return Q(**{f"{name}__isnull": not filled})


class Membership(UuidModel):
    """A role held by a person in a place. `user` is empty while the person has no account: then `email` waits for her.

    Rows are ended, never overwritten: the past must be readable. `revoked_at` ends at once, `valid_to` with the day.
    """

    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    person_code = models.CharField(_("employee number"), max_length=40, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    # The key of a course provider; providers live on a floor above, so it is no foreign key.
    provider = models.SlugField(_("course provider"), max_length=80, blank=True)
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day, if any."))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.MANUAL, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # The place in one column, so that one unique constraint serves all roles ("unit:12", "party:hk").
    scope = models.CharField(max_length=120, editable=False)

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=_place_check(), name="membership_role_in_its_place"),
            models.CheckConstraint(condition=Q(user__isnull=False) | ~Q(email=""), name="membership_has_a_person"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_dates_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            # Two coordinators giving the same role at once: one row.
            models.UniqueConstraint(
                fields=["user", "role", "scope"],
                condition=Q(user__isnull=False, valid_to__isnull=True, revoked_at__isnull=True),
                name="membership_one_open_per_person",
            ),
            models.UniqueConstraint(
                fields=["email", "role", "scope"],
                condition=Q(user__isnull=True, valid_to__isnull=True, revoked_at__isnull=True),
                name="membership_one_open_per_address",
            ),
        ]
        indexes = [
            # "Which rows wait for this address?", asked at every login.
            models.Index(fields=["email"], condition=Q(user__isnull=True), name="membership_waiting"),
            models.Index(fields=["municipality", "role"], name="membership_of_municipality"),
        ]

    def __str__(self) -> str:
        return f"{self.person_label} · {self.get_role_display()}"

    @property
    def person_label(self) -> str:
        """Return the person's name or address."""
        return str(self.user) if self.user is not None else self.name or self.email

    @property
    def place(self) -> str:
        """Return the name of the unit, municipality, region or party."""
        return str(self.unit or self.municipality or self.region or self.party or self.provider)

    def clean(self) -> None:
        """Say what is missing in words before the database says it in its own."""
        place = PLACES.get(self.role, "")
        if place and not getattr(self, place):
            raise ValidationError({place: _("Say where the role is held.")})
        if self.unit is not None and self.municipality_id not in (None, self.unit.municipality_id):
            raise ValidationError({"unit": _("The unit belongs to another municipality.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the columns that follow from others in step."""
        self.email = self.email.strip().lower()
        if self.unit is not None:
            self.municipality_id = self.unit.municipality_id
        self.scope = scope_of(self)
        super().save(*args, **kwargs)


def scope_of(membership: Membership) -> str:
    """Return the place of a role as one word."""
    if membership.unit_id:
        return f"unit:{membership.unit_id}"
    if membership.municipality_id:
        return f"municipality:{membership.municipality_id}"
    if membership.region_id:
        return f"region:{membership.region_id}"
    if membership.party_id:
        return f"party:{membership.party_id}"
    return f"provider:{membership.provider}" if membership.provider else "portal"
