"""What is said to one person about her own place."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.enums import LetterKind
from events.letters.changes_told import Change
from events.letters.content import Content, Link, page_url
from events.letters.facts import meeting_facts
from events.models import Occurrence, Question
from portal.core.formats import at_clock, weekday_date
from portal.seats.api import Participant, PlaceState, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a mail is written, and what only this cause knows."""

    kind: LetterKind
    reason: str = ""
    answer_by: dt.datetime | None = None
    changes: tuple[Change, ...] = ()
    former: str = ""
    pulse_url: str = ""


def moment(value: dt.datetime) -> str:
    """Return "tirsdag 12. maj 2026 kl. 15.30"."""
    return f"{weekday_date(value)} {at_clock(value)}"


def subject(kind: LetterKind, occurrence: Occurrence) -> str:
    """Return the kind and the meeting: what an inbox shows."""
    return f"{kind.label}: {occurrence.event.title}"


def person_content(cause: Cause, occurrence: Occurrence, place: Participant, url: str) -> Content:
    """Return the mail; `url` opens her page and is empty when nothing is hers to do any more."""
    has_seat = place.state == PlaceState.BOOKED and not occurrence.cancelled
    return Content(
        subject=subject(cause.kind, occurrence),
        name=place.name,
        said=(*_SAID[cause.kind](cause, occurrence, place), *_signed_up_by(cause, place)),
        facts=meeting_facts(occurrence, has_seat=has_seat),
        links=_links(cause, occurrence, place, url),
        list_title=_("What has changed") if cause.changes else "",
        items=tuple(str(change) for change in cause.changes),
        after=tuple(_after(cause, occurrence, place)) if url else (),
    )


def _links(cause: Cause, occurrence: Occurrence, place: Participant, url: str) -> tuple[Link, ...]:
    found = []
    if url:
        answers = cause.kind is LetterKind.OFFER and not answered_for(place)
        words = _("Answer the offer") if answers else _("See or change your sign-up")
        found.append(Link(words, url))
    if cause.pulse_url:
        found.append(Link(_("Answer three questions about the meeting"), cause.pulse_url))
    if page := page_url(occurrence):
        found.append(Link(_("The meeting's page"), page))
    return tuple(found)


def _after(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    said = []
    asked = Question.objects.filter(event=occurrence.event_id, retired=False)
    if cause.kind in _NEWLY_THERE and place.sign_up.is_group and asked.exists():
        said.append(_("The organiser would like to know something from you. Answer on the page of your sign-up."))
    if place.state == PlaceState.BOOKED and cause.kind is not LetterKind.AFTERWARDS and not occurrence.cancelled:
        said.append(_("If you cannot come, cancel on the page of your sign-up. Then somebody else gets the seat."))
    said.append(_("The link to your sign-up is yours alone. Do not send the mail on."))
    return said


_NEWLY_THERE = (LetterKind.CONFIRMED, LetterKind.PROMOTED, LetterKind.WAITING, LetterKind.PENDING, LetterKind.OFFER)


def _signed_up_by(cause: Cause, place: Participant) -> list[str]:
    """Say who has signed her up, if it was not she herself."""
    sign_up = place.sign_up
    hers = sign_up.contact_email == (place.email or "") or not sign_up.contact_name
    if hers or cause.kind not in _NEWLY_THERE:
        return []
    return [_("You have been signed up by %(name)s.") % {"name": sign_up.contact_name}]


def answered_for(place: Participant) -> bool:
    """Tell whether offers are not hers to answer: a group's contact answers for everybody in it."""
    return place.sign_up.is_group and place.sign_up.contact_email != (place.email or "")


def _confirmed(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    said = [_("You have a seat at the meeting.")]
    if cause.former:
        said.append(_("You have taken over the seat from %(name)s.") % {"name": cause.former})
    return said


def _promoted(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    return [_("A seat has become free, and it is yours. You need not do anything.")]


def _waiting(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    return [
        _("The meeting is full, so you are on the waiting list."),
        *line_sentences(place, answers=not answered_for(place)),
    ]


def line_sentences(place: Participant, *, answers: bool = True) -> list[str]:
    """Say where a sign-up stands in line and what happens when there are seats; `answers`: an offer goes to the reader."""
    before = _before(place)
    said = [
        ngettext("%(count)s sign-up is before yours.", "%(count)s sign-ups are before yours.", before)
        % {"count": before}
        if before
        else _("You are the next in line.")
    ]
    offering = place.offering
    if offering.smaller_may_pass:
        said.append(_("If a group in line does not fit, smaller sign-ups behind it may get the seats."))
    if offering.offer_hours is None:
        said.append(_("When there is a seat for you, you get it at once, and we write to you."))
    elif not answers:
        said.append(_("When there are seats, the contact of your group gets an offer and answers for all of you."))
    else:
        said.append(
            ngettext(
                "When there is a seat for you, we send you an offer. You have %(hours)s hour to answer it.",
                "When there is a seat for you, we send you an offer. You have %(hours)s hours to answer it.",
                offering.offer_hours,
            )
            % {"hours": offering.offer_hours}
        )
    return said


def _before(place: Participant) -> int:
    mine = place.sign_up
    earlier = Q(sign_up__placed_at__lt=mine.placed_at) | Q(sign_up__placed_at=mine.placed_at, sign_up__lt=mine.pk)
    line = Participant.objects.filter(earlier, offering=place.offering_id, state=PlaceState.WAITING)
    return line.order_by().values("sign_up").distinct().count()


def _pending(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    return [
        _("Your sign-up must be approved before you get a seat. Your turn counts from your sign-up."),
        _("We write to you when it has been answered."),
    ]


def _refused(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    return [_("Your sign-up was not approved, so you have no seat at the meeting.")]


def _offer(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    if answered_for(place):
        return _offer_to_group(cause)
    said = [_("There is a seat for you. Say yes or no on the page of your sign-up.")]
    if cause.answer_by is not None:
        said.append(
            _("Answer by %(deadline)s. If you do not, the seat goes to the next in line.")
            % {"deadline": moment(cause.answer_by)}
        )
    return said


def _offer_to_group(cause: Cause) -> list[str]:
    said = [
        _("Your group has been offered seats, one of them for you. The contact of the group answers, so wait for her.")
    ]
    if cause.answer_by is not None:
        text = _("The group must answer by %(deadline)s. Otherwise the seats go to the next in line.")
        said.append(text % {"deadline": moment(cause.answer_by)})
    return said


def _lapsed(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    return [
        _("Your group did not answer the offer in time, so the seat has gone to the next in line.")
        if answered_for(place)
        else _("You did not answer the offer in time, so the seat has gone to the next in line."),
        _("You are no longer on the waiting list. You can sign up again if sign-up is still open."),
    ]


def _given_up(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    words = {
        Reason.LEFT.value: _("You are no longer on the waiting list."),
        Reason.DECLINED.value: _declined(place),
        Reason.MOVED.value: _("You have moved to another date of the meeting. You get another mail about that."),
        Reason.SUBSTITUTED.value: _("Another person has taken over your place, so you are not signed up any more."),
    }
    plain = _("Your sign-up is cancelled. If you did not expect that, write to the organiser.")
    return [words.get(cause.reason, plain)]


def _declined(place: Participant) -> str:
    if answered_for(place):
        return _("The contact of your group has said no to the seats. They go to the next in line.")
    return _("You have said no to the seat. It goes to the next in line.")


def _changed(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    return [_("The meeting that you are signed up for has been changed."), *_standing(place)]


def _standing(place: Participant) -> list[str]:
    """Say how she stands, to whoever reads of a change weeks after the sign-up."""
    words = {
        PlaceState.BOOKED.value: _("You still have your seat."),
        PlaceState.WAITING.value: _("You are still on the waiting list."),
        PlaceState.PENDING.value: _("Your sign-up still awaits approval."),
        PlaceState.OFFERED.value: _("Your group still has an offer of seats. Its contact answers it.")
        if answered_for(place)
        else _("You still have an offer of a seat. Remember to answer it."),
    }
    return [words[place.state]] if place.state in words else []


def _called_off(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    said = [_("The meeting will not be held.")]
    if occurrence.cancel_reason:
        said.append(_("The organiser writes: %(reason)s") % {"reason": occurrence.cancel_reason})
    return said


def _back_on(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    return [_("The meeting was cancelled, but will be held after all."), *_standing(place)]


def _reminder(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    return [_("We look forward to seeing you. This is when and where:")]


def _afterwards(cause: Cause, occurrence: Occurrence, place: Participant) -> list[str]:
    said = [_("Thank you for taking part. Material from the meeting is on the meeting's page when there is any.")]
    if cause.pulse_url:
        said.append(_("Please answer three short questions. Nobody can see who has answered what."))
    return said


_SAID: dict[LetterKind, Callable[[Cause, Occurrence, Participant], list[str]]] = {
    LetterKind.CONFIRMED: _confirmed,
    LetterKind.PROMOTED: _promoted,
    LetterKind.WAITING: _waiting,
    LetterKind.PENDING: _pending,
    LetterKind.REFUSED: _refused,
    LetterKind.OFFER: _offer,
    LetterKind.LAPSED: _lapsed,
    LetterKind.GIVEN_UP: _given_up,
    LetterKind.CHANGED: _changed,
    LetterKind.CALLED_OFF: _called_off,
    LetterKind.BACK_ON: _back_on,
    LetterKind.REMINDER: _reminder,
    LetterKind.AFTERWARDS: _afterwards,
}
