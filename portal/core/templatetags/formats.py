"""Template filters over `portal.core.formats`."""

from django import template

from portal.core import formats

register = template.Library()
register.filter("da_date", formats.long_date)
register.filter("da_weekday_date", formats.weekday_date)
register.filter("da_time", formats.clock)
register.filter("da_at_time", formats.at_clock)


@register.simple_tag
def da_period(start, end):  # type: ignore[no-untyped-def]
    """Return a period of time as one phrase."""
    return formats.period(start, end)
