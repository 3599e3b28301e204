"""Two workers, or two organisers, at the same mail: it leaves once, and nobody is told of an error that was none of hers."""

from collections import Counter
from typing import Any

import pytest
import time_machine

from events.letters.api import letter_send_again
from events.letters.reminders import remind
from events.models import Letter, News, Subscription
from events.news.digests import send_news
from events.news.services import subscription_confirm
from portal.core.models import AuditEntry, OutboxMessage
from portal.seats.api import Participant, SignUp, places_cancel
from tests.events.letters import delivered, group, meeting, one
from tests.factories.events import event_index, local
from tests.support.race import together, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
WORKERS = 8
DUE = local(2027, 5, 10, 9)


@pytest.fixture(autouse=True)
def _april() -> Any:
    with time_machine.travel(local(2027, 4, 1, 12), tick=False):
        yield


def _due() -> list[Any]:
    made = meeting(capacity=10)
    group(made, "Anna", "Bo", "Carl")
    delivered()
    with time_machine.travel(DUE, tick=False):
        return together(lambda _number: remind(), threads=WORKERS)


def test_eight_workers_remind_each_person_once() -> None:
    assert _due() == [None] * WORKERS
    reminders = Letter.objects.filter(kind="reminder")
    assert Counter(reminders.values_list("email", flat=True)).most_common(1)[0][1] == 1
    assert reminders.count() == OutboxMessage.objects.filter(key__startswith="remind:").count() == 3
    assert len(set(reminders.values_list("email", "sequence"))) == 3


def test_without_the_lock_the_workers_stumble_over_each_other() -> None:
    with without_locks():
        outcomes = _due()
    assert any(isinstance(outcome, Exception) for outcome in outcomes)
    assert Letter.objects.filter(kind="reminder").count() == 3, "the key is the last line: even so nobody gets two"


def test_whoever_gives_up_her_place_beside_the_worker_is_not_reminded_after_her_goodbye() -> None:
    made = meeting(capacity=10)
    sign_ups = [one(made, f"P{number}") for number in range(4)]
    delivered()

    def act(number: int) -> Any:
        if number % 2:
            return remind()
        return places_cancel(actor=None, sign_up=SignUp.objects.get(pk=sign_ups[number // 2].pk))

    with time_machine.travel(DUE, tick=False):
        outcomes = together(act, threads=4)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    for place in Participant.objects.filter(state="cancelled"):
        kinds = list(Letter.objects.filter(participant=place).order_by("pk").values_list("kind", flat=True))
        assert kinds[-1] == "given_up"
    sequences = list(Letter.objects.exclude(sequence=None).values_list("email", "sequence"))
    assert len(sequences) == len(set(sequences)), "no two files of one number"


def test_the_button_pressed_by_eight_organisers_sends_one_mail() -> None:
    one(meeting())
    delivered()
    letter = Letter.objects.get()
    made = together(lambda _number: letter_send_again(actor=None, letter=letter), threads=WORKERS)
    assert len({row.pk for row in made}) == 1
    assert Letter.objects.count() == 2
    assert AuditEntry.objects.filter(action="letter.sent_again").count() == 1


def test_the_news_is_one_mail_and_a_subscription_begins_once() -> None:
    event_index()
    row = Subscription.objects.create(email="anna@kommune.example", scope="all")
    assert together(lambda _number: subscription_confirm(subscription=row), threads=WORKERS) == [None] * WORKERS
    assert AuditEntry.objects.filter(action="subscription.confirmed").count() == 1
    made = meeting()
    assert together(lambda _number: send_news(), threads=WORKERS) == [None] * WORKERS
    assert OutboxMessage.objects.filter(key__startswith="news:").count() == 1
    assert list(News.objects.values_list("occurrence", flat=True)) == [made.pk]
