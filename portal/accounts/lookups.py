"""The log of who looked at a person's data, which the person herself can read."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import Membership, PersonLookup, User
from portal.core.local_time import start_of_day
from portal.core.principal import Principal
from portal.core.roles import Role


class NoReasonToLookError(LookupError):
    """A look that no role explains was to be noted: the screen's gate let somebody in who has no business there."""


def lookup_record(*, viewer: User, principal: Principal, person: User, what: str) -> PersonLookup | None:
    """Note that `viewer` was shown `what` about `person`; once a day for each thing shown, and never for one's own.

    Call it where the data is drawn, after the gate has said yes. `principal` says in which role she looks.

    Raises:
        NoReasonToLookError: none of the viewer's usable roles reaches the person.
    """
    if viewer.pk == person.pk:
        return None
    role = reason_to_look(principal, person)
    day = timezone.localdate()
    if _noted(viewer, person, what, day).exists():
        return None
    with transaction.atomic():
        # Two tabs opened at once wait here for each other: one line in the log, not two.
        User.objects.select_for_update().get(pk=person.pk)
        if _noted(viewer, person, what, day).exists():
            return None
        return PersonLookup.objects.create(
            person=person, viewer=viewer, viewer_label=str(viewer)[:120], role=role, what=what
        )


def reason_to_look(principal: Principal, person: User) -> str:
    """Return the nearest role by which the asker may see the person: her manager's, her coordinator's, the portal's.

    Raises:
        NoReasonToLookError: there is none.
    """
    of_person = Membership.objects.filter(user=person)
    if of_person.filter(unit__in=principal.units(Role.MANAGER)).exists():
        return Role.MANAGER
    if of_person.filter(municipality__code__in=principal.municipalities(Role.COORDINATOR)).exists():
        return Role.COORDINATOR
    if principal.is_administrator:
        return Role.ADMINISTRATOR
    raise NoReasonToLookError(f"No role of {principal.user_uuid} reaches {person.uuid}.")


def _noted(viewer: User, person: User, what: str, day: date) -> Any:
    return PersonLookup.objects.filter(viewer=viewer, person=person, what=what, at__gte=start_of_day(day))
