"""What the seats know about a person: where she is signed up, whom she signed up, and the steps that she took."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.personal_data import Erasure, Fate, PersonalData, Sheet, Traces, nobody, sheet, traces_of
from portal.seats.approval import approval_withdraw
from portal.seats.enums import ACTIVE, PlaceState, Reason
from portal.seats.locking import seats_locked
from portal.seats.models import Participant, PlaceChange, SignUp
from portal.seats.people import normal_email
from portal.seats.placing import close_empty_offers, put, settle


def _addresses(traces: Traces) -> list[str]:
    return sorted({normal_email(word) for word in traces.sure if "@" in word})


def _places(person: Any, traces: Traces) -> Any:
    """Return her places: those of her account, and those that others took for one of her addresses."""
    return Participant.objects.filter(Q(user=person) | Q(email__in=_addresses(traces)))


def export_places(person: Any) -> Iterable[Sheet]:
    """Return her places with their history."""
    changes = PlaceChange.objects.filter(participant__in=_places(person, traces_of(person))).select_related(
        "participant__offering"
    )
    yield sheet(
        "seats_places",
        _("Your sign-ups"),
        changes.order_by("participant", "at", "id"),
        ("place", _("Place"), lambda change: str(change.participant.uuid)),
        ("offering", _("Seats"), lambda change: str(change.participant.offering.uuid)),
        ("name", _("Name"), "participant.name"),
        ("email", _("E-mail"), lambda change: change.participant.email or ""),
        ("at", _("Time"), "at"),
        ("state", _("State"), "get_target_display"),
        ("reason", _("Why"), "get_reason_display"),
    )


def erase_places(erasure: Erasure) -> None:
    """Free the seats that somebody else can still have, and take her name off all of them."""
    # The rows are named once: the clock and other sign-ups move on while she is taken out.
    mine = Participant.objects.filter(pk__in=list(_places(erasure.person, erasure.traces).values_list("pk", flat=True)))
    active = mine.filter(state__in=ACTIVE)
    keys = sorted(set(active.values_list("offering", flat=True)))
    with seats_locked(*keys, cases_of=SignUp.objects.filter(participants__in=active)) as offerings:
        now = timezone.now()
        for key, offering in offerings.items():
            if not offering.gives_at(now):
                continue
            for place in active.filter(offering=key).select_related("sign_up__offering"):
                put([place], PlaceState.CANCELLED, Reason.ERASED, actor=None, now=now, silent=True)
                close_empty_offers(place.sign_up, now=now)
                approval_withdraw(actor=None, sign_up=place.sign_up)
            settle(offering, actor=None, now=now)
        # The fingerprint is made of names too; without it the form's word opens and repeats nothing.
        SignUp.objects.filter(participants__in=mine).update(fingerprint="")
        mine.update(user=None, email=None, name=nobody())


def export_sign_ups(person: Any) -> Iterable[Sheet]:
    """Return the sign-ups that she made or is the contact of."""
    yield sheet(
        "seats_sign_ups",
        _("Sign-ups that you made"),
        _sign_ups(person, traces_of(person))
        .select_related("offering", "municipality", "unit")
        .order_by("placed_at", "id"),
        ("sign_up", _("Sign-up"), "uuid"),
        ("offering", _("Seats"), "offering.uuid"),
        ("at", _("Time"), "placed_at"),
        ("contact", _("Contact"), "contact_name"),
        ("email", _("E-mail"), "contact_email"),
        ("behalf", _("On behalf of"), "on_behalf_of"),
    )


def _sign_ups(person: Any, traces: Traces) -> Any:
    return SignUp.objects.filter(Q(actor=person) | Q(contact_email__in=_addresses(traces)))


def erase_sign_ups(erasure: Erasure) -> None:
    """Take her out of what she did for others; their seats stay."""
    contact = SignUp.objects.filter(contact_email__in=_addresses(erasure.traces))
    contact.update(contact_name="", contact_email="", fingerprint="")
    SignUp.objects.filter(actor=erasure.person).update(actor=None, contact_name="", contact_email="", fingerprint="")
    PlaceChange.objects.filter(actor=erasure.person).update(actor=None)


SEATS = (
    PersonalData(
        key="seats.places",
        title=_("Your sign-ups"),
        why=_("The organiser must know who comes, and a seat must belong to somebody."),
        how_long=_("As long as the meeting or course is shown."),
        erasing=_("A seat that somebody else can still have is given on. Your name and address are taken off."),
        fate=Fate.ANONYMISED,
        order=20,
        covers=("seats.Participant.user", "seats.Participant.email"),
        export=export_places,
        erase=erase_places,
    ),
    PersonalData(
        key="seats.sign_ups",
        title=_("Sign-ups that you made"),
        why=_("Whoever signs up others can see and change it, and is written to about it."),
        how_long=_("As long as the meeting or course is shown."),
        erasing=_("The seats of the others stay. Your name and address are taken off."),
        fate=Fate.ANONYMISED,
        order=21,
        covers=("seats.SignUp.actor", "seats.SignUp.contact_email", "seats.PlaceChange.actor"),
        export=export_sign_ups,
        erase=erase_sign_ups,
    ),
)
