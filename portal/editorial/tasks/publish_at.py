"""A step that waits for the minute that the editor has planned: the page's own "go live", and no second date beside it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils import timezone

from portal.editorial.registry import PASS, WAIT, Moment, TaskType, Verdict

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class PublishAt:
    """When a plan may come true: on weekdays only, and not before an hour of the day ("08:00"). Both by the clock here."""

    weekdays_only: bool = False
    not_before: str = ""

    def __post_init__(self) -> None:
        if self.not_before:
            try:
                dt.datetime.strptime(self.not_before, "%H:%M")  # noqa: DTZ007 - an hour of the day has no zone
            except ValueError:
                raise ValueError(f"'not_before' is an hour like \"08:00\", not {self.not_before!r}") from None

    @property
    def earliest(self) -> dt.time:
        """Return the hour of the day before which nothing goes live."""
        return dt.time.fromisoformat(self.not_before.zfill(5)) if self.not_before else dt.time.min


class PublishAtPlan(TaskType):
    """Passes when the planned minute has come; at once where nothing is planned."""

    parameters: ClassVar[type[Any]] = PublishAt
    template: ClassVar[str] = "editorial/tasks/publish_at.html"

    def begin(self, moment: Moment, given: PublishAt) -> Verdict:
        """Pass at once where there is nothing to wait for."""
        return self._decide(moment, given)

    def tick(self, moment: Moment, given: PublishAt) -> Verdict:
        """Pass on the first look after the minute; the plan is read anew, since it may have been moved."""
        return self._decide(moment, given)

    def shown(self, moment: Moment, given: PublishAt) -> dict[str, Any]:
        """Return the minute that is waited for."""
        plan = moment.page.go_live_at
        return {"at": due(plan, given) if plan is not None else None}

    def _decide(self, moment: Moment, given: PublishAt) -> Verdict:
        plan = moment.page.go_live_at
        return PASS if plan is None or due(plan, given) <= moment.at else WAIT


def due(plan: dt.datetime, given: PublishAt) -> dt.datetime:
    """Return the first moment from the plan on that the step's rule allows.

    Hours are those of the clock here. In the night when it goes forward, an hour that is skipped counts as the moment after
    the gap; in the night when it goes back, an hour that comes twice counts the first time.
    """
    zone = timezone.get_default_timezone()
    local = plan.astimezone(zone)
    day = local.date()
    if given.weekdays_only and day.weekday() >= _SATURDAY:
        day += dt.timedelta(days=7 - day.weekday())
        local = _at(day, given.earliest if given.not_before else local.time(), zone)
    # In UTC: clock faces of the night that has an hour twice cannot be compared.
    found = local.astimezone(dt.UTC)
    return max(found, _at(day, given.earliest, zone).astimezone(dt.UTC)) if given.not_before else found


def _at(day: dt.date, clock: dt.time, zone: Any) -> dt.datetime:
    """Return the moment at which clocks here show a time; of a skipped one, the moment right after the gap."""
    naive = dt.datetime.combine(day, clock.replace(fold=0))
    # Through UTC: a skipped time becomes one that exists.
    return naive.replace(tzinfo=zone).astimezone(dt.UTC).astimezone(zone)
