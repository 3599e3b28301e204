"""What a person gets when she arrives through her municipality's own login. Nothing outside that municipality, ever."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.connections.configuration import connections
from portal.accounts.connections.identities import Statement
from portal.accounts.models import Membership, Source, User
from portal.accounts.services import letters
from portal.accounts.services.memberships import membership_grant, membership_take
from portal.core import audit
from portal.core.errors import RefusedError
from portal.core.roles import Role
from portal.organisations.api import Municipality


@transaction.atomic
def account_open(*, statement: Statement) -> User:
    """Make the account of somebody who arrives for the first time.

    Her address is taken only if nobody has it: an address never leads to an account, since what one provider says about
    it binds nobody else.
    """
    first, _, last = statement.name.partition(" ")
    user = User(first_name=first[:150], last_name=last.strip()[:150], email=free_address(statement.email))
    user.set_unusable_password()
    user.save()
    audit.record(actor=None, action="account.create", obj=user, after={"connection": statement.connection})
    return user


@transaction.atomic
def arrive(*, user: User, statement: Statement) -> None:
    """Hand over what waits for the person in this municipality, and make her its employee the first time.

    A membership that has ended stays ended: only somebody who never held one here gets one.
    """
    User.objects.select_for_update().get(pk=user.pk)
    municipality = Municipality.objects.get(code=statement.municipality)
    for waiting in _waiting_here(municipality, statement):
        membership_take(user=user, membership=waiting)
    if Membership.objects.filter(user=user, municipality=municipality).exists():
        return
    membership_grant(
        actor=user,
        role=Role.EMPLOYEE,
        user=user,
        municipality=municipality,
        source=Source.LOGIN,
        person_code=statement.person_code[:40],
    )


def _waiting_here(municipality: Municipality, statement: Statement) -> list[Membership]:
    """Return what this municipality has ready for the address or the employee number that its own provider vouches for."""
    known = Q(email=statement.email.lower()) if statement.email else Q(pk__in=[])
    if statement.person_code:
        known |= Q(person_code=statement.person_code)
    rows = Membership.objects.select_for_update().filter(known, municipality=municipality, user__isnull=True)
    return list(rows.filter(revoked_at__isnull=True).order_by("pk"))


def free_address(email: str) -> str | None:
    """Return the address if it is one and nobody has it, else None."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return None
    taken = (
        User.objects.filter(email__iexact=address).exists()
        or EmailAddress.objects.filter(email__iexact=address).exists()
    )
    return None if taken else address


def is_only_way_in(account: SocialAccount) -> bool:
    """Tell whether the person could log in no other way: with a password to an address, or an identity that still works."""
    user = account.user
    others = SocialAccount.objects.filter(user=user, provider__in=[connection.key for connection in connections()])
    return not (user.email and user.has_usable_password()) and not others.exclude(pk=account.pk).exists()


@transaction.atomic
def identity_disconnect(*, user: User, account: SocialAccount) -> None:
    """Take an outside identity away; memberships stay, since they are the municipality's to end.

    Raises:
        RefusedError: it is the person's only way in.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if is_only_way_in(account):
        raise RefusedError(_("It is your only way in. Choose a password first."))
    account.delete()
    note_identity(user=user, account=account, action="identity.disconnect")
    letters.tell_change(user=user, change="account_disconnected")


def note_identity(*, user: User, account: SocialAccount, action: str) -> None:
    """Tell the audit trail that an outside identity was connected to an account, or disconnected."""
    audit.record(actor=user, action=action, obj=user, after={"connection": account.provider})
