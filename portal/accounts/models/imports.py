"""A file of units or memberships on its way in: its bytes, what each line asks for, and how far it has come.

The file holds personal data, so it stands in rows of its own and not in a folder: it is guarded, backed up and deleted like
every other row, and a second machine can go on with it. What is read is thrown away line by line; the lines go when
the import is applied or abandoned, or after a week.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models.users import User
from portal.core.mixins import UuidModel
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.organisations.api import Municipality


class ImportKind(models.TextChoices):
    """What the lines of a file are."""

    UNITS = "units", _("units")
    MEMBERSHIPS = "memberships", _("memberships")


class ImportState(models.TextChoices):
    """How far an import is. Nothing but `applied` has changed a unit or a membership."""

    UPLOADED = "uploaded", pgettext_lazy("state of an import", "received")
    PLANNING = "planning", pgettext_lazy("state of an import", "being read")
    PLANNED = "planned", pgettext_lazy("state of an import", "ready for you to look at")
    APPLYING = "applying", pgettext_lazy("state of an import", "being carried out")
    APPLIED = "applied", pgettext_lazy("state of an import", "carried out")
    FAILED = "failed", pgettext_lazy("state of an import", "stopped")
    ABANDONED = "abandoned", pgettext_lazy("state of an import", "dropped")


WORKING = (ImportState.UPLOADED, ImportState.PLANNING, ImportState.APPLYING)
OVER = (ImportState.APPLIED, ImportState.ABANDONED)


class ImportAction(models.TextChoices):
    """What a line asks for, or what its absence does."""

    READ = "read", _("read")
    ERROR = "error", pgettext_lazy("line of an import", "wrong")
    NEW = "new", pgettext_lazy("line of an import", "new")
    CHANGED = "changed", pgettext_lazy("line of an import", "changed")
    ENDS = "ends", pgettext_lazy("line of an import", "ends")
    UNCHANGED = "unchanged", pgettext_lazy("line of an import", "unchanged")


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Sets of imports."""

    def visible_to(self, principal: Principal) -> "ImportRunQuerySet":
        """Return the imports of the municipalities that the asker looks after."""
        if principal.is_administrator:
            return self.all()
        return self.filter(municipality__code__in=principal.municipalities(Role.COORDINATOR))


class ImportRun(UuidModel):
    """One file. `position` and `last_key` say where the worker goes on, so a crash costs one batch and nothing twice."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(_("kind"), max_length=12, choices=ImportKind)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    filename = models.CharField(_("file"), max_length=120)
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # The day that lines without a first day begin on; empty means the day on which it is carried out.
    starts_on = models.DateField(_("valid from"), null=True, blank=True)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    columns = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    last_key = models.CharField(max_length=64, blank=True)
    # Grows whenever the plan becomes another one: a button pressed under an older plan carries nothing out.
    plan_version = models.PositiveIntegerField(default=0)
    end_missing = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    problem = models.TextField(blank=True)

    objects: ClassVar[Any] = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-id"]
        constraints = [
            # Two plans carried out at once would each have been computed without the other.
            models.UniqueConstraint(
                fields=["municipality"], condition=Q(state="applying"), name="import_one_applying_per_municipality"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.filename}"

    @property
    def is_working(self) -> bool:
        """Tell whether the worker has something to do."""
        return self.state in WORKING


class ImportChunk(models.Model):
    """A piece of the file, small enough that reading it needs little memory."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects: ClassVar[models.Manager["ImportChunk"]] = models.Manager()

    class Meta:
        ordering = ["run", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="import_chunk_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run} #{self.number}"


class ImportRow(models.Model):
    """A line of the file and what it asks for; without a line, something that the file does not mention."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(null=True)
    action = models.CharField(max_length=10, choices=ImportAction, default=ImportAction.READ)
    values = models.JSONField(default=dict)
    # Whom the line names (employee number, else address), and the same with role and place: lines of one key must agree.
    who = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64, blank=True)
    email = models.CharField(max_length=254, blank=True)
    # Who that is here: a user or an address. And the unit or membership that the line is about.
    person = models.CharField(max_length=260, blank=True)
    target = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    problem = models.TextField(blank=True)

    objects: ClassVar[models.Manager["ImportRow"]] = models.Manager()

    class Meta:
        ordering = ["run", "line", "id"]
        constraints = [
            # A batch that is read a second time after a crash must not leave its lines twice.
            models.UniqueConstraint(fields=["run", "line"], name="import_row_once"),
        ]
        indexes = [
            # The plan's page, one kind of line at a time.
            models.Index(fields=["run", "action", "line", "id"], name="import_row_by_action"),
            # The worker goes through the lines person by person.
            models.Index(fields=["run", "key", "line"], name="import_row_by_key"),
            # "Which memberships does the file mention?"
            models.Index(fields=["run", "target"], name="import_row_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.line}"
