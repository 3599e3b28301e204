"""What other packages may use of the seats."""

from portal.seats.enums import SeatPolicy, SignUpState
from portal.seats.models import Offering
from portal.seats.services import OfferingSpec, offering_save, spec_of

__all__ = ["Offering", "OfferingSpec", "SeatPolicy", "SignUpState", "offering_save", "spec_of"]
