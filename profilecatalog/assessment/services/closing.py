"""Closing a round: count once, publish what may be shown, forget the rest when its time is over.

The only code that reads raw answers of others. Everything shown to anybody comes from `PublishedAggregate`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from portal.core import audit
from portal.core.page_cache import bump
from profilecatalog.assessment.calendar import quarter_of
from profilecatalog.assessment.disclosure import Cell, Total, disclose
from profilecatalog.assessment.enums import AnswerKind, RoundStatus
from profilecatalog.assessment.models import Answer, PublishedAggregate, Response, ResponseRelease, Round, UsedToken
from profilecatalog.assessment.services.rounds import is_gathering, smallest_group, standing_round
from profilecatalog.assessment.services.scatter import scatter
from profilecatalog.profiles.api import ProfileRelease

# Two editions of a question may be counted together only where the editor said that nothing but the wording changed.
SAME_CONTENT = frozenset({"unchanged", "clarified"})


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """What a run did to one round. It says nothing of how many answered: that is published, or it is not."""

    round: Round
    shown: int
    hidden: int


def close_standing_rounds(now: dt.datetime | None = None) -> tuple[ClosedRound, ...]:
    """Count and close every standing round whose quarter is over, open the next one, and forget what is too old.

    Each round is a transaction of its own; run again, or by two workers at once, it does nothing more.
    """
    today = timezone.localdate(now)
    due = list(Round.objects.standing().overdue(today).values_list("pk", flat=True))
    closed = tuple(done for pk in due if (done := close_round(pk, today)) is not None)
    forget(today)
    scatter()
    return closed


@transaction.atomic
def close_round(pk: int, today: dt.date) -> ClosedRound | None:
    """Publish a round's totals and close it; None if somebody else did.

    Raises:
        UnsafeTotalsError: the totals would reveal somebody's answer; the round stays as it is.
    """
    # Answers take the same lock, so none can arrive behind the count.
    round_ = Round.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=pk)
    if round_.status == RoundStatus.CLOSED:
        return None
    # A promise may be raised until the end, and a municipality's later wish for more counts too.
    round_.min_responses = max(round_.min_responses, smallest_group(round_.municipality))
    round_.status = RoundStatus.CLOSED
    rows = [_row(round_, total) for total in disclose(_cells(round_), round_.min_responses)]
    PublishedAggregate.objects.bulk_create(rows)
    bump()
    round_.save(update_fields=["status", "min_responses"])
    done = ClosedRound(round_, sum(not row.suppressed for row in rows), sum(bool(row.suppressed) for row in rows))
    audit.record(
        actor=None, action="assessment.round_closed", obj=round_, after={"shown": done.shown, "hidden": done.hidden}
    )
    # What was answered while the municipality took part is counted; who has left gets no further round.
    if is_gathering(round_.municipality):
        standing_round(round_.municipality, on=today)
    return done


def _row(round_: Round, total: Total) -> PublishedAggregate:
    release, competence = total.key
    return PublishedAggregate(
        round=round_,
        release=release,
        competence_uuid=competence,
        group_size=total.group_size,
        counts=list(total.counts),
        n=total.n,
        without_level=total.without_level,
        suppressed=total.suppressed or "",
    )


def _cells(round_: Round) -> Iterator[Cell]:
    """Return a cell for each competence of each profile that somebody answered."""
    people: dict[int, set[UUID]] = defaultdict(set)
    used: dict[int, ProfileRelease] = {}
    for row in ResponseRelease.objects.filter(response__round=round_).select_related("release").order_by("id"):
        people[row.release.profile_id].add(row.response_id)
        newest = used.setdefault(row.release.profile_id, row.release)
        if row.release.number > newest.number:
            used[row.release.profile_id] = row.release
    answers = _answers(round_)
    wordings = _comparable_wordings(used.values())
    for profile_id, release in sorted(used.items()):
        for need in release.document.needs:
            competence = need.item.competence_uuid
            said = {
                person: level
                for person, text_hash, level in answers.get(competence, ())
                if person in people[profile_id] and text_hash in wordings[release.pk, competence]
            }
            levels = len(release.document.scale.levels) if release.document.scale else 0
            yield Cell((release, competence), competence, len(people[profile_id]), said, levels)


def _answers(round_: Round) -> Mapping[UUID, list[tuple[UUID, str, int | None]]]:
    """Return, by competence, who said what to which words; None is an answer without a level."""
    found: dict[UUID, list[tuple[UUID, str, int | None]]] = defaultdict(list)
    rows = Answer.objects.filter(response__round=round_).order_by("id")
    for competence, person, text_hash, kind, level in rows.values_list(
        "competence_uuid", "response_id", "text_hash", "kind", "level"
    ):
        found[competence].append((person, text_hash, level if kind == AnswerKind.LEVEL else None))
    return found


def _comparable_wordings(newest: Iterable[ProfileRelease]) -> Mapping[tuple[int, UUID], set[str]]:
    """Return which editions of a question mean the same as the newest: back through the releases, up to a real change."""
    newest = list(newest)
    older: dict[int, list[ProfileRelease]] = defaultdict(list)
    for release in ProfileRelease.objects.filter(profile_id__in=[r.profile_id for r in newest]).order_by(
        "-number", "id"
    ):
        older[release.profile_id].append(release)
    found: dict[tuple[int, UUID], set[str]] = defaultdict(set)
    for release in newest:
        line = [r for r in older[release.profile_id] if r.number <= release.number]
        for need in release.document.needs:
            key = need.item.competence_uuid
            found[release.pk, key] = set(_wordings(line, key))
    return found


def _wordings(line: list[ProfileRelease], competence: UUID) -> Iterator[str]:
    scale = line[0].document.scale
    for release in line:
        item = release.document.item_for(competence)
        if item is None or release.document.scale != scale:
            return
        yield item.text_hash
        if item.mark not in SAME_CONTENT:
            return


@transaction.atomic
def forget(today: dt.date) -> None:
    """Erase the answers of counted rounds a quarter after the round's end, and used forms too old to be sent again.

    A quarter is time enough to find an error in a count that was made in time; after that the answers serve nobody, and
    a whole set of them is as good as a fingerprint to somebody who knows a person well.
    """
    last_quarter = quarter_of(quarter_of(today).opens - dt.timedelta(days=1))
    rounds = Round.objects.standing().closed().filter(closes__lt=last_quarter.opens)
    Response.objects.filter(round__in=rounds).delete()
    UsedToken.objects.expired(today).delete()
