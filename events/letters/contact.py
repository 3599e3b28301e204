"""What is said to the contact of a sign-up: one sum of everybody in it, whatever has happened to some of them."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.enums import LetterKind
from events.letters.content import Content, Link, page_url
from events.letters.facts import meeting_facts
from events.letters.person import Cause, line_sentences, moment
from events.letters.post import WITHOUT_OFFER
from events.models import Occurrence
from portal.seats.api import ACTIVE, Participant, PlaceState, Reason, SignUp

Places = Sequence[Participant]


def contact_content(cause: Cause, occurrence: Occurrence, sign_up: SignUp, touched: Places, url: str) -> Content:
    """Return the mail; `touched` are those whom the change is about."""
    everybody = list(sign_up.participants.order_by("pk"))
    links = [Link(_("See or change the sign-up"), url)] if url else []
    if page := page_url(occurrence):
        links.append(Link(_("The meeting's page"), page))
    changes = [str(change) for change in cause.changes]
    return Content(
        subject=f"{_subject(cause.kind)}: {occurrence.event.title}",
        name=sign_up.contact_name,
        said=(*_said(cause, occurrence, sign_up, touched), *changes, *offer_sentences(cause, occurrence, sign_up)),
        facts=meeting_facts(occurrence),
        links=tuple(links),
        list_title=_("Everybody in the sign-up:"),
        items=tuple(people_lines(everybody)),
        after=(_("The link opens the whole sign-up for whoever has it. Do not send the mail on."),) if url else (),
    )


def _subject(kind: LetterKind) -> str:
    """Return the kind in words for somebody who speaks for others."""
    words = {
        LetterKind.CONFIRMED: _("There are seats for your sign-up"),
        LetterKind.PROMOTED: _("Seats from the waiting list"),
        LetterKind.WAITING: _("Your group is on the waiting list"),
        LetterKind.PENDING: _("The sign-up of your group awaits approval"),
        LetterKind.REFUSED: _("The sign-up of your group was not approved"),
        LetterKind.OFFER: _("Your group is offered seats"),
        LetterKind.GIVEN_UP: _("Places are cancelled"),
    }
    return words.get(kind) or str(kind.label)


def people_lines(places: Places) -> list[str]:
    """Return "name: state" for each; slots without a name are counted."""
    lines = [f"{place.name or place.email or place}: {PlaceState(place.state).label}" for place in _named(places)]
    for state in PlaceState:
        count = sum(1 for place in places if place.is_unnamed and place.state == state)
        if count:
            text = ngettext(
                "%(count)s place without a name: %(state)s", "%(count)s places without names: %(state)s", count
            )
            lines.append(text % {"count": count, "state": state.label})
    return lines


def _named(places: Places) -> list[Participant]:
    return [place for place in places if not place.is_unnamed]


def names_of(places: Places) -> str:
    """Return "Anna, Bo, and 2 without a name"."""
    parts = [place.name or place.email or str(place) for place in _named(places)]
    if nameless := len(places) - len(parts):
        text = ngettext("%(count)s place without a name", "%(count)s places without names", nameless)
        parts.append(text % {"count": nameless})
    return ", ".join(parts)


def _said(cause: Cause, occurrence: Occurrence, sign_up: SignUp, touched: Places) -> list[str]:
    names = {"names": names_of(touched)}
    if cause.reason == Reason.UNNAMED:
        return [_("The names did not come in time, so these places are free for others now: %(names)s.") % names]
    if cause.reason == Reason.SUBSTITUTED and cause.former:
        return [_("The place of %(former)s has gone to %(names)s.") % {**names, "former": cause.former}]
    return _SAID[cause.kind](cause, occurrence, sign_up, touched, names)


def _plain(text: Callable[[], str]) -> "_Say":
    """Return a sentence about the names; the text is fetched when it is said, in the language of the mail."""

    def say(cause: Cause, occurrence: Occurrence, sign_up: SignUp, touched: Places, names: dict[str, str]) -> list[str]:
        return [text() % names]

    return say


def _waiting(
    cause: Cause, occurrence: Occurrence, sign_up: SignUp, touched: Places, names: dict[str, str]
) -> list[str]:
    said = [_("On the waiting list: %(names)s.") % names]
    if sign_up.is_group and not sign_up.may_split:
        said.append(_("The group gets seats together, or waits together."))
    return [*said, *line_sentences(touched[0])]


def offer_sentences(cause: Cause, occurrence: Occurrence, sign_up: SignUp, *, besides: int | None = None) -> list[str]:
    """Say each open offer with its deadline: the mail may have taken back the one that said it first.

    `besides` is an offer that the mail has said already.
    """
    if occurrence.cancelled or cause.kind in WITHOUT_OFFER:
        return []
    said = []
    for offer in sign_up.offers.open().exclude(pk=besides).order_by("pk"):
        if places := list(offer.participants.filter(state=PlaceState.OFFERED).order_by("pk")):
            text = _("There are seats for: %(names)s. Say yes or no on the page of the sign-up.")
            until = _("Answer by %(deadline)s. If you do not, the seats go to the next in line.")
            said += [text % {"names": names_of(places)}, until % {"deadline": moment(offer.deadline)}]
    return said


def _offer(cause: Cause, occurrence: Occurrence, sign_up: SignUp, touched: Places, names: dict[str, str]) -> list[str]:
    """Say nothing of its own: a newer offer is said together with the older ones."""
    return []


def _called_off(
    cause: Cause, occurrence: Occurrence, sign_up: SignUp, touched: Places, names: dict[str, str]
) -> list[str]:
    said = [_("The meeting will not be held.")]
    if occurrence.cancel_reason:
        said.append(_("The organiser writes: %(reason)s") % {"reason": occurrence.cancel_reason})
    return said


def _names_missing(
    cause: Cause, occurrence: Occurrence, sign_up: SignUp, touched: Places, names: dict[str, str]
) -> list[str]:
    text = ngettext("%(count)s place has no name yet.", "%(count)s places have no names yet.", len(touched))
    said = [text % {"count": len(touched)}]
    if sign_up.names_by is not None:
        words = _("Write the names by %(deadline)s. Places without a name are free for others from then on.")
        said.append(words % {"deadline": moment(sign_up.names_by)})
    return said


_Say = Callable[[Cause, Occurrence, SignUp, Places, dict[str, str]], list[str]]
_SAID: dict[LetterKind, _Say] = {
    LetterKind.CONFIRMED: _plain(lambda: _("These have a seat: %(names)s.")),
    LetterKind.PROMOTED: _plain(lambda: _("Seats have become free. These have a seat now: %(names)s.")),
    LetterKind.WAITING: _waiting,
    LetterKind.PENDING: _plain(lambda: _("The sign-up must be approved before there are seats for: %(names)s.")),
    LetterKind.REFUSED: _plain(lambda: _("The sign-up was not approved. These have no seat: %(names)s.")),
    LetterKind.OFFER: _offer,
    LetterKind.LAPSED: _plain(
        lambda: _("The offer was not answered in time. No longer on the waiting list: %(names)s.")
    ),
    LetterKind.GIVEN_UP: _plain(lambda: _("The sign-up is cancelled for: %(names)s.")),
    LetterKind.CHANGED: _plain(lambda: _("The meeting has been changed. This concerns: %(names)s.")),
    LetterKind.CALLED_OFF: _called_off,
    LetterKind.BACK_ON: _plain(
        lambda: _("The meeting was cancelled, but will be held after all. Signed up: %(names)s.")
    ),
    LetterKind.NAMES: _names_missing,
}


def active(sign_up: SignUp) -> list[Participant]:
    """Return those of a sign-up who still want to come."""
    return list(sign_up.participants.filter(state__in=ACTIVE).select_related("offering").order_by("pk"))
