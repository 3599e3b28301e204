"""One municipality: what its last closed round may show, and whom one can write to. Never a live figure."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.contacts.api import ContactCard, contacts_for
from portal.core.formats import long_date
from portal.organisations.api import Municipality, Region, min_responses, region_of
from profilecatalog.assessment.api import Need, PublishedCompetence, PublishedProfile, published_for


@dataclass(frozen=True, slots=True)
class GapRow:
    """What a group has and needs at one level, in percent; `now` and `future` are the shares that are wanted."""

    name: str
    requirement: str
    have: int
    wanted: int
    now: int | None
    future: int | None

    @property
    def missing(self) -> int:
        """Return how many percentage points are missing."""
        return max(self.wanted - self.have, 0)


@dataclass(frozen=True, slots=True)
class ProfileFigures:
    """What the round may show about one profile."""

    profile: PublishedProfile
    competences: tuple[PublishedCompetence, ...]
    gaps: tuple[GapRow, ...]

    @property
    def is_hidden(self) -> bool:
        """Tell whether no total of the profile may be shown at all."""
        return all(competence.suppressed for competence in self.competences)

    @property
    def table_columns(self) -> list[str]:
        """Return the headings of the table that says the same as the bars."""
        return [_("Competence"), *(f"{number} {name}" for number, name in enumerate(self.profile.level_names, start=1))]

    @property
    def table_rows(self) -> list[list[str]]:
        """Return the figures of the bars; a hidden one says so in words."""
        hidden = [_("Too few answers")] + ["–"] * (len(self.profile.level_names) - 1)
        return [
            [competence.name, *(hidden if competence.suppressed else [f"{share} %" for share in competence.shares])]
            for competence in self.competences
        ]


@dataclass(frozen=True, slots=True)
class MunicipalityScreen:
    """Everything that the municipality's page itself shows; meetings come through the section registry."""

    municipality: Municipality
    region: Region | None
    profiles: tuple[ProfileFigures, ...]
    contacts: tuple[ContactCard, ...]
    # The fewest answers of which a total was shown, as promised when people answered.
    fewest: int

    @property
    def meta(self) -> list[str]:
        """Return the short facts below the heading."""
        facts = [self.region.name] if self.region else []
        if self.profiles:
            round_ = self.profiles[0].profile
            facts.append(_("Round closed %(date)s") % {"date": long_date(round_.closes)})
            sizes = [figures.profile.group_size for figures in self.profiles]
            if all(size is not None for size in sizes):
                total = sum(size for size in sizes if size is not None)
                facts.append(ngettext("%(count)s answer in all", "%(count)s answers in all", total) % {"count": total})
        return facts


def municipality_screen(municipality: Municipality, *, on: date) -> MunicipalityScreen:
    """Gather the page of a municipality; the number of queries does not depend on the number of rows."""
    region = region_of(municipality, on=on)
    profiles = tuple(
        _figures(profile, tuple(competences))
        for profile, competences in groupby(published_for(municipality), key=lambda competence: competence.profile)
    )
    fewest = profiles[0].profile.min_responses if profiles else min_responses(municipality)
    return MunicipalityScreen(municipality, region, profiles, contacts_for(municipality, region), fewest)


def _figures(profile: PublishedProfile, competences: tuple[PublishedCompetence, ...]) -> ProfileFigures:
    gaps = tuple(row for competence in competences for row in _gaps(profile, competence))
    return ProfileFigures(profile, competences, gaps)


def _gaps(profile: PublishedProfile, competence: PublishedCompetence) -> list[GapRow]:
    """Return a row for now and one for the future, or one for both where they ask for the same."""
    now, future = competence.now, competence.future
    in_future = _("In %(year)s") % {"year": future.year} if future and future.year else _("In future")
    if now and future and (now.level, now.wanted) == (future.level, future.wanted):
        when = _("Now and in %(year)s") % {"year": future.year} if future.year else _("Now and in future")
        return _row(profile, competence, now, when, now.wanted, future.wanted)
    rows = _row(profile, competence, now, _("Now"), now.wanted, None) if now else []
    return rows + (_row(profile, competence, future, in_future, None, future.wanted) if future else [])


def _row(
    profile: PublishedProfile,
    competence: PublishedCompetence,
    need: Need,
    when: str,
    now: int | None,
    future: int | None,
) -> list[GapRow]:
    """Return the row, or none where the profile asks for a number of people: that is no share of those who answered."""
    if need.wanted is None:
        return []
    level = f"{need.level} {profile.level_names[need.level - 1]}"
    return [GapRow(competence.name, f"{when}: {level}", need.share, need.wanted, now, future)]
