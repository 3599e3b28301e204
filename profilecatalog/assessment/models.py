"""Rounds, anonymous answers and published totals.

What stands in the answer tables must never lead back to a person, also not for somebody who reads the whole database:

- no column holds a time, an address of a machine or a person; a response knows its week and its round;
- keys are random. A counting key would give the order in which people answered, and with it, beside any other list of
  who was at work when, their names;
- what keeps a form from being sent twice (`UsedToken`) has no way to the response;
- nothing here writes an audit entry or an outbox row, both of which carry the time.

What a database keeps about the order of rows below its tables is dealt with in `services.scatter` and described in
docs/decisions/0007-answers.md.
"""

import uuid
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.mixins import UuidModel
from portal.organisations.api import SMALLEST_GROUP, Municipality
from profilecatalog.assessment.enums import AnswerKind, KeyState, RoundMode, RoundStatus, Suppression
from profilecatalog.assessment.querysets import EmbedKeyQuerySet, RoundQuerySet, UsedTokenQuerySet

SHA256 = r"^[0-9a-f]{64}$"
WEEK = r"^[0-9]{4}-W[0-9]{2}$"


class Round(UuidModel):
    """A period in which a municipality's answers are gathered; without a municipality, those who did not say where.

    `min_responses` is what people were promised when they answered: it may be raised afterwards, never lowered. A
    database trigger holds that (migration 0002), since a hand-written UPDATE would break the promise silently.
    """

    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assessment_rounds",
    )
    mode = models.CharField(_("mode"), max_length=10, choices=RoundMode, default=RoundMode.ANONYMOUS)
    standing = models.BooleanField(_("standing round"), default=False)
    opens = models.DateField(_("first day"))
    closes = models.DateField(_("last day"))
    status = models.CharField(_("status"), max_length=8, choices=RoundStatus, default=RoundStatus.OPEN)
    min_responses = models.PositiveSmallIntegerField(
        _("fewest answers that are shown"), validators=[MinValueValidator(SMALLEST_GROUP)]
    )
    # Example content is removed with its round; nothing marks a single response.
    example = models.BooleanField(_("example content"), default=False)

    objects: ClassVar[Any] = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-opens", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gte=F("opens")), name="assessment_round_dates_in_order"),
            models.CheckConstraint(
                condition=Q(min_responses__gte=SMALLEST_GROUP), name="assessment_round_smallest_group"
            ),
            # Two first answers of a quarter at once: one of them opens the round, the other finds it.
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(standing=True, status="open", municipality__isnull=False),
                name="assessment_one_open_standing_round",
            ),
            # The same for those who do not say where; NULL is never equal to NULL in the constraint above.
            models.UniqueConstraint(
                fields=["standing"],
                condition=Q(standing=True, status="open", municipality__isnull=True),
                name="assessment_one_open_national_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality or _('Municipality not stated')} {self.opens:%Y-%m-%d} – {self.closes:%Y-%m-%d}"


class Response(models.Model):
    """One person's answers to one form. The key is random, the week is the only time, nothing leads to the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="responses")
    week = models.CharField(_("week"), max_length=8, help_text=_("ISO week, for example 2026-W47."))
    # Removing the example content must never take a real answer along, also where both stand in one round.
    example = models.BooleanField(_("example content"), default=False)

    objects: ClassVar[models.Manager["Response"]] = models.Manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["id"]
        constraints = [
            # A finer time than the week must not slip in with another format.
            models.CheckConstraint(condition=Q(week__regex=WEEK), name="assessment_response_week_only"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ResponseRelease(models.Model):
    """Which release a response was built from; a mix of profiles has several."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="response_releases")
    release = models.ForeignKey("profiles.ProfileRelease", on_delete=models.PROTECT, related_name="response_releases")

    objects: ClassVar[models.Manager["ResponseRelease"]] = models.Manager()

    class Meta:
        verbose_name = _("release of a response")
        verbose_name_plural = _("releases of responses")
        ordering = ["id"]
        constraints = [
            # A release counts once in a response, however a mix was put together.
            models.UniqueConstraint(fields=["response", "release"], name="assessment_release_once_per_response"),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} / {self.release_id}"


class Answer(models.Model):
    """What was said about one competence, with the hash of the very words that were answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    # Not a foreign key: an answer stays what it was, whatever becomes of the competence.
    competence_uuid = models.UUIDField(_("competence"))
    text_hash = models.CharField(_("hash of the texts"), max_length=64)
    kind = models.CharField(_("answer"), max_length=12, choices=AnswerKind)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)

    objects: ClassVar[models.Manager["Answer"]] = models.Manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["id"]
        constraints = [
            # One answer per competence, also when two profiles of a mix ask for it.
            models.UniqueConstraint(
                fields=["response", "competence_uuid"], name="assessment_one_answer_per_competence"
            ),
            # Exactly one of: a level, not relevant, don't know. The two last are never a level 0.
            models.CheckConstraint(
                condition=Q(kind="level", level__isnull=False, level__gte=1)
                | Q(kind__in=["not_relevant", "dont_know"], level__isnull=True),
                name="assessment_answer_exactly_one",
            ),
            models.CheckConstraint(condition=Q(text_hash__regex=SHA256), name="assessment_answer_text_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.competence_uuid}: {self.level or self.kind}"


class UsedToken(models.Model):
    """A form that has been sent. The hash is the key, so a second sending fails in the database, and nothing counts."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    # A day, not a time: with the time one could match forms and responses.
    expires_on = models.DateField(_("forget after"), db_index=True)

    objects: ClassVar[Any] = UsedTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("used form")
        verbose_name_plural = _("used forms")
        ordering = ["digest"]
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=SHA256), name="assessment_used_token_digest"),
        ]

    def __str__(self) -> str:
        return self.digest


class EmbedKey(UuidModel):
    """What a municipality puts on its intranet. Named by a random public id in a signed address, and revocable.

    A key that is changed for a new one works on for a while (`ends_at`), so that nobody has to change all pages in one
    hour. `revoked_at` closes it at once and for good.
    """

    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.CASCADE, related_name="embed_keys"
    )
    label = models.CharField(_("name"), max_length=80, blank=True)
    public_id = models.CharField(_("public id"), max_length=32, unique=True)
    created = models.DateTimeField(_("made"), default=timezone.now)
    # One to one: two clicks on "change the key" make one new key.
    replaces = models.OneToOneField(
        "self", verbose_name=_("replaces"), null=True, blank=True, on_delete=models.SET_NULL, related_name="replacement"
    )
    ends_at = models.DateTimeField(_("works until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects: ClassVar[Any] = EmbedKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("embed key")
        verbose_name_plural = _("embed keys")
        ordering = ["municipality", "id"]
        constraints = [
            # Two clicks on "make a key" are one key.
            models.UniqueConstraint(
                fields=["municipality", "label"],
                condition=~Q(label="") & Q(ends_at__isnull=True, revoked_at__isnull=True),
                name="assessment_one_key_per_name",
                violation_error_message=_("Another key has this name."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.label or self.public_id}"

    @property
    def state(self) -> KeyState:
        """Tell whether pages with this key show the form."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        if self.ends_at is None:
            return KeyState.WORKS
        return KeyState.ENDING if self.ends_at > timezone.now() else KeyState.ENDED

    @property
    def is_in_force(self) -> bool:
        """Tell whether the address opens the form."""
        return self.state in {KeyState.WORKS, KeyState.ENDING}


class PublishedAggregate(models.Model):
    """What may be shown of a closed round about one competence of one profile; written once, read by every screen.

    `counts` holds the number of answers by level, `n` their sum and `without_level` those who said "not relevant" or
    "don't know", together: apart they would say more about single persons than anybody needs. A hidden total carries
    no figure at all. `group_size` is how many answered the profile; it is hidden where that group is too small.
    """

    round = models.ForeignKey(Round, verbose_name=_("round"), on_delete=models.CASCADE, related_name="aggregates")
    release = models.ForeignKey(
        "profiles.ProfileRelease",
        verbose_name=_("release"),
        on_delete=models.PROTECT,
        related_name="assessment_aggregates",
    )
    competence_uuid = models.UUIDField(_("competence"))
    group_size = models.PositiveIntegerField(_("answered the profile"), null=True, blank=True)
    counts = models.JSONField(_("answers by level"), default=list, blank=True)
    n = models.PositiveIntegerField(_("answers with a level"), null=True, blank=True)
    without_level = models.PositiveIntegerField(_("answers without a level"), null=True, blank=True)
    suppressed = models.CharField(_("hidden because"), max_length=10, choices=Suppression, blank=True)

    objects: ClassVar[models.Manager["PublishedAggregate"]] = models.Manager()

    class Meta:
        verbose_name = _("published total")
        verbose_name_plural = _("published totals")
        ordering = ["round", "release", "id"]
        constraints = [
            # Closing twice must not publish twice, least of all two different figures.
            models.UniqueConstraint(
                fields=["round", "release", "competence_uuid"], name="assessment_one_total_per_competence"
            ),
            # A hidden total has no figures; a shown one has them all, and never fewer than the house floor.
            models.CheckConstraint(
                condition=Q(suppressed="", n__isnull=False, without_level__isnull=False, n__gte=SMALLEST_GROUP)
                | (~Q(suppressed="") & Q(n__isnull=True, without_level__isnull=True, counts=[])),
                name="assessment_hidden_means_empty",
            ),
            # How many answered is itself a figure about few people where the group is too small.
            models.CheckConstraint(
                condition=Q(suppressed="too_few", group_size__isnull=True)
                | (~Q(suppressed="too_few") & Q(group_size__isnull=False, group_size__gte=SMALLEST_GROUP)),
                name="assessment_group_size_floor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.competence_uuid}: {self.suppressed or self.n}"
