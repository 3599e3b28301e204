"""How near two municipalities are: as their squares on the map of municipalities stand, which is about as they lie.

Nobody's place is asked for. The reader names a municipality, and the address keeps it.
"""

from django.utils.translation import gettext as _

from portal.core.figures.tile_map import spots

# Two squares to a side: an evening's drive. What is farther is in order of date.
CLOSE = 8
REST = 1000


def ranks(code: str) -> dict[str, int]:
    """Return the squared distance of the municipalities close to one, itself with 0."""
    known = spots()
    here = known.get(code)
    if here is None:
        return {code: 0}
    far = {other: (spot.column - here.column) ** 2 + (spot.row - here.row) ** 2 for other, spot in known.items()}
    return {other: distance for other, distance in far.items() if distance <= CLOSE}


def group_title(rank: int, name: str) -> str:
    """Return the heading of the rows of a rank."""
    if rank == 0:
        return _("In %(municipality)s") % {"municipality": name}
    return _("Close to %(municipality)s") % {"municipality": name} if rank <= CLOSE else _("Farther away, and online")
