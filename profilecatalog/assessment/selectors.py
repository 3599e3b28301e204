"""Published totals for a screen. Reads `PublishedAggregate` and nothing below it: never a live figure."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from portal.organisations.api import Municipality
from profilecatalog.assessment.disclosure import share_to_five
from profilecatalog.assessment.models import PublishedAggregate, Round
from profilecatalog.profiles.api import CompetenceNeed, ReleaseDocument, Requirement


@dataclass(frozen=True, slots=True)
class PublishedProfile:
    """The profile that a group of totals is about, as it was released when people answered.

    `group_size` is how many answered it, or None where that number is itself too small to show.
    """

    uuid: UUID
    title: str
    slug: str
    release_number: int
    level_names: tuple[str, ...]
    group_size: int | None
    min_responses: int
    opens: dt.date
    closes: dt.date
    future_year: int | None


@dataclass(frozen=True, slots=True)
class Need:
    """One horizon of the have/need picture, in whole per cent rounded to five.

    `level` is what is asked for, `share` how many of those who answered have it, `wanted` how many should: all where the
    requirement is for everyone, the profile's own share where it is for a part of the team. `wanted` is None where the
    profile asks for a number of people, which says nothing about a share of those who happened to answer.
    """

    level: int
    share: int
    wanted: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class PublishedCompetence:
    """A competence's total, or the fact that it is hidden.

    `shares` are percentages by level, rounded to five (so they may not add up to 100), and empty when hidden.
    """

    profile: PublishedProfile
    competence_uuid: UUID
    name: str
    slug: str
    importance: str
    suppressed: bool
    shares: tuple[int, ...]
    now: Need | None
    future: Need | None


def latest_closed_round(municipality: Municipality | None) -> Round | None:
    """Return the municipality's last standing round that has been counted."""
    rounds = Round.objects.standing().closed().filter(municipality=municipality)
    found: Round | None = rounds.order_by("-closes", "-id").first()
    return found


def published_for(municipality: Municipality | None) -> tuple[PublishedCompetence, ...]:
    """Return what the last closed round may show, by profile (title) and in the profile's own order.

    Two queries, however many answers and competences there are.
    """
    round_ = latest_closed_round(municipality)
    if round_ is None:
        return ()
    rows = PublishedAggregate.objects.filter(round=round_).select_related("release__profile").order_by("id")
    by_release: dict[int, list[PublishedAggregate]] = {}
    for row in rows:
        by_release.setdefault(row.release_id, []).append(row)
    groups = sorted(by_release.values(), key=lambda group: (group[0].release.document.title, group[0].release_id))
    return tuple(competence for group in groups for competence in _profile_totals(round_, group))


def _profile_totals(round_: Round, rows: list[PublishedAggregate]) -> list[PublishedCompetence]:
    release = rows[0].release
    document: ReleaseDocument = release.document
    profile = PublishedProfile(
        uuid=release.profile.uuid,
        title=document.title,
        slug=release.profile.slug,
        release_number=release.number,
        level_names=tuple(level.name for level in document.scale.levels) if document.scale else (),
        group_size=rows[0].group_size,
        min_responses=round_.min_responses,
        opens=round_.opens,
        closes=round_.closes,
        future_year=next((item.future_year for item in document.items if item.future_year), None),
    )
    totals = {row.competence_uuid: row for row in rows}
    return [
        _competence(profile, need, totals[need.item.competence_uuid])
        for need in document.needs
        if need.item.competence_uuid in totals
    ]


def _competence(profile: PublishedProfile, need: CompetenceNeed, row: PublishedAggregate) -> PublishedCompetence:
    item, shown = need.item, not row.suppressed
    return PublishedCompetence(
        profile=profile,
        competence_uuid=item.competence_uuid,
        name=item.name,
        slug=item.slug,
        importance=item.importance,
        suppressed=not shown,
        shares=tuple(share_to_five(count, row.n or 1) for count in row.counts) if shown else (),
        now=_need(row, item.requirements, "now", need.now) if shown else None,
        future=_need(row, item.requirements, "future", need.future) if shown else None,
    )


def _need(
    row: PublishedAggregate, requirements: tuple[Requirement, ...], horizon: str, everyone: int | None
) -> Need | None:
    asked = [r for r in requirements if r.horizon == horizon]
    team = max((r for r in asked if not r.is_personal), key=lambda r: r.level, default=None)
    level = everyone or (team.level if team else None)
    if level is None:
        return None
    have = share_to_five(sum(row.counts[level - 1 :]), row.n or 1)
    wanted = 100 if everyone else team.amount if team and team.kind == "min_share" else None
    return Need(level, have, wanted, asked[0].year if asked else None)
