"""What other packages may use of the seats."""

from portal.seats.approval import MUNICIPALITY as MUNICIPALITY_APPROVAL
from portal.seats.approval import ORGANISER as ORGANISER_APPROVAL
from portal.seats.approval import approval_for
from portal.seats.auditing import Breach, breaches
from portal.seats.effects import Notice
from portal.seats.effects import register as register_effect
from portal.seats.enums import ACTIVE, HOLDING, OfferState, PlaceState, Reason, SeatPolicy, SignUpState
from portal.seats.errors import (
    AlreadySignedUpError,
    BusyError,
    FullError,
    GroupSizeError,
    KeyReusedError,
    NamesClosedError,
    NoPlaceError,
    NotOpenError,
    OfferGoneError,
    PersonError,
    SeatsError,
)
from portal.seats.models import Offer, Offering, Participant, PlaceChange, SignUp
from portal.seats.people import Person, cleaned, normal_email, same_person
from portal.seats.selectors import PersonRow, Standing, people_of, standing, standings
from portal.seats.services import (
    LARGEST_GROUP,
    OfferingSpec,
    names_expire,
    names_fill,
    offer_accept,
    offer_decline,
    offering_save,
    offers_expire,
    person_substitute,
    places_cancel,
    places_move,
    sign_up_group,
    sign_up_one,
    spec_of,
    waiting_leave,
)

__all__ = [
    "ACTIVE",
    "HOLDING",
    "LARGEST_GROUP",
    "MUNICIPALITY_APPROVAL",
    "ORGANISER_APPROVAL",
    "AlreadySignedUpError",
    "Breach",
    "BusyError",
    "FullError",
    "GroupSizeError",
    "KeyReusedError",
    "NamesClosedError",
    "NoPlaceError",
    "NotOpenError",
    "Notice",
    "Offer",
    "OfferGoneError",
    "OfferState",
    "Offering",
    "OfferingSpec",
    "Participant",
    "Person",
    "PersonError",
    "PersonRow",
    "PlaceChange",
    "PlaceState",
    "Reason",
    "SeatPolicy",
    "SeatsError",
    "SignUp",
    "SignUpState",
    "Standing",
    "approval_for",
    "breaches",
    "cleaned",
    "names_expire",
    "names_fill",
    "normal_email",
    "offer_accept",
    "offer_decline",
    "offering_save",
    "offers_expire",
    "people_of",
    "person_substitute",
    "places_cancel",
    "places_move",
    "register_effect",
    "same_person",
    "sign_up_group",
    "sign_up_one",
    "spec_of",
    "standing",
    "standings",
    "waiting_leave",
]
