"""Frozen releases of profiles, and the question whether a changed competence calls for a new one."""

from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.mixins import UuidModel
from portal.workflows.api import Case
from profilecatalog.profiles.documents import ReleaseDocument
from profilecatalog.profiles.enums import ProposalStatus, ReleaseChange
from profilecatalog.profiles.models.competences import Competence
from profilecatalog.profiles.querysets import ProposalQuerySet, ReleaseQuerySet


class ProfileRelease(UuidModel):
    """What a profile said at one moment, resolved: competence and level texts, scale, requirements.

    Answers point here and never to a Wagtail revision, which may be purged. `content` is text, not a JSON column, so
    that anybody can recompute the hash from the stored bytes (PostgreSQL reorders the keys of `jsonb`). What is said
    *about* the content in comparison with the release before, the marks, stands apart in `changes`: the same content
    therefore has the same hash, whatever came before it.

    A local adaptation or a mix of profiles, when they come, is a release of its own that names its origins.
    """

    profile = models.ForeignKey(
        "profiles.ProfilePage", verbose_name=_("profile"), on_delete=models.PROTECT, related_name="releases"
    )
    number = models.PositiveIntegerField(_("number"))
    released_at = models.DateTimeField(_("released"), default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    change = models.CharField(_("change"), max_length=10, choices=ReleaseChange)
    reason = models.TextField(_("reason"), blank=True)
    content = models.TextField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    changes = models.JSONField(_("changes"), default=dict)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["profile", "-number"]
        constraints = [
            # Two editors publish at once: one of them gets the number, the other a clean failure. Also serves the
            # look-up of a profile's newest release.
            models.UniqueConstraint(fields=["profile", "number"], name="profiles_release_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="profiles_release_number_from_one"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="profiles_release_sha256"),
            models.CheckConstraint(
                condition=Q(number=1, change="first") | Q(number__gt=1, change__in=["clarified", "changed"]),
                name="profiles_release_change_fits_number",
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="profiles_release_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} / {self.number}"

    @cached_property
    def document(self) -> ReleaseDocument:
        """Return the content with its change marks, typed."""
        return ReleaseDocument.from_json(self.content, self.changes)


class ReleasedItem(models.Model):
    """The index of a release: which competence it asks for, with which words.

    Derived from `content` and never changed; it answers "asked for by", freezes scales in use and keeps a competence
    in a release from being deleted, which text in JSON cannot do.
    """

    release = models.ForeignKey(ProfileRelease, on_delete=models.CASCADE, related_name="released_items")
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="released_items")
    item_uuid = models.UUIDField(_("item"))
    # See `wording_hash`: a competence published with other words than these calls for the question "new release?".
    wording = models.CharField(_("hash of the wording"), max_length=64)

    objects: ClassVar[models.Manager["ReleasedItem"]] = models.Manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("released item")
        verbose_name_plural = _("released items")
        ordering = ["release", "id"]
        constraints = [
            # An answer and a change mark point to one item of a release.
            models.UniqueConstraint(fields=["release", "item_uuid"], name="profiles_item_once_per_release"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.competence_id}"


class ReleaseProposal(UuidModel):
    """The question "new release?", put to the editors of a profile when a competence in it has been published anew."""

    profile = models.ForeignKey(
        "profiles.ProfilePage", verbose_name=_("profile"), on_delete=models.CASCADE, related_name="proposals"
    )
    competence = models.ForeignKey(
        Competence, verbose_name=_("competence"), on_delete=models.CASCADE, related_name="proposals"
    )
    # The wording that the question is about: answered once, it is asked again only for other words.
    wording = models.CharField(_("hash of the wording"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=ProposalStatus, default=ProposalStatus.WAITING)
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    postponed_until = models.DateField(_("postponed until"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    release = models.ForeignKey(
        ProfileRelease,
        verbose_name=_("adopted in"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="adopted_proposals",
    )

    # Where the question stands, and how it came there; it goes with the question.
    cases = GenericRelation(Case)

    objects = ProposalQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("proposal of a new release")
        verbose_name_plural = _("proposals of new releases")
        ordering = ["raised_at", "id"]
        constraints = [
            # Two publications of one competence at the same time must not ask the same question twice.
            models.UniqueConstraint(
                fields=["profile", "competence"],
                condition=Q(status__in=["waiting", "postponed"]),
                name="profiles_one_open_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(status="postponed") | Q(postponed_until__isnull=False),
                name="profiles_postponed_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(reason=""), name="profiles_declined_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} ← {self.competence_id} ({self.status})"
