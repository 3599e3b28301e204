"""What was, and what is now, of a meeting that has been changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.core.formats import period

if TYPE_CHECKING:
    from events.services import OccurrenceSpec


@dataclass(frozen=True, slots=True)
class Change:
    """One line: `before` or `now` may be empty."""

    label: str
    before: str
    now: str

    def __str__(self) -> str:
        words = {"label": self.label, "before": self.before, "now": self.now}
        if self.before and self.now:
            return _("%(label)s: was %(before)s, is now %(now)s") % words
        if self.now:
            return _("%(label)s: is now %(now)s") % words
        return _("%(label)s: was %(before)s, and is left out now") % words if self.before else self.label


def changes_between(before: "OccurrenceSpec", after: "OccurrenceSpec", *, has_seat: bool) -> tuple[Change, ...]:
    """Return what somebody with the meeting in her calendar must know; the closed link only to those who come."""
    pairs = [
        (_("Time"), period(before.starts_at, before.ends_at), period(after.starts_at, after.ends_at)),
        (_("Place"), _place(before), _place(after)),
        (_("Take part online"), _online(before), _online(after)),
        (_("Link to the online meeting"), before.link, after.link),
    ]
    changes = [Change(*pair) for pair in pairs if pair[1] != pair[2]]
    if has_seat and before.participants_link != after.participants_link:
        # The old link must not be used any more, so it is not repeated.
        changes.append(Change(_("Link for those who have a seat"), "", after.participants_link))
    return tuple(changes)


def _place(spec: "OccurrenceSpec") -> str:
    parts = [spec.place, spec.address]
    if spec.municipality is not None and spec.municipality.name not in spec.place:
        parts.insert(1, spec.municipality.name)
    if spec.region is not None:
        parts.insert(1, spec.region.name)
    return ", ".join(part for part in parts if part)


def _online(spec: "OccurrenceSpec") -> str:
    return _("Yes") if spec.online else _("No")
