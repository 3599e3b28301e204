"""Storing one person's answers: the only door to the answer tables.

Against the custom of the house there is no actor, no audit entry and no outbox row here: each of them would say who or
when.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.core.failpoints import failpoint
from portal.organisations.api import Municipality
from profilecatalog.assessment.answers import Given, check_complete
from profilecatalog.assessment.calendar import iso_week
from profilecatalog.assessment.models import Answer, Response, ResponseRelease, Round, UsedToken
from profilecatalog.assessment.services.rounds import standing_round
from profilecatalog.assessment.tokens import FormToken, expiry_day
from profilecatalog.profiles.api import ProfileRelease


class AlreadySentError(Exception):
    """The form was sent before: a double click, or the back button."""


@transaction.atomic
def store_response(
    *,
    releases: Sequence[ProfileRelease],
    answers: Mapping[UUID, Given],
    municipality: Municipality | None,
    token: FormToken | None = None,
    on: dt.date | None = None,
) -> Response:
    """Store a complete set of answers in the municipality's standing round, all of it or nothing.

    Args:
        releases: what the form was built from; several for a mix of profiles.
        answers: by competence uuid, one for each competence of the releases.
        municipality: None for somebody who does not say where she works.
        token: makes the form single; None only where no form is behind (imports, tests of scale).
        on: the day that names week and quarter; today by default.

    Raises:
        AlreadySentError: a form with this token has been stored.
        UnknownAnswerError: the answers do not fit the releases.
        NotGatheringError: the municipality does not take part.
    """
    check_complete([release.document for release in releases], answers)
    if token is not None:
        remember(token)
        failpoint("assessment.token_used")
    round_ = standing_round(municipality, on=on)
    failpoint("assessment.round_held")
    return write(round_=round_, releases=releases, answers=answers, on=on)


def remember(token: FormToken) -> None:
    """Mark a form as sent. Two sendings at once meet in the primary key: the second waits, and then fails.

    Raises:
        AlreadySentError: it was marked before.
    """
    try:
        with transaction.atomic():
            UsedToken(digest=token.digest, expires_on=expiry_day(timezone.now())).save(force_insert=True)
    except IntegrityError as error:
        raise AlreadySentError from error


def write(
    *,
    round_: Round,
    releases: Sequence[ProfileRelease],
    answers: Mapping[UUID, Given],
    on: dt.date | None = None,
    example: bool = False,
) -> Response:
    """Write the rows; the caller holds the transaction and knows that the answers fit."""
    response = Response.objects.create(round=round_, week=iso_week(on or timezone.localdate()), example=example)
    ResponseRelease.objects.bulk_create(ResponseRelease(response=response, release=r) for r in releases)
    hashes = {need.item.competence_uuid: need.item.text_hash for r in releases for need in r.document.needs}
    Answer.objects.bulk_create(
        Answer(
            response=response,
            competence_uuid=competence,
            text_hash=hashes[competence],
            kind=given.kind,
            level=given.level,
        )
        for competence, given in answers.items()
    )
    return response
