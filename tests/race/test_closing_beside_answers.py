"""A round is closed while somebody sends: her answer is counted, or it is in the next round, and never lost between."""

import datetime as dt
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from portal.core.failpoints import set_failpoint
from profilecatalog.assessment.api import PublishedAggregate, close_standing_rounds
from profilecatalog.assessment.enums import RoundStatus
from profilecatalog.assessment.models import Response, Round
from profilecatalog.assessment.querysets import RoundQuerySet
from profilecatalog.profiles.api import ProfileRelease
from tests.factories.assessment import answers, level, municipality, profile, release_of, respond

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.race]

LAST_DAY = dt.date(2026, 9, 30)
AFTER = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def release() -> ProfileRelease:
    """A release to which eight people have given mixed answers."""
    found = release_of(profile(competences=1))
    rows = [answers(found, level(1 + person % 4)) for person in range(8)]
    respond(found, rows, where=municipality(), on=LAST_DAY)
    return found


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Hold the ninth person between the round she was given and her answers."""
    holding = threading.Event()

    def hold() -> None:
        holding.set()
        time.sleep(1)

    set_failpoint("assessment.round_held", hold)
    yield holding
    set_failpoint("assessment.round_held", None)


def send_and_close(release: ProfileRelease, holding: threading.Event) -> None:
    def send() -> None:
        try:
            respond(release, [answers(release, level(2))], where=municipality(), on=LAST_DAY)
        finally:
            connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    assert holding.wait(timeout=20)
    close_standing_rounds(AFTER)
    sender.join(timeout=20)


def counted_and_stored() -> tuple[int | None, int]:
    closed = Round.objects.get(status=RoundStatus.CLOSED)
    return PublishedAggregate.objects.get(round=closed).group_size, Response.objects.filter(round=closed).count()


def test_the_count_waits_for_an_answer_on_its_way(release: ProfileRelease, held: threading.Event) -> None:
    send_and_close(release, held)
    assert counted_and_stored() == (9, 9)


def test_negative_control_without_the_lock_an_answer_is_lost(
    release: ProfileRelease, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RoundQuerySet, "select_for_update", lambda self, **kwargs: self.all())
    send_and_close(release, held)
    assert counted_and_stored() == (8, 9)
