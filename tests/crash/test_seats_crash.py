"""A process dies in the middle of a sign-up or a cancellation: all of it happened, or nothing, and the mails with it."""

from typing import Any

import pytest

from portal.core.models import OutboxMessage
from portal.seats.api import Participant, SignUp, breaches
from tests.seats.lines import offering, one, states
from tests.support.crash import die_at, run_child

pytestmark = [pytest.mark.every_database, pytest.mark.crash, pytest.mark.django_db(transaction=True)]
CANCEL, SIGN_UP = "tests.crash.seats:cancel_first", "tests.crash.seats:sign_up"


def mails() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("payload__subject", flat=True))


def audit() -> list[str]:
    return [str(breach) for breach in breaches()]


@pytest.mark.parametrize(
    ("failpoint", "happened"),
    [("seats.locked", False), ("seats.released", False), ("seats.before_commit", False), ("seats.after_commit", True)],
)
def test_a_release_and_its_promotion_are_one(failpoint: str, happened: bool) -> None:
    seats = offering(1)
    first, waits = one(seats), one(seats)
    die_at(failpoint, CANCEL)
    done: dict[bool, Any] = {
        True: (["cancelled"], ["booked"], ["cancelled", "promoted"]),
        False: (["booked"], ["waiting"], []),
    }
    assert (states(first), states(waits), mails()) == done[happened]
    assert audit() == []
    code, output = run_child("none", CANCEL)
    assert code == 0, output
    assert (states(first), states(waits), mails()) == done[True], "once more, it is done once"


@pytest.mark.parametrize(
    ("failpoint", "places"),
    [("seats.locked", 0), ("seats.released", 0), ("seats.before_commit", 0), ("seats.after_commit", 1)],
)
def test_a_sign_up_is_there_or_not_and_sent_again_it_is_one(failpoint: str, places: int) -> None:
    offering(1)
    die_at(failpoint, SIGN_UP)
    assert (Participant.objects.count(), len(mails())) == (places, places)
    code, output = run_child("none", SIGN_UP)
    assert code == 0, output
    assert (states(SignUp.objects.get()), mails(), audit()) == (["booked"], ["given"], [])
