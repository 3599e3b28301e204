"""How long what is known about those who come is kept: said to them when they sign up, and done once a day."""

import datetime as dt

from django.utils.translation import gettext as _

from events.models import Occurrence, Question
from portal.core.formats import long_date
from portal.core.local_time import local_day

# After its days are over a thing goes with the next night's run.
_A_NIGHT = dt.timedelta(days=1)


def names_go_on(occurrence: Occurrence) -> dt.date:
    """Return the last day on which the names of those who came may still be there."""
    return local_day(occurrence.ends_at) + dt.timedelta(days=occurrence.keep_days) + _A_NIGHT


def answers_go_on(occurrence: Occurrence, keep_days: int) -> dt.date:
    """Return the last day for answers that are kept so long; none outlives the name of whoever gave it."""
    return min(local_day(occurrence.ends_at) + dt.timedelta(days=keep_days) + _A_NIGHT, names_go_on(occurrence))


def keeping_text(occurrence: Occurrence) -> str:
    """Return for those who sign up when their names and answers are deleted."""
    names = _("Your name and address are deleted on %(day)s at the latest.") % {
        "day": long_date(names_go_on(occurrence))
    }
    asked = Question.objects.filter(event=occurrence.event_id, retired=False).order_by("keep_days", "id")
    days = sorted({answers_go_on(occurrence, days) for days in asked.values_list("keep_days", flat=True)})
    if not days:
        return names
    told = _("Your answers are deleted on %(day)s at the latest.") % {"day": long_date(days[-1])}
    return f"{names} {told}"


def keeping_lines(occurrence: Occurrence) -> list[str]:
    """Return for the organiser what goes when, or that it has gone."""
    if occurrence.forgotten_at is not None:
        gone = _("Names, addresses and answers were deleted on %(day)s. How many came, and from where, stays.")
        return [gone % {"day": long_date(occurrence.forgotten_at)}]
    lines = [
        _("Names and addresses: on %(day)s at the latest. How many came, and from where, stays.")
        % {"day": long_date(names_go_on(occurrence))}
    ]
    for question in Question.objects.filter(event=occurrence.event_id).order_by("position", "id"):
        day = long_date(answers_go_on(occurrence, question.keep_days))
        lines.append(
            _("Answers to “%(question)s”: on %(day)s at the latest.") % {"question": question.text, "day": day}
        )
    return lines
