"""The scarce row, and the acts, people, offers and history that hang on it."""

from portal.seats.models.offerings import Offering
from portal.seats.models.places import Offer, Participant, PlaceChange, SignUp

__all__ = ["Offer", "Offering", "Participant", "PlaceChange", "SignUp"]
