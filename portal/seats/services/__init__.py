"""Changes of the seats and of who has them. Each act is one transaction under the lock of `portal.seats.locking`."""

from portal.seats.services.forgetting import people_forget
from portal.seats.services.offerings import OfferingSpec, offering_save, spec_of
from portal.seats.services.offers import names_expire, offer_accept, offer_decline, offers_expire
from portal.seats.services.places import (
    names_fill,
    person_substitute,
    places_cancel,
    places_move,
    waiting_leave,
)
from portal.seats.services.signing_up import LARGEST_GROUP, sign_up_group, sign_up_one

__all__ = [
    "LARGEST_GROUP",
    "OfferingSpec",
    "names_expire",
    "names_fill",
    "offer_accept",
    "offer_decline",
    "offering_save",
    "offers_expire",
    "people_forget",
    "person_substitute",
    "places_cancel",
    "places_move",
    "sign_up_group",
    "sign_up_one",
    "spec_of",
    "waiting_leave",
]
