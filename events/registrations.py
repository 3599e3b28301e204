"""What the meetings add to places below them: search documents and sections; and what they do when a place changes."""


def register_all() -> None:
    """Register everything."""
    from events import search_index, sections
    from events.approvals import sections as approval_sections
    from events.letters import notices, reminders
    from events.signup import effects

    search_index.register()
    sections.register_sections()
    effects.register()
    notices.register()
    reminders.register()
    _ignore_what_no_page_shows()
    approval_sections.register_sections()


def _ignore_what_no_page_shows() -> None:
    """Keep stored pages when somebody answers, signs up or is ticked off: no page for everybody shows any of it."""
    from events import models
    from portal.core import page_cache

    page_cache.ignore(models.Answer, models.ListConsent, models.GuestWish, models.PlaceLink, models.Letter)
    page_cache.ignore(models.Attendance, models.DoorLink, models.Team, models.TeamSeat)
    page_cache.ignore(models.PulseAnswer, models.PulseResult, models.PulseTicket, models.Subscription, models.News)
