"""One form, sent by many at the same time: one response. With the door open, the same test finds several."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portal.core.failpoints import set_failpoint
from profilecatalog.assessment.models import Response, Round, UsedToken
from profilecatalog.assessment.services import responses
from tests.assessment.pages import draw, filled, public_url
from tests.factories.assessment import profile, release_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.race]

THREADS = 8


def at_once(act: Callable[[], Any]) -> list[Any]:
    """Let all threads begin together, and return what each of them got."""
    barrier, results = threading.Barrier(THREADS), []

    def run() -> None:
        barrier.wait(timeout=20)
        try:
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(results) == THREADS
    return results


@pytest.fixture
def _slow_middle() -> Iterator[None]:
    """Hold everybody between the door and the answers, so that a door that lets two through is seen to."""
    set_failpoint("assessment.token_used", lambda: time.sleep(0.3))
    yield
    set_failpoint("assessment.token_used", None)


def send_many() -> list[str]:
    page = profile(competences=2)
    url = public_url(page)
    sent = filled(release_of(page), "2", token=draw(url), municipality="0461")
    return [response.content.decode() for response in at_once(lambda: Client().post(url, sent))]


@pytest.mark.usefixtures("_slow_middle")
def test_a_form_sent_by_eight_at_once_is_stored_once() -> None:
    pages = send_many()
    assert (Response.objects.count(), UsedToken.objects.count()) == (1, 1)
    assert all("Dit resultat" in page for page in pages)
    assert sum("Du har sendt denne formular før." in page for page in pages) == THREADS - 1


@pytest.mark.usefixtures("_slow_middle")
def test_negative_control_looking_first_and_writing_later_stores_several(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_first(token: Any) -> None:
        if UsedToken.objects.filter(digest=token.digest).exists():
            raise responses.AlreadySentError

    monkeypatch.setattr(responses, "remember", look_first)
    send_many()
    assert Response.objects.count() > 1


def test_the_first_answers_of_a_quarter_open_one_round() -> None:
    page = profile(competences=1)
    url, release = public_url(page), release_of(page)
    got = at_once(lambda: Client().post(url, filled(release, "2", token=draw(url), municipality="0461")).status_code)
    assert got == [200] * THREADS
    assert Response.objects.count() == THREADS
    assert Round.objects.count() == 1
