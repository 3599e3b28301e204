"""Whose an address is. An account that an outside login opened may carry an address that only its provider has named.

Such an address is good for sending mail to and for nothing else: were it taken for the person's own, a provider could
open an account in somebody's name, wait until another municipality gives rights to that address, and enter.
"""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.accounts.models import User
from portal.core import audit


def _named_only() -> Q:
    unproven = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=False)
    return Q(Exists(SocialAccount.objects.filter(user=OuterRef("pk")))) & Q(Exists(unproven))


def holders(email: str) -> QuerySet[User]:
    """Return the account whose owner has shown that the address is hers, or that was made with it here."""
    return User.objects.filter(email__iexact=email.strip()).exclude(_named_only())


def address_free(email: str) -> None:
    """Take the address from an account that has it by a provider's word alone: its owner has just shown that it is hers."""
    for user in User.objects.select_for_update().filter(_named_only(), email__iexact=email.strip()):
        EmailAddress.objects.filter(user=user).delete()
        user.email = None
        user.save(update_fields=["email"])
        audit.record(actor=None, action="account.email_lost", obj=user)
