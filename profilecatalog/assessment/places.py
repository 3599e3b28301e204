"""Which form stands at an address: for whom it gathers answers, and who may frame it."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from portal.core.principal import ANONYMOUS, Principal
from portal.organisations.api import (
    Municipality,
    MunicipalitySettings,
    RegionGroup,
    embed_origins,
    municipalities_by_region,
)
from profilecatalog.assessment.models import EmbedKey
from profilecatalog.assessment.services.rounds import is_gathering, smallest_group, smallest_group_anywhere
from profilecatalog.assessment.tokens import InvalidTokenError, read_embed_key
from profilecatalog.profiles.api import ProfilePage, ProfileRelease, latest_release


class UnknownPlaceError(Exception):
    """The key is forged, unknown or revoked, or the profile cannot be assessed."""


@dataclass(frozen=True, slots=True)
class Place:
    """The public page (no key), or a municipality's embed address."""

    public_id: str = ""
    municipality: Municipality | None = None

    @property
    def is_embedded(self) -> bool:
        """Tell whether the municipality is given by the address."""
        return bool(self.public_id)

    @property
    def is_gathering(self) -> bool:
        """Tell whether answers count here at the moment."""
        return is_gathering(self.municipality)

    @property
    def smallest_group(self) -> int:
        """Return the smallest group whose totals are shown; on the public page, where the municipality is chosen later,
        the smallest that any of those offered may show."""
        return smallest_group(self.municipality) if self.municipality else smallest_group_anywhere()

    @property
    def ancestors(self) -> list[str]:
        """Return the origins that may frame the page."""
        if self.municipality is None:
            return []
        return list(embed_origins(self.municipality))


PUBLIC = Place()


def find_place(signed_key: str | None) -> Place:
    """Return what an address stands for; a forged key is refused before the database is asked.

    Raises:
        UnknownPlaceError: the key is forged, unknown or revoked.
    """
    if signed_key is None:
        return PUBLIC
    try:
        public_id = read_embed_key(signed_key)
    except InvalidTokenError as error:
        raise UnknownPlaceError from error
    key = EmbedKey.objects.in_force().filter(public_id=public_id).select_related("municipality").first()
    if key is None:
        raise UnknownPlaceError
    return Place(public_id, key.municipality)


def find_release(address: str, principal: Principal = ANONYMOUS) -> ProfileRelease:
    """Return the newest release of the live profile with this slug or uuid.

    Raises:
        UnknownPlaceError: there is none, or it asks nothing that could be answered.
    """
    pages = ProfilePage.objects.visible_to(principal)
    try:
        page = pages.filter(uuid=UUID(address)).first()
    except ValueError:
        page = pages.filter(slug=address).order_by("pk").first()
    release = latest_release(page) if page else None
    if release is None or not release.document.scale or not release.document.needs:
        raise UnknownPlaceError
    return release


def offered_regions() -> tuple[RegionGroup, ...]:
    """Return the municipalities to choose between: those that take part."""
    absent = set(
        MunicipalitySettings.objects.filter(standing_round_open=False).values_list("municipality_id", flat=True)
    )
    groups = municipalities_by_region(on=timezone.localdate())
    return tuple(
        RegionGroup(group.region, tuple(m for m in group.municipalities if m.pk not in absent)) for group in groups
    )
