"""The seats tell what has happened to some places; here it becomes mails, in the same transaction."""

from django.utils import translation

from events.enums import LetterKind
from events.letters.person import Cause, person_content
from events.letters.post import Address, known, method_for, post, take_back_all
from events.letters.writing import tell_everybody
from events.models import Occurrence
from portal.seats.api import Notice, Participant, PlaceState, Reason, SignUp, register_effect

_BY_REASON = {
    Reason.GIVEN: LetterKind.CONFIRMED,
    Reason.ACCEPTED: LetterKind.CONFIRMED,
    Reason.PROMOTED: LetterKind.PROMOTED,
    Reason.OFFERED: LetterKind.OFFER,
    Reason.EXPIRED: LetterKind.LAPSED,
    Reason.DECLINED: LetterKind.GIVEN_UP,
    Reason.CANCELLED: LetterKind.GIVEN_UP,
    Reason.LEFT: LetterKind.GIVEN_UP,
    Reason.MOVED: LetterKind.GIVEN_UP,
    Reason.UNNAMED: LetterKind.GIVEN_UP,
    Reason.REFUSED: LetterKind.REFUSED,
}
_BY_STATE = {
    PlaceState.BOOKED: LetterKind.CONFIRMED,
    PlaceState.WAITING: LetterKind.WAITING,
    PlaceState.PENDING: LetterKind.PENDING,
    PlaceState.OFFERED: LetterKind.OFFER,
}
# Nobody has moved; a person, or another one, has come to a place.
_ABOUT_PERSONS = (Reason.SIGNED_UP, Reason.NAMED, Reason.SUBSTITUTED, Reason.APPROVED)


def register() -> None:
    """Register it with the seats."""
    register_effect("events.letters", on_notice)


def on_notice(notice: Notice) -> None:
    """Write the mails of one change; a course's seats are none of ours, and an erased person gets no mail."""
    occurrence = occurrence_of(notice.sign_up)
    if occurrence is None or notice.reason is Reason.ERASED:
        return
    if notice.former is not None:
        _tell_former(notice, occurrence)
        if _same_address(notice):
            return
    kind = _BY_REASON.get(notice.reason)
    if kind is None and notice.reason in _ABOUT_PERSONS:
        kind = kind_now(notice.participants[0])
    if kind is not None:
        tell_everybody(_cause(notice, kind), occurrence, notice.sign_up, notice.participants, key=notice.key)


def occurrence_of(sign_up: SignUp) -> Occurrence | None:
    """Return the meeting time whose seats they are."""
    rows = Occurrence.objects.select_related("event__contact", "municipality", "region", "offering")
    found: Occurrence | None = rows.filter(offering=sign_up.offering_id).first()
    return found


def kind_now(place: Participant) -> LetterKind | None:
    """Return what there is to say about a place as it stands; nothing about one that is given up."""
    return _BY_STATE.get(PlaceState(place.state))


def _cause(notice: Notice, kind: LetterKind) -> Cause:
    offer = notice.offer or notice.participants[0].offer
    return Cause(
        kind=kind,
        reason=notice.reason.value,
        answer_by=offer.deadline if offer is not None and kind is LetterKind.OFFER else None,
        former=notice.former.name if notice.former is not None else "",
    )


def _same_address(notice: Notice) -> bool:
    """Tell whether only the spelling of a name was mended: who reads the mails is the same."""
    return notice.former is not None and notice.former.email == (notice.participants[0].email or "")


def _tell_former(notice: Notice, occurrence: Occurrence) -> None:
    """Say goodbye to who gave her place away, and take back what was still on its way to her.

    Somebody who has only another address now is still the same person, and needs no goodbye.
    """
    former, place = notice.former, notice.participants[0]
    if former is None or not former.email or _same_address(notice):
        return
    take_back_all(participant=place, email=former.email)
    key = f"{notice.key}:former"
    if known(key) or (former.user is not None and former.user == place.user):
        return
    cause = Cause(kind=LetterKind.GIVEN_UP, reason=Reason.SUBSTITUTED.value)
    # Another person's row: the mail must not be found under hers, so it names the sign-up alone.
    to = Address(occurrence=occurrence, email=former.email, name=former.name, sign_up=notice.sign_up)
    with translation.override(notice.sign_up.language):
        said = Participant(name=former.name, email=former.email, sign_up=notice.sign_up, state=PlaceState.CANCELLED)
        content = person_content(cause, occurrence, said, "")
        method = method_for(cause.kind, occurrence, former.email, has_seat=False)
        post(kind=cause.kind, to=to, key=key, content=content, method=method)
