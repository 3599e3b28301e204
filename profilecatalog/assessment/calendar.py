"""Quarters and weeks, as they are in Denmark."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quarter:
    """The first and the last day of a quarter, both included."""

    opens: dt.date
    closes: dt.date


def quarter_of(day: dt.date) -> Quarter:
    """Return the quarter that a day lies in."""
    first_month = day.month - (day.month - 1) % 3
    opens = day.replace(month=first_month, day=1)
    next_opens = (opens + dt.timedelta(days=95)).replace(day=1)
    return Quarter(opens, next_opens - dt.timedelta(days=1))


def iso_week(day: dt.date) -> str:
    """Return the ISO week, for example 2026-W47; its year may differ from the day's around New Year."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"
