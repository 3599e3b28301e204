"""200 people at the minute in which sign-up opens: `python -m tests.support.postgres -- python benchmarks/seats.py`.

160 people sign up by themselves and ten groups of four, all through the services with their mails, from as many threads
as there are connections, for a meeting of 60 seats. Then the same once more without the lock and without the database's
trigger: what they cost, and what they are for. After each round `audit_seats` reads everything. Needs PostgreSQL: the
embedded database has one writer at a time, and nothing to lock. The table is printed and kept in
`benchmarks/seats_postgresql.md`.
"""

import os
import queue
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SINGLES, GROUPS, SIZE = 160, 10, 4
PEOPLE, SEATS = SINGLES + GROUPS * SIZE, 60
THREADS, ROUNDS = 24, 3
TRIGGERS = ("seats_never_oversold_insert", "seats_never_oversold_update")


@dataclass(frozen=True)
class Round:
    """What came of one opening."""

    seconds: float
    waited: tuple[float, ...]
    oversold: int
    lost: int
    refused: int
    breaches: int


def prepare() -> Any:
    """Make an empty portal and return its list of meetings."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor != "postgresql":
        raise SystemExit("This needs PostgreSQL: python -m tests.support.postgres -- python benchmarks/seats.py")
    call_command("migrate", verbosity=0)
    from events.api import EventIndexPage
    from portal.pages.api import HomePage

    return HomePage.objects.get().add_child(instance=EventIndexPage(title="Møder", slug="moeder"))


def meeting(parent: Any, key: str) -> Any:
    """Return the seats of a new meeting that people sign up for here."""
    from django.utils import timezone

    from events.api import EventIndexPage, EventSpec, OccurrenceSpec, TimeSpec, load_event
    from portal.seats.api import OfferingSpec

    starts = timezone.now() + timedelta(days=30)
    time_ = OccurrenceSpec(
        starts_at=starts, ends_at=starts + timedelta(hours=2), online=True, seats=OfferingSpec(capacity=SEATS)
    )
    spec = EventSpec(key=key, title=key, signup_here=True, times=(TimeSpec(key="1", occurrence=time_),))
    page = load_event(actor=None, parent=EventIndexPage.objects.get(pk=parent.pk), spec=spec)
    return page.occurrences.get().offering


def wishes(offering: Any, key: str) -> Iterator[Callable[[], Any]]:
    """Yield the acts of all who come, groups among the others."""
    from portal.seats.api import Person, sign_up_group, sign_up_one

    def person(name: str) -> Person:
        return Person(name, f"{key}-{name}@kommune.example".replace(" ", "-").lower())

    def one(number: int) -> Callable[[], Any]:
        return lambda: sign_up_one(
            actor=None, offering=offering, person=person(f"Person {number}"), key=f"{key}-{number}"
        )

    def group(number: int) -> Callable[[], Any]:
        people = [person(f"Gruppe {number} {seat}") for seat in range(SIZE)]
        contact = f"{key}-gruppe-{number}@kommune.example"
        return lambda: sign_up_group(
            actor=None, offering=offering, people=people, key=f"{key}-g{number}", contact_email=contact
        )

    share = SINGLES // GROUPS
    for number in range(GROUPS):
        yield from (one(number * share + single) for single in range(share))
        yield group(number)


def opening(parent: Any, key: str) -> Round:
    """Let everybody in at once and count what came of it."""
    from portal.seats.api import Participant, standing

    offering, known = meeting(parent, key), _breaches()
    waiting: queue.SimpleQueue[Callable[[], Any]] = queue.SimpleQueue()
    for act in wishes(offering, key):
        waiting.put(act)
    start, waited, refused = threading.Barrier(THREADS + 1), [], []

    def visitor() -> None:
        from django.db import connections

        start.wait()
        while True:
            try:
                act = waiting.get_nowait()
            except queue.Empty:
                break
            begun = time.perf_counter()
            try:
                act()
            except Exception as error:  # without the lock anything may happen; it is counted
                refused.append(error)
            waited.append(time.perf_counter() - begun)
        connections.close_all()

    threads = [threading.Thread(target=visitor) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    stood = standing(offering)
    lost = PEOPLE - Participant.objects.filter(offering=offering).active().count()
    return Round(seconds, tuple(waited), stood.over, lost, len(refused), len(_breaches() - known))


def _breaches() -> set[str]:
    """Return what the audit says of the whole database."""
    from django.utils import timezone

    from portal.seats.api import breaches

    return {str(breach) for breach in breaches(timezone.now())}


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the lock and the trigger away."""
    from django.db import connection

    from tests.support.race import without_locks

    def switch(verb: str) -> None:
        with connection.cursor() as cursor:
            for trigger in TRIGGERS:
                cursor.execute(f"ALTER TABLE seats_participant {verb} TRIGGER {trigger}")

    switch("DISABLE")
    try:
        with without_locks():
            yield
    finally:
        switch("ENABLE")


def main() -> None:
    """Measure in turns, so that a busy moment of the machine meets both."""
    parent = prepare()
    opening(parent, "warm-up")
    found: dict[str, list[Round]] = {"with lock and trigger": [], "without either": []}
    for number in range(ROUNDS):
        for name, rounds in found.items():
            with ExitStack() as stack:
                if name == "without either":
                    stack.enter_context(unguarded())
                rounds.append(opening(parent, f"{name.replace(' ', '-')}-{number}"))
    table = _table(found)
    sys.stdout.write(table)
    text = "# 200 people at the opening minute, postgresql\n\n" + table
    text += (
        f"\n{SINGLES} people and {GROUPS} groups of {SIZE} for {SEATS} seats, mails queued with each act, {THREADS} threads "
        f"with a connection each in one process, {ROUNDS} rounds in turns. Rates and waits are medians of the rounds, "
        f"the counts their sums. Python {sys.version.split()[0]}, {os.cpu_count()} cores.\n"
    )
    (ROOT / "benchmarks" / "seats_postgresql.md").write_text(text, encoding="utf-8")
    guarded = found["with lock and trigger"]
    if any(row.oversold or row.lost or row.refused or row.breaches for row in guarded):
        raise SystemExit("With the lock something was oversold, lost, refused, or found by the audit.")


def _table(found: dict[str, list[Round]]) -> str:
    lines = [
        "| seats | sign-ups a second | half waited less than | 95 % less than | oversold | lost | breaches of the audit |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, rounds in found.items():
        rate = statistics.median((SINGLES + GROUPS) / row.seconds for row in rounds)
        half = statistics.median(statistics.median(row.waited) for row in rounds)
        most = statistics.median(statistics.quantiles(row.waited, n=20)[-1] for row in rounds)
        counts = [sum(getattr(row, field) for row in rounds) for field in ("oversold", "lost", "breaches")]
        figures = " | ".join(f"{count}" for count in counts)
        lines.append(f"| {name} | {rate:.0f} | {half * 1000:.0f} ms | {most * 1000:.0f} ms | {figures} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
