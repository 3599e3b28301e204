"""Dates and times as people here write them: "12. maj 2026", "kl. 15.30"; in English "12 May 2026", "at 15:30"."""

from datetime import date, datetime

from django.utils import formats, timezone, translation


def _danish() -> bool:
    return (translation.get_language() or "da").startswith("da")


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def long_date(value: date | datetime) -> str:
    """Return "12. maj 2026"."""
    if isinstance(value, datetime):
        value = _local(value)
    return formats.date_format(value, "j. F Y" if _danish() else "j F Y", use_l10n=False)


def weekday_date(value: date | datetime) -> str:
    """Return "tirsdag 12. maj 2026"."""
    if isinstance(value, datetime):
        value = _local(value)
    return f"{formats.date_format(value, 'l', use_l10n=False)} {long_date(value)}"


def clock(value: datetime) -> str:
    """Return "15.30"."""
    return _local(value).strftime("%H.%M" if _danish() else "%H:%M")


def at_clock(value: datetime) -> str:
    """Return "kl. 15.30"."""
    return f"{'kl.' if _danish() else 'at'} {clock(value)}"


def period(start: datetime, end: datetime) -> str:
    """Return "tirsdag 12. maj 2026 kl. 15.30–17.30", with both dates where they differ."""
    if _local(start).date() == _local(end).date():
        return f"{weekday_date(start)} {at_clock(start)}–{clock(end)}"
    return f"{weekday_date(start)} {at_clock(start)} – {weekday_date(end)} {at_clock(end)}"
