"""What the seats refuse. Each has a text for the person who tried, and nothing has been written."""

from portal.core.errors import RefusedError


class SeatsError(RefusedError):
    """The seats refuse."""


class NotOpenError(SeatsError):
    """Sign-up has not begun, is over, or the meeting is called off."""


class AlreadySignedUpError(SeatsError):
    """A person has a place already; `addresses` says who, as the asker wrote it."""

    def __init__(self, text: str, addresses: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.addresses = addresses


class PersonError(SeatsError):
    """What was written about a person cannot be; `index` counts the persons of the wish from 0, `field` names where."""

    def __init__(self, text: str, *, index: int = 0, field: str = "name") -> None:
        super().__init__(text)
        self.index = index
        self.field = field


class GroupSizeError(SeatsError):
    """The group is empty, too large for one sign-up, or larger than the whole."""


class KeyReusedError(SeatsError):
    """The form's word was used for another wish."""


class FullError(SeatsError):
    """There are not seats enough for an act that needs them at once."""


class OfferGoneError(SeatsError):
    """The offer has been answered otherwise, or its deadline has passed."""


class NoPlaceError(SeatsError):
    """The place is not there, is another's, or has been given up: which, nobody is told."""


class NamesClosedError(SeatsError):
    """The deadline for names has passed."""


class BusyError(SeatsError):
    """Too many act at the same moment, and the lock was not free in time."""
