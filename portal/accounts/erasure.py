"""Erase a person at her own wish: everywhere at once, with a receipt, and never the last who looks after the portal."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Membership, User
from portal.core import audit, mail, personal_data
from portal.core.errors import RefusedError
from portal.core.roles import Role
from portal.organisations.api import Municipality, lock_tree

# One nameless account for everybody who has gone: two of them cannot be told apart.
SUCCESSOR = UUID(int=0)
LAST_ADMINISTRATOR = gettext_lazy("You are the only one who looks after the portal. Name another administrator first.")


@transaction.atomic
def person_erase(*, person: User) -> None:
    """Erase a person and queue the receipt to the address that she had; the row forgets it when the mail has left.

    Raises:
        RefusedError: she is the last administrator.
    """
    # The tree before the person, here as everywhere: of two coordinators who go at once the second is seen to be the last.
    for municipality in _looked_after(person):
        lock_tree(municipality)
    person = User.objects.select_for_update().get(pk=person.pk)
    if is_last_administrator(person, lock=True):
        raise RefusedError(LAST_ADMINISTRATOR)
    address, successor, alone = person.email, nameless(), left_alone(person)
    personal_data.erase(person=person, successor=successor)
    audit.record(actor=None, action="person.erase", obj=successor)
    for municipality in alone:
        _tell_administrators(municipality)
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


def _looked_after(person: User) -> QuerySet[Municipality]:
    roles = Membership.objects.in_force().filter(user=person, role=Role.COORDINATOR)
    found: QuerySet[Municipality] = Municipality.objects.filter(pk__in=roles.values("municipality"))
    return found.order_by("pk")


def left_alone(person: User) -> list[Municipality]:
    """Return the municipalities that nobody would look after without her; she may go all the same, her data are hers."""
    others = Membership.objects.in_force().filter(role=Role.COORDINATOR, user__is_active=True).exclude(user=person)
    return list(_looked_after(person).exclude(Exists(others.filter(municipality=OuterRef("pk")))))


def _tell_administrators(municipality: Municipality) -> None:
    """Write to those who can name another coordinator; who has gone is not said."""
    named = Membership.objects.in_force().filter(role=Role.ADMINISTRATOR, user__isnull=False).values("user")
    administrators = User.objects.filter(Q(pk__in=named) | Q(is_superuser=True), is_active=True, email__isnull=False)
    with translation.override(settings.LANGUAGE_CODE):
        place = {"municipality": municipality.name}
        subject = _("%(municipality)s has no coordinator in Kompetenceportalen") % place
        text = _("The last coordinator of %(municipality)s has deleted her account. Name another one.") % place
        for address in administrators.order_by("pk").values_list("email", flat=True):
            mail.queue_mail(to=address or "", subject=subject, text=text)


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
