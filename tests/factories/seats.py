"""Valid, coherent seats."""

from factory.django import DjangoModelFactory

from portal.seats.api import Offering


class OfferingFactory(DjangoModelFactory[Offering]):
    """Forty seats, open from the start."""

    class Meta:
        model = Offering

    capacity = 40
