"""An invitation to a role: a link that works once and for a while."""

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models.memberships import Membership
from portal.accounts.models.users import User
from portal.core.mixins import UuidModel
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.organisations.api import Municipality


def hashed(token: str) -> str:
    """Return what is stored of a token: whoever reads the database cannot use a link. 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Sets of invitations."""

    def open(self) -> "InvitationQuerySet":
        """Return those whose link still works."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now())

    def usable(self) -> "InvitationQuerySet":
        """Return those that still lead to a role: a membership that has ended takes its links along."""
        return self.open().filter(membership__in=Membership.objects.not_over())

    def visible_to(self, principal: Principal) -> "InvitationQuerySet":
        """Return the invitations that the asker looks after."""
        if principal.is_administrator:
            return self.all()
        codes = principal.municipalities(Role.COORDINATOR)
        return self.filter(membership__municipality__code__in=codes)


class Invitation(UuidModel):
    """The link to one waiting membership. Only the hash of its token is kept; a new one is a new row."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-id"]
        constraints = [
            # A second link sent at the same time would leave the first one working unseen.
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open_per_membership",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return str(self.membership)

    @property
    def municipality(self) -> Municipality | None:
        """Return whose invitation it is; the audit trail asks."""
        return self.membership.municipality

    @property
    def is_expired(self) -> bool:
        """Tell whether the days of the link are over."""
        return self.expires_at <= timezone.now()
