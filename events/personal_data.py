"""What the meetings know about a person, beside her places: answers, consents, mails and links, attendance, subscriptions.

The three questions are here for what they are not: nobody can say whose an answer is.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Answer, Attendance, GuestWish, Letter, ListConsent, PlaceLink, Subscription, TeamSeat
from portal.core.personal_data import Erasure, Fate, PersonalData, Sheet, Traces, nobody, scrub_rows, sheet, traces_of
from portal.seats.api import Participant, normal_email


def _addresses(traces: Traces) -> list[str]:
    return sorted({normal_email(word) for word in traces.sure if "@" in word})


def _places(person: Any, traces: Traces) -> Any:
    """Return her places: those of her account, and those that others took for one of her addresses."""
    return Participant.objects.filter(Q(user=person) | Q(email__in=_addresses(traces)))


def export_taking_part(person: Any) -> Iterable[Sheet]:
    """Return what she answered, who may see her on the list, where she came, and with whom she sits."""
    places = _places(person, traces_of(person))
    meeting = ("meeting", _("Meeting"), lambda row: str(row.participant.offering.occurrence))
    answers = Answer.objects.filter(participant__in=places).select_related(
        "question", "participant__offering__occurrence__event"
    )
    yield sheet(
        "events_answers",
        _("Your answers at sign-up"),
        answers.order_by("pk"),
        meeting,
        ("question", _("Question"), "question.text"),
        ("answer", _("Answer"), "value"),
    )
    consents = ListConsent.objects.filter(participant__in=places).select_related(
        "participant__offering__occurrence__event"
    )
    yield sheet(
        "events_list_consents",
        _("Who may see you on the list of participants"),
        consents.order_by("pk"),
        meeting,
        ("shown", _("Shown to"), "get_shown_display"),
        ("at", _("Time"), "at"),
    )
    yield from _on_the_day(person, places)


def _on_the_day(person: Any, places: Any) -> Iterable[Sheet]:
    came = Q(participant__in=places) | Q(email__in=_addresses(traces_of(person)))
    yield sheet(
        "events_attendance",
        _("Meetings at which you were noted"),
        Attendance.objects.filter(came).select_related("occurrence__event").order_by("pk"),
        ("meeting", _("Meeting"), lambda row: str(row.occurrence)),
        ("state", _("State"), "get_state_display"),
        ("at", _("Time"), "at"),
    )
    seats = TeamSeat.objects.filter(participant__in=places).select_related("team__occurrence__event")
    yield sheet(
        "events_teams",
        _("Teams in which you sit"),
        seats.order_by("pk"),
        ("meeting", _("Meeting"), lambda row: str(row.team.occurrence)),
        ("team", _("Team"), "team.name"),
    )
    noted = Attendance.objects.filter(recorded_by=person).select_related("occurrence__event").order_by("pk")
    yield sheet(
        "events_noted",
        _("Attendance that you noted"),
        noted,
        ("meeting", _("Meeting"), lambda row: str(row.occurrence)),
        ("at", _("Time"), "at"),
    )


def erase_taking_part(erasure: Erasure) -> None:
    """Delete what she said; that somebody sat there and came stays, without her. Her places are still hers here."""
    places = _places(erasure.person, erasure.traces)
    Answer.objects.filter(participant__in=places).delete()
    ListConsent.objects.filter(participant__in=places).delete()
    TeamSeat.objects.filter(participant__in=places).delete()
    # A walk-in may have given her name alone; where it is nobody else's, it is taken out as well.
    scrub_rows(Attendance.objects.all(), erasure.traces, "name")
    hers = Attendance.objects.filter(email__in=_addresses(erasure.traces))
    hers.update(name=nobody(), email="")
    Attendance.objects.filter(recorded_by=erasure.person).update(recorded_by=None)


def export_mails(person: Any) -> Iterable[Sheet]:
    """Return which mails and links went to her, and what waits for her confirmation; never what a link opens by."""
    addresses = _addresses(traces_of(person))
    yield sheet(
        "events_mails",
        _("Mails about meetings"),
        Letter.objects.filter(email__in=addresses).select_related("occurrence__event").order_by("pk"),
        ("meeting", _("Meeting"), lambda row: str(row.occurrence)),
        ("kind", _("Kind"), "get_kind_display"),
        ("email", _("E-mail"), "email"),
        ("at", _("Time"), "created_at"),
    )
    yield sheet(
        "events_links",
        _("Links to your places"),
        PlaceLink.objects.filter(email__in=addresses).order_by("pk"),
        ("email", _("E-mail"), "email"),
        ("at", _("Time"), "created_at"),
        ("until", _("Works until"), "expires_at"),
    )
    yield sheet(
        "events_guest_wishes",
        _("Sign-ups that wait for your confirmation"),
        GuestWish.objects.filter(email__in=addresses).select_related("occurrence__event").order_by("pk"),
        ("meeting", _("Meeting"), lambda row: str(row.occurrence)),
        ("email", _("E-mail"), "email"),
        ("at", _("Time"), "created_at"),
    )


def erase_mails(erasure: Erasure) -> None:
    """Delete them; the texts of mails that left are in the outbox, which is asked on its own."""
    addresses = _addresses(erasure.traces)
    places = _places(erasure.person, erasure.traces)
    Letter.objects.filter(Q(email__in=addresses) | Q(participant__in=places)).delete()
    PlaceLink.objects.filter(Q(email__in=addresses) | Q(participant__in=places)).delete()
    named = erasure.traces.rows_in(GuestWish.objects.all(), "wish").values_list("pk", flat=True)
    GuestWish.objects.filter(Q(email__in=addresses) | Q(pk__in=list(named))).delete()


def export_subscriptions(person: Any) -> Iterable[Sheet]:
    """Return what she wants to hear about."""
    mine = Subscription.objects.filter(email__in=_addresses(traces_of(person)))
    yield sheet(
        "events_subscriptions",
        _("Your subscriptions to meetings"),
        mine.order_by("pk"),
        ("email", _("E-mail"), "email"),
        ("about", _("About"), "get_scope_display"),
        ("at", _("Time"), "created_at"),
        ("confirmed", _("Confirmed"), "confirmed_at"),
    )


def erase_subscriptions(erasure: Erasure) -> None:
    """Delete them."""
    Subscription.objects.filter(email__in=_addresses(erasure.traces)).delete()


_KEPT = _("As long as the meeting's organiser has said: 180 days after the meeting unless the page says otherwise.")

# Lower orders go first: the places must still say whose they are (portal.seats comes at 20).
EVENTS = (
    PersonalData(
        key="events.taking_part",
        title=_("Your part in meetings"),
        why=_("The organiser must know what you need and who came."),
        how_long=_("Answers as long as it says beside the question, the rest 180 days after the meeting or less."),
        erasing=_("Your answers and your consent are deleted. That somebody came stays, without your name."),
        fate=Fate.DELETED,
        order=15,
        covers=("events.Attendance.email", "events.Attendance.recorded_by"),
        export=export_taking_part,
        erase=erase_taking_part,
    ),
    PersonalData(
        key="events.mails",
        title=_("Mails and links about meetings"),
        why=_("The organiser must see whether a mail has left, and a link must open your place only."),
        how_long=_KEPT,
        erasing=_("They are deleted, and the links open nothing any more."),
        fate=Fate.DELETED,
        order=16,
        covers=(
            "events.Letter.email",
            "events.PlaceLink.email",
            "events.GuestWish.email",
            "events.GuestWish.wish",
        ),
        export=export_mails,
        erase=erase_mails,
    ),
    PersonalData(
        key="events.subscriptions",
        title=_("Subscriptions to new meetings"),
        why=_("You have asked to hear about new meetings."),
        how_long=_("Until you unsubscribe; a week if you never confirmed it."),
        erasing=_("They are deleted."),
        fate=Fate.DELETED,
        order=17,
        covers=("events.Subscription.email",),
        export=export_subscriptions,
        erase=erase_subscriptions,
    ),
    PersonalData(
        key="events.pulse",
        title=_("Three questions after a meeting"),
        why=_("The answers are counted together. Neither name, time nor link stands with them."),
        how_long=_("Two weeks; then only the totals are kept."),
        erasing=_("They cannot be deleted, because nobody can tell which answers are yours."),
        fate=Fate.KEPT,
        order=90,
        covers=("events.PulseResult.figures",),
    ),
)
