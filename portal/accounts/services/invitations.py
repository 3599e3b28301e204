"""Invite a person to a role that waits for her. The link is in the mail and nowhere else; the database knows its hash.

Everything here locks the membership first and the invitation after it, as ending a membership does, so that two clicks, or
a click and a withdrawal, end in one of the two and never in both.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts.models import Invitation, Membership, User
from portal.accounts.models.invitations import hashed
from portal.accounts.services.accounts import account_register
from portal.accounts.services.memberships import membership_take, memberships_claim
from portal.core import audit
from portal.core.errors import RefusedError
from portal.core.failpoints import failpoint
from portal.core.mail import queue_mail, recall_mail

VALID_FOR = timedelta(days=14)
# Two clicks on "send again" are one wish, and nobody's mailbox is filled by a finger on a key.
PAUSE = timedelta(minutes=1)
_TOKEN_BYTES = 32


class DeadLinkError(RefusedError):
    """The link is unknown, used, withdrawn or too old: which of them, nobody is told."""


@transaction.atomic
def invitation_send(*, actor: Any, membership: Membership) -> Invitation:
    """Send the link to a waiting membership; asked again while it works, return the one that is there.

    Raises:
        RefusedError: the role waits for nobody any more, or for no address.
    """
    membership = _waiting(membership)
    current = _current(membership)
    if current is not None and not current.is_expired:
        return current
    return _send(actor, membership, replaces=current)


@transaction.atomic
def invitation_resend(*, actor: Any, invitation: Invitation) -> Invitation:
    """Send a new link; the old one dies. Within a minute the one that was just sent is returned.

    Raises:
        RefusedError: the role waits for nobody any more.
    """
    membership = _waiting(invitation.membership)
    current = _current(membership)
    if current is not None and current.created_at > timezone.now() - PAUSE:
        return current
    return _send(actor, membership, replaces=current)


@transaction.atomic
def invitation_withdraw(*, actor: Any, invitation: Invitation) -> Invitation:
    """Close the link for good, and recall the mail if it has not left; the membership goes on waiting.

    Raises:
        RefusedError: the invitation has been accepted.
    """
    Membership.objects.select_for_update().get(pk=invitation.membership_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None:
        raise RefusedError(_("The invitation has been accepted already. End the membership instead."))
    if invitation.withdrawn_at is None:
        _close(invitation)
        audit.record(actor=actor, action="invitation.withdraw", obj=invitation, after=_told(invitation))
    return invitation


@transaction.atomic
def invitation_accept(*, user: User, token_hash: str) -> Membership:
    """Give the person what she was invited to, once.

    An account with the invited address gets everything that waits for the address, since the link has shown that it is
    hers; an account with another address gets this one role.

    Raises:
        DeadLinkError: the link does not work, or does not any more.
    """
    invitation, membership = _open_door(token_hash)
    if membership.user_id not in (None, user.pk):
        raise DeadLinkError(_("The link does not work any more."))
    return _accept(invitation, membership, user)


@transaction.atomic
def invitation_accept_as_new(*, token_hash: str, password: str, first_name: str, last_name: str) -> User:
    """Open an account for the invited address, which the link has shown to be hers, and give it what waits for it.

    Raises:
        DeadLinkError: the link does not work, or does not any more.
        AddressTakenError: there is an account with the address; its owner signs in instead.
    """
    invitation, membership = _open_door(token_hash)
    user = account_register(email=membership.email, password=password, first_name=first_name, last_name=last_name)
    membership.refresh_from_db()
    _accept(invitation, membership, user)
    return user


def invitation_find(*, token_hash: str) -> Invitation | None:
    """Return the invitation behind a link that works; GET asks this and changes nothing."""
    usable = Invitation.objects.usable().filter(token_hash=token_hash)
    found: Invitation | None = usable.select_related(
        "invited_by", "membership__municipality", "membership__unit", "membership__user"
    ).first()
    return found


def _open_door(token_hash: str) -> tuple[Invitation, Membership]:
    found = Invitation.objects.filter(token_hash=token_hash).first()
    if found is None:
        raise DeadLinkError(_("The link does not work any more."))
    membership = _locked_with_its_like(found.membership)
    invitation = Invitation.objects.select_for_update().usable().filter(pk=found.pk).first()
    failpoint("invitation.before_accept")
    if invitation is None:
        raise DeadLinkError(_("The link does not work any more."))
    return invitation, membership


def _accept(invitation: Invitation, membership: Membership, user: User) -> Membership:
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    if membership.email == (user.email or "").lower():
        memberships_claim(user=user, addresses=[membership.email])
    elif membership.user_id is None:
        membership_take(user=user, membership=membership)
    audit.record(actor=user, action="invitation.accept", obj=invitation, after=_told(invitation))
    membership.refresh_from_db()
    return membership


def _locked_with_its_like(membership: Membership) -> Membership:
    """Lock the row and what else waits for its address, in one order: two links to one address must not wait for each
    other."""
    like = Q(email=membership.email, user__isnull=True)
    rows = {row.pk: row for row in Membership.objects.select_for_update().filter(Q(pk=membership.pk) | like)}
    locked: Membership = rows[membership.pk]
    return locked


def _waiting(membership: Membership) -> Membership:
    locked: Membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if locked.user_id is not None:
        raise RefusedError(_("The person has signed in and holds the role already."))
    if not Membership.objects.not_over().contains(locked):
        raise RefusedError(_("The membership has ended. Give the role again to invite the person."))
    return locked


def _current(membership: Membership) -> Invitation | None:
    """Return the invitation that stands open, also where its days are over."""
    rows = Invitation.objects.select_for_update().filter(membership=membership)
    found: Invitation | None = rows.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).first()
    return found


def _send(actor: Any, membership: Membership, *, replaces: Invitation | None) -> Invitation:
    if replaces is not None:
        _close(replaces)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = timezone.now()
    invitation: Invitation = Invitation.objects.create(
        membership=membership,
        token_hash=hashed(token),
        invited_by=actor if isinstance(actor, User) else None,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = mail_text(invitation, token)
    queue_mail(to=membership.email, subject=subject, text=text, key=mail_key(invitation), secret=True)
    action = "invitation.resend" if replaces is not None else "invitation.send"
    audit.record(actor=actor, action=action, obj=invitation, after=_told(invitation))
    return invitation


def _close(invitation: Invitation) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    recall_mail(key=mail_key(invitation))


def mail_key(invitation: Invitation) -> str:
    """Return what the invitation's mail is found by among those that leave."""
    return f"invitation:{invitation.uuid}"


def _told(invitation: Invitation) -> dict[str, Any]:
    membership = invitation.membership
    return {
        "role": membership.role,
        "place": membership.place,
        "expires": invitation.expires_at.isoformat(),
    }


def mail_text(invitation: Invitation, token: str) -> tuple[str, str]:
    """Return subject and text of the mail: who, what, how long, and what to do if it was not for the reader."""
    membership = invitation.membership
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    values = {
        # A name comes from a form: with line breaks it could write a mail of its own.
        "name": " ".join(membership.name.split()),
        "who": inviter(invitation),
        "role": membership.get_role_display(),
        "place": place(membership),
        "link": base + reverse("invitations:open", args=[token]),
        "until": timezone.localtime(invitation.expires_at),
    }
    return _("Invitation to Kompetenceportalen"), render_to_string("accounts/invitations/mail.txt", values)


def inviter(invitation: Invitation) -> str:
    """Return who invites, as the invited may read it: a name, never an address."""
    who = invitation.invited_by.get_full_name() if invitation.invited_by is not None else ""
    return who or str(invitation.membership.municipality or _("Kompetenceportalen"))


def place(membership: Membership) -> str:
    """Return where the role is held, with the municipality of a unit."""
    if membership.unit is not None:
        return f"{membership.unit}, {membership.municipality}"
    return membership.place
