"""One municipality: what its last closed round may show, and whom one can write to. Never a live figure."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.contacts.api import ContactCard, contacts_for
from portal.core.formats import long_date
from portal.organisations.api import Municipality, Office, Region, min_responses, office_of, region_of
from profilecatalog.assessment.api import Need, PublishedCompetence, PublishedProfile, published_for


@dataclass(frozen=True, slots=True)
class NeedCell:
    """One horizon of a competence: the level that is asked for, and how many percent have it and should."""

    level: str
    have: int
    wanted: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """What a group has and needs of one competence; the picture is about the last horizon that the profile names."""

    name: str
    now: NeedCell | None
    future: NeedCell | None

    @property
    def last(self) -> NeedCell | None:
        """Return the need that the group is on its way to."""
        return self.future or self.now

    @property
    def missing(self) -> int:
        """Return how many percentage points are missing on the way to the last need."""
        return max(self.last.wanted - self.last.have, 0) if self.last else 0

    @property
    def now_mark(self) -> int | None:
        """Return where the need of now stands in the picture: only if it is about the same level."""
        same = self.now is not None and (self.future is None or self.now.level == self.future.level)
        return self.now.wanted if self.now and same else None

    @property
    def future_mark(self) -> int | None:
        """Return where the need of the future stands in the picture."""
        return self.future.wanted if self.future else None


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
    # What the municipality itself says one can turn to, beside the contact cards.
    office: Office | None
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
    contacts, office = contacts_for(municipality, region), office_of(municipality)
    return MunicipalityScreen(municipality, region, profiles, contacts, office, fewest)


def _figures(profile: PublishedProfile, competences: tuple[PublishedCompetence, ...]) -> ProfileFigures:
    rows = (
        GapRow(competence.name, _cell(profile, competence.now), _cell(profile, competence.future))
        for competence in competences
    )
    return ProfileFigures(profile, competences, tuple(row for row in rows if row.last))


def _cell(profile: PublishedProfile, need: Need | None) -> NeedCell | None:
    """Return the cell, or none where the profile asks for a number of people: that is no share of those who answered."""
    if need is None or need.wanted is None:
        return None
    return NeedCell(f"{need.level} {profile.level_names[need.level - 1]}", need.share, need.wanted)
