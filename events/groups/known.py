"""Of whom the asker may learn that she has a place already. Of everybody else a list tells nothing: it takes any address,
so it would tell whoever pastes one who comes to a meeting."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from events.signup.limits import count_refusal
from portal.accounts.api import Membership
from portal.accounts.permissions import covered_memberships
from portal.core.principal import Principal
from portal.seats.api import AlreadySignedUpError, Offering, Person, SeatsError, SignUp, normal_email


@dataclass(frozen=True, slots=True)
class Known:
    """Those of a list who have a place, as far as the asker may know."""

    users: frozenset[int]
    emails: frozenset[str]

    def has(self, person: Person) -> bool:
        """Tell whether a person is one of them; her address is in its usual form."""
        return bool(person.user and person.user.pk in self.users) or person.email in self.emails


def known(
    principal: Principal, offering: Offering, people: Iterable[Person], *, apart_from: SignUp | None = None
) -> Known:
    """Return who has a place already: people whom the asker covers, and places that she may see anyway."""
    asked = list(people)
    emails = {normal_email(person.email) for person in asked if person.email}
    users = {person.user.pk for person in asked if person.user}
    here = offering.participants.active().filter(Q(email__in=emails) | Q(user__in=users))
    if apart_from is not None:
        here = here.exclude(sign_up=apart_from)
    there = set(here.values_list("user", "email"))
    if not there:
        return Known(frozenset(), frozenset())
    seen = set(here.visible_to(principal).values_list("user", "email"))
    hers = _covered(principal, emails, users)
    told = [
        (user, email) for user, email in there if (user, email) in seen or user in hers.users or email in hers.emails
    ]
    return Known(frozenset(user for user, _e in told if user), frozenset(email for _u, email in told if email))


def _covered(principal: Principal, emails: Collection[str], users: Collection[int]) -> Known:
    """Return the people whom the asker leads or looks after."""
    rows = covered_memberships(principal).filter(pk__in=Membership.objects.not_over().values("pk"))
    named = Q(user__in=users) | Q(user__email__in=emails) | Q(user=None, email__in=emails)
    found = list(rows.filter(named).values_list("user", "user__email", "email"))
    addresses = (account or waiting for _user, account, waiting in found)
    return Known(
        frozenset(user for user, *_addresses in found if user),
        frozenset(normal_email(address) for address in addresses if address),
    )


def refusal_text(request: HttpRequest, error: SeatsError, *, offering: Offering, sign_up: SignUp | None = None) -> str:
    """Return why the seats refused, without a word about people of whom the asker must not know.

    That a refusal names nobody and counts is what is left to do here: one person cannot have two places.
    """
    if not isinstance(error, AlreadySignedUpError):
        return str(error)
    asked = {normal_email(address) for address in error.addresses if address}
    principal: Principal = request.principal  # type: ignore[attr-defined]
    told = known(principal, offering, [Person(email=email) for email in asked]).emails
    told |= _covered(principal, asked, ()).emails
    if sign_up is not None:
        told |= set(sign_up.participants.active().filter(email__in=asked).values_list("email", flat=True))
    if asked <= told:
        return str(error)
    count_refusal(request, sign_up)
    return _(
        "At least one of the addresses that are not your own employees' cannot be signed up from here. "
        "Ask these people to sign up themselves, and leave them out."
    )
