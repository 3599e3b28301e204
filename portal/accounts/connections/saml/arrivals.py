"""Keep a verified answer for the moment between the provider's POST and the browser's own request.

The POST comes from another site, so the session's cookie does not travel with it (SameSite=Lax); the redirect that follows
carries it again. Allauth bridges the gap with a cookie of its own and the unverified answer; we store only what has been
verified, and no cookie.
"""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.connections.identities import Statement
from portal.accounts.connections.models import SamlArrival
from portal.accounts.connections.refusals import LoginRefusedError, Reason
from portal.accounts.connections.saml.responses import Answer
from portal.accounts.models import hashed

FINISH_WITHIN = timedelta(minutes=5)
# Clocks differ; python3-saml accepts five minutes.
_SKEW = timedelta(minutes=10)


def arrival_keep(*, answer: Answer, statement: Statement) -> str:
    """Store an answer and return the word that fetches it, once.

    Raises:
        LoginRefusedError: this assertion has been received before.
    """
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    try:
        with transaction.atomic():
            SamlArrival.objects.create(
                connection=statement.connection,
                assertion_id=answer.assertion_id,
                token_hash=hashed(token),
                in_response_to=answer.in_response_to,
                statement=statement.as_state(),
                received_at=now,
                expires_at=max(answer.expires_at, now) + _SKEW,
            )
    except IntegrityError as error:
        raise LoginRefusedError(Reason.STALE, "the assertion was received before") from error
    return token


@transaction.atomic
def arrival_fetch(*, connection: str, token: str) -> tuple[Statement, str]:
    """Return what was stored and the request that it answers, and empty it.

    Raises:
        LoginRefusedError: there is nothing under this word, or not any more.
    """
    arrival = (
        SamlArrival.objects.select_for_update()
        .filter(connection=connection, token_hash=hashed(token), received_at__gt=timezone.now() - FINISH_WITHIN)
        .exclude(statement={})
        .first()
    )
    if arrival is None:
        raise LoginRefusedError(Reason.STALE, "no such answer waits")
    statement = Statement(**arrival.statement)
    arrival.statement = {}
    arrival.save()
    return statement, arrival.in_response_to


def arrivals_forget() -> None:
    """Empty what nobody fetched, and delete what is refused for its age anyway."""
    now = timezone.now()
    SamlArrival.objects.filter(received_at__lt=now - FINISH_WITHIN).exclude(statement={}).update(statement={})
    SamlArrival.objects.filter(expires_at__lt=now).delete()
