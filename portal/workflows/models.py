"""Definitions in their versions, cases, and the steps that each case has taken."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.mixins import UuidModel
from portal.workflows.querysets import CaseDefinitionQuerySet, CaseQuerySet
from portal.workflows.schema import Definition, State
from portal.workflows.shape import definition_from


class CaseDefinition(models.Model):
    """One version of a definition. It is never changed: the cases that began under it end under it."""

    key = models.CharField(_("key"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("kind of case"), max_length=60)
    content = models.JSONField(_("content"))
    # Of the content in its canonical form: the same words in another order, or with other comments, are no new version.
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # Of the latest version alone: nothing begins under the key any more, and what is under way ends as it began.
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects: ClassVar[Any] = CaseDefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("definition")
        verbose_name_plural = _("definitions")
        ordering = ["key", "-version"]
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="definition_one_per_version")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    def read(self) -> Definition:
        """Return the content as a value, read once."""
        cached: Definition | None = self.__dict__.get("_read")
        if cached is None:
            cached = self.__dict__["_read"] = definition_from(self.content)
        return cached


class Case(UuidModel):
    """What happens to one object under one definition. The row is the lock: whoever moves the case holds it."""

    kind = models.CharField(_("kind of case"), max_length=60)
    definition = models.ForeignKey(
        CaseDefinition, verbose_name=_("definition"), on_delete=models.PROTECT, related_name="cases"
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    state = models.CharField(_("state"), max_length=60)
    # How many steps there are, the first included: what a screen shows is stale when the number has moved on.
    number = models.PositiveIntegerField(_("steps"), default=1)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    entered_at = models.DateTimeField(_("in this state since"), default=timezone.now)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # What somebody chose on the way into this state: the day on which the case moves on by itself.
    chosen_day = models.DateField(_("chosen day"), null=True, blank=True)
    # When the clock looks at the case again; after a failure that is later than the definition says.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_failures = models.PositiveIntegerField(_("failed tries"), default=0)
    due_problem = models.CharField(_("why the last try failed"), max_length=500, blank=True)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()
    # A case follows its object and is no use of it that would keep an editor from deleting.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-started_at", "-id"]
        constraints = [
            # Two who start the same case at once: one of them finds it started.
            models.UniqueConstraint(
                fields=["kind", "content_type", "object_id"],
                condition=Q(closed_at__isnull=True),
                name="case_one_open_per_object",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(due_at__isnull=True), name="case_closed_is_never_due"
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id", "kind"], name="case_of_object"),
            models.Index(fields=["due_at", "id"], name="case_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def is_open(self) -> bool:
        """Tell whether something can still happen."""
        return self.closed_at is None

    def current(self) -> State:
        """Return the state in which the case is, as its definition words it."""
        return self.definition.read().state(self.state)


class Step(models.Model):
    """One step of a case's history: who took it, when, from where to where, and what was said."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    # Empty for the first step, which leads from nowhere to the start.
    transition = models.CharField(_("transition"), max_length=60, blank=True)
    source = models.CharField(_("from"), max_length=60, blank=True)
    target = models.CharField(_("to"), max_length=60)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    who = models.CharField(_("who"), max_length=120)
    comment = models.TextField(_("comment"), blank=True)
    chosen_day = models.DateField(_("chosen day"), null=True, blank=True)

    objects: ClassVar[models.Manager["Step"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["case", "number"]
        constraints = [
            # The last line against two who move a case at once; the lock is the first.
            models.UniqueConstraint(fields=["case", "number"], name="case_step_one_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
