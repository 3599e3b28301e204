"""A worker or a reindex dies at any point of telling Elasticsearch: nothing is lost, nothing comes twice or back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.core.models import OutboxMessage
from search import mirror, store, troubles
from search.models import IndexChange, MirrorIndex
from tests.search.conftest import Index, index
from tests.search.mirroring import SOURCE, build, is_in_step, live, over_there, shown
from tests.support.crash import die_at, run_child

pytestmark = [
    pytest.mark.every_database,
    pytest.mark.crash,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("portal_on_elasticsearch"),
]

__all__ = ["index"]
DELIVER, REBUILD = "tests.crash.mirror:deliver", "tests.crash.mirror:rebuild"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    mirror.forget_process()
    troubles.forget_process()
    yield
    mirror.forget_process()
    troubles.forget_process()


@pytest.fixture
def where(settings: Any) -> dict[str, str]:
    return {
        "TEST_MIRROR_URL": settings.ELASTICSEARCH_URL,
        "TEST_MIRROR_PREFIX": settings.ELASTICSEARCH_INDEX_PREFIX,
    }


def restart(act: str, where: dict[str, str]) -> None:
    """Let the dead worker's leases run out, and a new one do its round."""
    OutboxMessage.objects.filter(state=OutboxMessage.State.RUNNING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )
    code, output = run_child("none", act, **where)
    assert code == 0, output


@pytest.mark.parametrize(
    ("failpoint", "is_there", "left"),
    [
        ("outbox.before_handler", False, 3),
        # What is sent waits for the end of the message's own transaction.
        ("outbox.before_mark", False, 3),
        ("mirror.after_index", True, 3),
        ("mirror.before_forget", True, 3),
        ("mirror.after_forget", True, 0),
    ],
)
def test_a_worker_that_dies_loses_nothing(
    index: Index, where: dict[str, str], failpoint: str, is_there: bool, left: int
) -> None:
    index("1", title="Gammelt")
    index("2", title="Fjernes")
    build()
    index("1", title="Ændret")
    index("3", title="Kommet til")
    store.remove(SOURCE, ["2"])
    die_at(failpoint, DELIVER, **where)
    assert IndexChange.objects.count() == left
    assert ("3" in over_there()) is is_there
    # Whatever Elasticsearch has by now, what is shown is right.
    assert shown("gammelt")[1] == []
    assert shown("fjernes")[1] == []
    restart(DELIVER, where)
    assert not IndexChange.objects.exists()
    assert not OutboxMessage.objects.exclude(state=OutboxMessage.State.DONE).exists()
    assert is_in_step()
    assert {name for name, (_version, gone) in over_there().items() if not gone} == {"1", "3"}
    assert shown("kommet") == ("elasticsearch", ["Kommet til"])


@pytest.mark.parametrize("failpoint", ["rebuild.after_create", "rebuild.after_batch", "rebuild.after_switch"])
def test_a_reindex_that_dies_leaves_answers_and_is_finished_by_the_next(
    index: Index, where: dict[str, str], failpoint: str
) -> None:
    for number in range(8):
        index(str(number), title=f"Kursus {number}")
    old = build()
    die_at(failpoint, REBUILD, **where)
    assert live().name == old
    assert shown("kursus 1")[1][0] == "Kursus 1"
    index("1", title="Kursus ændret imens")
    restart(DELIVER, where)
    assert shown("ændret imens")[1][0] == "Kursus ændret imens"
    restart(REBUILD, where)
    assert live().name != old
    assert is_in_step()
    assert not MirrorIndex.objects.filter(state=MirrorIndex.BUILDING).exists()
