"""Open accounts, and change what proves that one is hers: address, password, second factors."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.addresses import address_free
from portal.accounts.models import User
from portal.accounts.services.memberships import memberships_claim
from portal.core import audit
from portal.core.errors import RefusedError


class AddressTakenError(RefusedError):
    """Somebody has the address. Say so only to whoever has shown that the address is hers."""


@transaction.atomic
def account_create(
    *,
    actor: Any,
    email: str,
    password: str | None = None,
    first_name: str = "",
    last_name: str = "",
    verified: bool = True,
) -> User:
    """Open an account; `actor` is None for commands, and `verified` says that the address has been shown to be hers.

    A proven address brings the memberships along that wait for it. The password has passed the validators of the form.

    Raises:
        AddressTakenError: there is an account with this address.
    """
    if verified:
        address_free(email)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email=email, password=password, first_name=first_name, last_name=last_name)
    except IntegrityError as error:
        raise AddressTakenError(_("There is an account with this e-mail address already.")) from error
    audit.record(actor=actor, action="account.create", obj=user, after={"verified": verified})
    if verified:
        address_prove(user=user)
    return user


@transaction.atomic
def account_register(*, email: str, password: str, first_name: str, last_name: str) -> User:
    """Open an account for whoever has shown that the address is hers; she is the one who did it.

    Raises:
        AddressTakenError: there is an account with this address.
    """
    user = account_create(actor=None, email=email, password=password, first_name=first_name, last_name=last_name)
    audit.record(actor=user, action="account.register", obj=user)
    return user


@transaction.atomic
def address_prove(*, user: User) -> None:
    """Note that the user's address has been shown to be hers, and hand over what waits for it."""
    if not user.email:
        return
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    memberships_claim(user=user, addresses=[user.email])


@transaction.atomic
def password_reset(*, user: User, password: str) -> None:
    """Set the password that the holder of the mailbox has chosen. Every session ends; second factors stay required."""
    user.set_password(password)
    user.save(update_fields=["password"])
    address_prove(user=user)
    audit.record(actor=user, action="account.password_reset", obj=user)


@transaction.atomic
def email_change(*, user: User, email: str) -> None:
    """Move the account to an address that has just been shown to be hers.

    Raises:
        AddressTakenError: somebody else has it.
    """
    before = user.email
    address_free(email)
    try:
        with transaction.atomic():
            user.email = email.lower()
            user.save(update_fields=["email"])
    except IntegrityError as error:
        raise AddressTakenError(_("There is an account with this e-mail address already.")) from error
    address_prove(user=user)
    audit.record(actor=user, action="account.email_change", obj=user, before={"email": before}, after={"email": email})


@transaction.atomic
def factors_reset(*, actor: Any, user: User) -> int:
    """Take away a person's second factors when she has lost them, and return how many there were.

    The next login asks for the password only, and for a new factor where her roles need one.
    """
    User.objects.select_for_update().get(pk=user.pk)
    factors = Authenticator.objects.filter(user=user)
    kinds = sorted(factors.values_list("type", flat=True))
    factors.delete()
    if kinds:
        audit.record(actor=actor, action="account.factors_reset", obj=user, before={"factors": kinds})
    return len(kinds)
