"""What the meetings add to places below them: search documents and sections; and what they do when a place changes."""


def register_all() -> None:
    """Register everything."""
    from events import search_index, sections
    from events.approvals import sections as approval_sections
    from events.groups import sections as group_sections
    from events.letters import notices, reminders
    from events.news import digests
    from events.personal_data import EVENTS
    from events.running import sections as running_sections
    from events.signup import effects
    from events.signup import sections as own_sections
    from portal.core import personal_data

    search_index.register()
    sections.register_sections()
    own_sections.register_sections()
    effects.register()
    notices.register()
    reminders.register()
    digests.register()
    _ignore_what_no_page_shows()
    approval_sections.register_sections()
    group_sections.register_sections()
    running_sections.register_sections()
    _work_by_the_clock()
    personal_data.register(*EVENTS)


def _work_by_the_clock() -> None:
    """Thank those who came, count what they answered, and delete what has been kept long enough."""
    import datetime as dt

    from events.forgetting import forget_what_is_old
    from events.pulse.afterwards import afterwards_send
    from events.pulse.services import pulses_count
    from portal.core import periodic

    periodic.register("events.afterwards", dt.timedelta(minutes=10), afterwards_send)
    periodic.register("events.pulses_count", dt.timedelta(hours=1), pulses_count)
    periodic.register("events.forget", dt.timedelta(days=1), forget_what_is_old)


def _ignore_what_no_page_shows() -> None:
    """Keep stored pages when somebody answers, signs up or is ticked off: no page for everybody shows any of it."""
    from events import models
    from portal.core import page_cache

    page_cache.ignore(models.Answer, models.ListConsent, models.GuestWish, models.PlaceLink, models.Letter)
    page_cache.ignore(models.Attendance, models.DoorLink, models.Team, models.TeamSeat)
    page_cache.ignore(models.PulseAnswer, models.PulseResult, models.PulseTicket, models.Subscription, models.News)
