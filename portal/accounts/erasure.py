"""Erase a person at her own wish: everywhere at once, with a receipt, and never the last who looks after the portal."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Membership, User
from portal.core import audit, mail, personal_data
from portal.core.errors import RefusedError
from portal.core.roles import Role

# One nameless account for everybody who has gone: two of them cannot be told apart.
SUCCESSOR = UUID(int=0)
LAST_ADMINISTRATOR = gettext_lazy("You are the only one who looks after the portal. Name another administrator first.")


@transaction.atomic
def person_erase(*, person: User) -> None:
    """Erase a person and queue the receipt to the address that she had; the row forgets it when the mail has left.

    Raises:
        RefusedError: she is the last administrator.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if is_last_administrator(person, lock=True):
        raise RefusedError(LAST_ADMINISTRATOR)
    address, successor = person.email, nameless()
    personal_data.erase(person=person, successor=successor)
    audit.record(actor=None, action="person.erase", obj=successor)
    if address:
        mail.queue_mail(
            to=address,
            subject=_("Your data in Kompetenceportalen have been deleted"),
            text=_receipt(),
            forget=True,
        )


def is_last_administrator(person: User, *, lock: bool = False) -> bool:
    """Tell whether nobody else looks after the portal; with the rows locked the last two cannot both go at once."""
    rows = Membership.objects.in_force().filter(role=Role.ADMINISTRATOR, user__isnull=False).order_by("pk")
    administrators = {row.user_id for row in (rows.select_for_update() if lock else rows)}
    others = User.objects.filter(is_active=True).filter(Q(pk__in=administrators) | Q(is_superuser=True))
    is_one = person.is_superuser or person.pk in administrators
    return is_one and not others.exclude(pk=person.pk).exists()


def nameless() -> User:
    """Return the account that stands where a row must name somebody who has gone; nobody can sign in with it."""
    made, created = User.objects.get_or_create(
        uuid=SUCCESSOR, defaults={"is_active": False, "first_name": personal_data.nobody().capitalize()}
    )
    if created:
        made.set_unusable_password()
        made.save(update_fields=["password"])
    return made


def _receipt() -> str:
    lines = (
        _("You asked for your account in Kompetenceportalen and your data to be deleted. It has been done."),
        _("What others depend on, such as published content and the log of acts, stays without your name."),
        _("This address is forgotten as soon as this mail has left."),
    )
    return "\n\n".join(lines)
