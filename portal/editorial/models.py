"""Versions of definitions, and beside Wagtail's rows what these cannot hold: two of them cannot be subclassed.

Dependency order: Definition → Step (a Task) → Submission (beside a WorkflowState) → StepState (a TaskState) → Vote.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task, TaskState, Workflow, WorkflowState

from portal.core.errors import RefusedError
from portal.core.mixins import UuidModel
from portal.editorial.links.models import CheckedLink  # noqa: F401 - Django looks for models here
from portal.editorial.querysets import DefinitionQuerySet, StepStateQuerySet, SubmissionQuerySet
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND, Deadline
from portal.workflows.api import Use


class Definition(models.Model):
    """One version of a workflow or of a policy. It is never changed: what began under it ends under it."""

    KINDS = ((WORKFLOW_KIND, _("Workflow")), (POLICY_KIND, _("Policy")))

    kind = models.CharField(_("kind"), max_length=30, choices=KINDS)
    key = models.CharField(_("key"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    # Wagtail's own row of a workflow's version; its steps are `Step` rows.
    workflow = models.OneToOneField(
        Workflow, verbose_name=_("workflow"), null=True, blank=True, on_delete=models.PROTECT, related_name="definition"
    )

    objects: ClassVar[Any] = DefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("workflow definition")
        verbose_name_plural = _("workflow definitions")
        ordering = ["kind", "key", "-version"]
        constraints = [
            # Two imports at once: one of them finds the version taken.
            models.UniqueConstraint(fields=["kind", "key", "version"], name="editorial_definition_version_unique"),
            models.CheckConstraint(
                condition=Q(kind=WORKFLOW_KIND, workflow__isnull=False) | Q(kind=POLICY_KIND, workflow__isnull=True),
                name="editorial_definition_workflow_has_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Step(Task):
    """One step of one version. What it does is said by its task type; the row holds what a file says about it.

    `skip_uses` and `deadline_spec` give the two JSON fields as values.

    A step inside a parallel one has a `parent` and no place in Wagtail's list, so it never becomes the current task.
    """

    definition = models.ForeignKey(
        Definition, verbose_name=_("workflow definition"), on_delete=models.PROTECT, related_name="steps"
    )
    key = models.CharField(_("key"), max_length=60)
    type_name = models.CharField(_("task type"), max_length=60)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    # Conditions, as [{"name": …, parameters}], and the deadline as its file says it; see `portal.editorial.schema`.
    skip = models.JSONField(default=list, blank=True)
    deadline = models.JSONField(default=dict, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="inner_steps")
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("step of a workflow")
        verbose_name_plural = _("steps of workflows")
        constraints = [
            models.UniqueConstraint(fields=["definition", "key"], name="editorial_step_key_unique"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and refuse a step that no file defines: Wagtail's own screen offers to make one.

        Raises:
            RefusedError: it belongs to no definition.
        """
        if self.definition_id is None:
            raise RefusedError(_("Workflows come from files: import a definition instead."))
        super().save(*args, **kwargs)

    @property
    def skip_uses(self) -> tuple[Use, ...]:
        """Return the conditions under which the step is passed by."""
        return tuple(Use(row["name"], {k: v for k, v in row.items() if k != "name"}) for row in self.skip)

    @property
    def deadline_spec(self) -> Deadline | None:
        """Return the deadline, if the step has one."""
        if not self.deadline:
            return None
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in self.deadline.items()}
        return Deadline(**values)

    @classmethod
    def get_task_state_class(cls) -> type["StepState"]:
        """Return the class of this task's states; it is defined below."""
        return StepState

    def start(self, workflow_state: WorkflowState, user: Any = None) -> "StepState":
        """Start this step, or the first one before it that has to be taken again.

        Raises:
            RefusedError: no policy applies to the page any more, or another one than when it was sent in.
        """
        from portal.editorial.engine import step_start

        return step_start(step=self, workflow_state=workflow_state, user=user)

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Refuse: Wagtail's buttons carry neither what was read nor checked data; the submission's own screen does.

        Raises:
            RefusedError: always.
        """
        from portal.editorial.errors import WrongDoorError

        raise WrongDoorError

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Return False: who may edit is a matter of rights on pages, not of a step."""
        return False


class Submission(UuidModel):
    """A page that was sent in: the sidecar of a WorkflowState, with what it began under."""

    workflow_state = models.OneToOneField(WorkflowState, on_delete=models.CASCADE, related_name="submission")
    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="submissions")
    definition = models.ForeignKey(
        Definition, verbose_name=_("workflow"), on_delete=models.PROTECT, related_name="submissions"
    )
    policy = models.ForeignKey(Definition, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="+")
    # How often it was sent in: once, and again after each return.
    round = models.PositiveIntegerField(_("round"), default=1)
    created_at = models.DateTimeField(_("sent in"), default=timezone.now)
    # Of the content as it was last seen by a step; what counts is always worked out anew.
    digest = models.CharField(max_length=64)
    # When the words last became others, also by a competence that was published.
    changed_at = models.DateTimeField(default=timezone.now)
    # Who wrote it last: a save that changes nothing makes nobody its author.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # An approval is used once: what was taken down later is not put back by it.
    used_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects: ClassVar[Any] = SubmissionQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.definition} {self.uuid}"


class Submitter(models.Model):
    """Who sent a page in, in each round: she does not approve it herself."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="submitters")
    round = models.PositiveIntegerField(_("round"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    who = models.CharField(_("who"), max_length=120)
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects: ClassVar[models.Manager["Submitter"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("submitter")
        verbose_name_plural = _("submitters")
        ordering = ["submission", "round"]
        constraints = [models.UniqueConstraint(fields=["submission", "round"], name="editorial_submitter_per_round")]

    def __str__(self) -> str:
        return self.who


class ReadContent(models.Model):
    """The content that somebody approved, kept under its hash: revisions are overwritten by autosave, and purged."""

    digest = models.CharField(max_length=64, unique=True)
    # What is hashed: {"fields": …, "resolved": …}.
    content = models.JSONField()
    # What people compare: [{"key", "label", "text"}, …].
    parts = models.JSONField(default=list)

    objects: ClassVar[models.Manager["ReadContent"]] = models.Manager()

    class Meta:
        verbose_name = _("content that was read")
        verbose_name_plural = _("contents that were read")

    def __str__(self) -> str:
        return self.digest[:12]


class StepState(TaskState):
    """A step under way or ended, of one content."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="inner_states")
    # Of the content with which it ended; a step that ended with other words has to be taken again.
    digest = models.CharField(max_length=64, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    due_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    reminded = models.PositiveIntegerField(_("reminders sent"), default=0)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    next_tick_at = models.DateTimeField(null=True, blank=True, db_index=True)
    # Why the clock's last look at it failed; it is tried again later.
    problem = models.CharField(max_length=500, blank=True)

    steps: ClassVar[Any] = StepStateQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("state of a step")
        verbose_name_plural = _("states of steps")


class Vote(models.Model):
    """One answer of one person from one seat to one content. It counts for exactly the content that she read."""

    APPROVE = "approve"
    RETURN = "return"
    ANSWERS = ((APPROVE, _("Approve")), (RETURN, _("Return")))

    state = models.ForeignKey(StepState, on_delete=models.CASCADE, related_name="votes")
    seat = models.CharField(_("seat"), max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # The name is gone when a person is erased; that somebody answered stays.
    who = models.CharField(_("who"), max_length=120)
    # The same person has the same mark in all votes, also after she was erased.
    person = models.UUIDField(_("person"))
    answer = models.CharField(_("answer"), max_length=10, choices=ANSWERS)
    digest = models.CharField(max_length=64)
    read = models.ForeignKey(ReadContent, on_delete=models.PROTECT, related_name="votes")
    comment = models.TextField(_("comment"), blank=True, max_length=4000)
    at = models.DateTimeField(_("time"), default=timezone.now)
    # The deadline had passed and she answered in another's place.
    as_substitute = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Vote"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["at", "id"]
        constraints = [
            # One seat for each party: two of the same party who press at once count as one.
            models.UniqueConstraint(
                fields=["state", "seat", "digest"], condition=Q(answer="approve"), name="editorial_vote_one_per_seat"
            ),
            # One person, one vote, also where she sits on two seats.
            models.UniqueConstraint(fields=["state", "person", "digest"], name="editorial_vote_one_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.answer}"


class ExceptionalPublication(models.Model):
    """A publication past the policy: it names a person, a reason and exactly one content, and is used once."""

    EMERGENCY = "emergency"
    IMPORT = "import"
    KINDS = ((EMERGENCY, _("Emergency")), (IMPORT, _("Import")))

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="exceptional_publications")
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    digest = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    who = models.CharField(_("who"), max_length=120)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    used_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects: ClassVar[models.Manager["ExceptionalPublication"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("publication past the policy")
        verbose_name_plural = _("publications past the policy")
        ordering = ["-at", "-id"]
        default_permissions = ("view",)
        permissions = [("publish_in_emergency", "Can publish in an emergency, past the policy")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="editorial_exception_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.page_id}"
