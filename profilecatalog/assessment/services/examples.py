"""Example answers for the demo: through the same rows as real ones, marked so that they can be removed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from portal.organisations.api import Municipality
from profilecatalog.assessment.answers import Given, check_complete
from profilecatalog.assessment.calendar import quarter_of
from profilecatalog.assessment.enums import RoundStatus
from profilecatalog.assessment.models import PublishedAggregate, Response, Round
from profilecatalog.assessment.services.responses import write
from profilecatalog.assessment.services.rounds import smallest_group, standing_round
from profilecatalog.profiles.api import ProfileRelease


@transaction.atomic
def load_example_responses(
    *,
    release: ProfileRelease,
    municipality: Municipality | None,
    responses: Iterable[Mapping[UUID, Given]],
    on: dt.date,
    today: dt.date,
) -> Round:
    """Store example answers as if they had been given on a day, and return their round.

    A day in an earlier quarter fills a round of that quarter which has ended; `close_standing_rounds` then counts it.

    Raises:
        UnknownAnswerError: an answer does not fit the release.
    """
    round_ = _example_round(municipality, on, today)
    for answers in responses:
        check_complete([release.document], answers)
        write(round_=round_, releases=[release], answers=answers, on=on, example=True)
    return round_


def _example_round(municipality: Municipality | None, on: dt.date, today: dt.date) -> Round:
    quarter = quarter_of(on)
    if quarter == quarter_of(today):
        return standing_round(municipality, on=today)
    ended: tuple[Round, bool] = Round.objects.get_or_create(
        municipality=municipality,
        standing=True,
        example=True,
        opens=quarter.opens,
        closes=quarter.closes,
        status=RoundStatus.ENDED,
        defaults={"min_responses": smallest_group(municipality)},
    )
    return ended[0]


@transaction.atomic
def remove_example_responses() -> int:
    """Remove the example answers, and the rounds that held nothing else; return how many rounds that were.

    A round of the running quarter may hold real answers too: they stay, and so does it.
    """
    touched = set(Response.objects.filter(example=True).values_list("round_id", flat=True))
    Response.objects.filter(example=True).delete()
    counted = Round.objects.filter(example=True)
    PublishedAggregate.objects.filter(round__in=counted).delete()
    rounds = Round.objects.filter(Q(pk__in=touched) | Q(example=True), responses__isnull=True, aggregates__isnull=True)
    return int(rounds.delete()[0])
