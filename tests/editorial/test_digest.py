"""One mail a day to each person, with what waits for her; none when nothing does, and never to who may not answer."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from wagtail.users.models import UserProfile

from portal.core import outbox
from portal.core.models import OutboxMessage
from portal.editorial import digest
from tests.editorial.people import People, address, approve, change, draft_profile, give_back, people, sent_in

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("Europe/Copenhagen")
MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=HERE)
TUESDAY_EARLY = dt.datetime(2026, 11, 24, 6, 59, tzinfo=HERE)
TUESDAY = dt.datetime(2026, 11, 24, 7, 1, tzinfo=HERE)
WEDNESDAY = dt.datetime(2026, 11, 25, 7, 1, tzinfo=HERE)


@pytest.fixture
def who(policies: Any) -> People:
    with time_machine.travel(MONDAY, tick=False):
        return people()


def morning(at: dt.datetime) -> None:
    """Let the clock and the worker pass by."""
    with time_machine.travel(at, tick=False):
        digest.send_digests()
        for message in OutboxMessage.objects.filter(topic=digest.TOPIC, state="waiting", available_at__lte=at):
            with transaction.atomic():
                digest.write(message)
            OutboxMessage.objects.filter(pk=message.pk).update(state="delivered")


def mails() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in OutboxMessage.objects.filter(topic="mail", key__startswith="editorial.digest:").order_by("pk"):
        found.setdefault(row.payload["to"], []).append(row.payload)
    return found


def send(who: People, *titles: str) -> list[Any]:
    with time_machine.travel(MONDAY, tick=False):
        return [sent_in(draft_profile(who.kl, title), who.kl) for title in titles]


def test_three_new_pages_are_one_mail_to_each_who_may_answer(who: People) -> None:
    cases = send(who, "Vejleder", "Sagsbehandler", "Koordinator")
    morning(TUESDAY_EARLY)
    assert mails() == {}
    morning(TUESDAY)
    morning(TUESDAY)
    found = mails()
    assert set(found) == {who.hk.email, who.hk2.email, who.kl2.email}
    assert all(len(sent) == 1 for sent in found.values())
    (mail,) = found[who.hk.email]
    assert mail["subject"] == "3 sider venter på din godkendelse"
    for case in cases:
        assert address(case) in mail["text"]
        assert address(case) in mail["html"]


def test_nothing_new_is_no_mail_the_next_day(who: People) -> None:
    send(who, "Vejleder")
    morning(TUESDAY)
    morning(WEDNESDAY)
    assert {len(sent) for sent in mails().values()} == {1}


def test_what_was_changed_is_new(who: People) -> None:
    (case,) = send(who, "Vejleder")
    morning(TUESDAY)
    with time_machine.travel(TUESDAY + dt.timedelta(hours=3), tick=False):
        change(case.page.specific, who.kl, lead="Andre ord.")
    morning(WEDNESDAY)
    assert len(mails()[who.hk.email]) == 2


def test_who_gets_something_back_is_told_once(who: People) -> None:
    (case,) = send(who, "Vejleder")
    with time_machine.travel(MONDAY, tick=False):
        give_back(case, who.hk, "Skriv kortere.")
    morning(TUESDAY)
    morning(WEDNESDAY)
    assert set(mails()) == {who.kl.email}
    (mail,) = mails()[who.kl.email]
    assert mail["subject"] == "1 side er returneret til dig"
    assert address(case) in mail["text"]
    assert address(case) in mail["html"]


def test_who_has_answered_meanwhile_is_not_written_to(who: People) -> None:
    (case,) = send(who, "Vejleder")
    with time_machine.travel(MONDAY, tick=False):
        approve(case, who.hk)
    morning(TUESDAY)
    assert set(mails()) == {who.kl2.email}


def test_who_has_left_the_party_is_not_written_to(who: People) -> None:
    send(who, "Vejleder")
    who.hk.memberships.update(valid_from=dt.date(2026, 11, 1), valid_to=dt.date(2026, 11, 20))
    morning(TUESDAY)
    assert who.hk.email not in mails()


def test_a_deadlines_request_joins_the_morning_mail(who: People) -> None:
    send(who, "Vejleder")
    with time_machine.travel(MONDAY, tick=False):
        digest.request([who.hk], digest.DEADLINE, MONDAY)
        digest.request([who.hk], digest.DEADLINE, MONDAY)
    assert mails() == {}
    morning(TUESDAY)
    assert len(mails()[who.hk.email]) == 1


def test_a_request_with_nothing_left_to_answer_writes_nothing(who: People) -> None:
    with time_machine.travel(MONDAY, tick=False):
        digest.request([who.hk], digest.DEADLINE, MONDAY)
    morning(TUESDAY)
    assert mails() == {}
    assert outbox.topics() >= {digest.TOPIC}


def test_the_mail_speaks_her_language(who: People) -> None:
    UserProfile.objects.create(user=who.hk, preferred_language="en")
    send(who, "Vejleder")
    morning(TUESDAY)
    assert mails()[who.hk.email][0]["subject"] == "1 page waits for your approval"
    assert mails()[who.kl2.email][0]["subject"] == "1 side venter på din godkendelse"


def test_mornings_follow_the_clock_here_through_the_change_to_summer_time(who: People) -> None:
    before = digest._morning_of(dt.datetime(2027, 3, 27, 12, tzinfo=HERE))
    after = digest._morning_of(dt.datetime(2027, 3, 28, 12, tzinfo=HERE))
    assert after - before == dt.timedelta(hours=23)
