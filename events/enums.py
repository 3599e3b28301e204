"""Choices of the meetings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(models.TextChoices):
    """What kind of meeting it is."""

    AFTERWORK = "afterwork", _("After-work meeting")
    THEME_DAY = "theme_day", _("Theme day")
    WEBINAR = "webinar", _("Webinar")
    CONFERENCE = "conference", _("Conference")


class MaterialPhase(models.TextChoices):
    """When the participants need it."""

    BEFORE = "before", _("Before the meeting")
    AFTER = "after", _("After the meeting")


class Frequency(models.TextChoices):
    """How a series repeats."""

    WEEKLY = "weekly", _("Every week on the same weekday")
    MONTHLY = "monthly", _("Every month on the same weekday of the month")


class QuestionKind(models.TextChoices):
    """What an answer may be. A typed answer can be counted and checked; a free text is the last way out."""

    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of a list")
    NUMBER = "number", _("A whole number")
    TEXT = "text", _("A short text")


class ListShown(models.TextChoices):
    """Who may see a participant on the list."""

    NOBODY = "nobody", _("Only the organiser")
    PARTICIPANTS = "participants", _("The other participants")
    ALL = "all", _("Everybody who reads the meeting's page")


class LetterKind(models.TextChoices):
    """What a mail about a sign-up says."""

    GUEST_CONFIRM = "guest_confirm", _("Confirm your sign-up")
    CONFIRMED = "confirmed", _("You have a seat")
    WAITING = "waiting", _("You are on the waiting list")
    PENDING = "pending", _("Your sign-up awaits approval")
    REFUSED = "refused", _("Your sign-up was not approved")
    OFFER = "offer", _("You are offered a seat")
    PROMOTED = "promoted", _("You have got a seat from the waiting list")
    LAPSED = "lapsed", _("The offer has run out")
    GIVEN_UP = "given_up", _("Your sign-up is cancelled")
    CHANGED = "changed", _("The meeting has been changed")
    CALLED_OFF = "called_off", _("The meeting is cancelled")
    BACK_ON = "back_on", _("The meeting is held after all")
    REMINDER = "reminder", _("Reminder")
    NAMES = "names", _("Names are missing")
    AFTERWARDS = "afterwards", _("Thank you for coming")


class Scope(models.TextChoices):
    """What a subscription to new meetings is about."""

    ALL = "all", _("All meetings")
    REGION = "region", _("Region")
    MUNICIPALITY = "municipality", _("Municipality")
    THEME = "theme", pgettext_lazy("of a meeting", "Theme")
    PROFILE = "profile", _("Profile")
    KIND = "kind", _("Type")


class AttendanceState(models.TextChoices):
    """Whether somebody was there. `UNKNOWN` is a tick that was taken back."""

    UNKNOWN = "unknown", pgettext_lazy("attendance", "Not noted")
    ATTENDED = "attended", _("Attended")
    ABSENT = "absent", _("Did not come")
