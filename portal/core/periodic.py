"""What the worker does by the clock, registered by the packages that own the work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Job = Callable[[], None]


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A job and how often it runs at most; it must be idempotent, since two workers may both run it."""

    name: str
    interval: timedelta
    run: Job


_jobs: dict[str, PeriodicJob] = {}


def register(name: str, interval: timedelta, run: Job) -> None:
    """Add a job; call it from `AppConfig.ready`."""
    _jobs[name] = PeriodicJob(name, interval, run)


def jobs() -> list[PeriodicJob]:
    """Return the registered jobs by name."""
    return [_jobs[name] for name in sorted(_jobs)]
