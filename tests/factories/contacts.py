"""Valid contact cards."""

import factory
from factory.django import DjangoModelFactory

from portal.contacts.api import ContactCard


class ContactCardFactory(DjangoModelFactory[ContactCard]):
    """A function that serves the whole country, unless a municipality or region is given."""

    class Meta:
        model = ContactCard

    function = factory.Sequence(lambda n: f"Konsulent {n}")
    organisation = "HK Kommunal"
    email = factory.Sequence(lambda n: f"konsulent{n}@hk.example")
