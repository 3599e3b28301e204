"""How long a step may wait for people (first version of the lead: helper 3 replaces it)."""

import datetime as dt
from typing import Any


def begin(state: Any, deadline: Any, at: dt.datetime) -> None:
    """Note when the step is due."""
    state.due_at = at + dt.timedelta(days=deadline.days)
    state.save(update_fields=["due_at"])


def look(state: Any, step: Any, now: dt.datetime) -> dt.datetime | None:
    """Return when the clock should look again."""
    return now + dt.timedelta(minutes=1)


def is_overdue(moment: Any) -> bool:
    """Tell whether the deadline has passed."""
    return bool(moment.state and moment.state.due_at and moment.state.due_at <= moment.at)


def substitute_seats(moment: Any, step: Any, seats: Any, user: Any) -> tuple[Any, ...]:
    """Return the seats of others that she may take."""
    return ()
