"""Data for the screens that show contact cards."""

from dataclasses import dataclass

from portal.contacts.models import ContactCard
from portal.core.sorting import danish_key
from portal.organisations.api import Municipality, Region


@dataclass(frozen=True, slots=True)
class ContactGroup:
    """The cards of one reach, under the name that the list gives it; empty for the whole country."""

    name: str
    cards: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True)
class ContactDirectory:
    """All active cards, by reach."""

    nationwide: tuple[ContactCard, ...]
    regions: tuple[ContactGroup, ...]
    municipalities: tuple[ContactGroup, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no card at all."""
        return not (self.nationwide or self.regions or self.municipalities)


def contacts_for(municipality: Municipality, region: Region | None) -> tuple[ContactCard, ...]:
    """Return the cards that a municipality's page shows: its own first, then its region's."""
    cards = ContactCard.objects.active().serving(municipality, region).in_order()
    return tuple(sorted(cards, key=lambda card: card.municipality_id is None))


def contact_directory() -> ContactDirectory:
    """Return all active cards in one query."""
    cards = ContactCard.objects.active().select_related("region", "municipality").in_order()
    nationwide: list[ContactCard] = []
    regions: dict[str, list[ContactCard]] = {}
    municipalities: dict[str, list[ContactCard]] = {}
    for card in cards:
        if card.municipality:
            municipalities.setdefault(card.municipality.name, []).append(card)
        elif card.region:
            regions.setdefault(card.region.name, []).append(card)
        else:
            nationwide.append(card)
    return ContactDirectory(tuple(nationwide), _groups(regions), _groups(municipalities))


def _groups(by_name: dict[str, list[ContactCard]]) -> tuple[ContactGroup, ...]:
    return tuple(ContactGroup(name, tuple(by_name[name])) for name in sorted(by_name, key=danish_key))
