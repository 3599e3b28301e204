"""An answer within so many seconds, or none: a client's own time-out begins anew with every byte that comes."""

from collections.abc import Callable
from contextvars import copy_context
from threading import BoundedSemaphore, Thread
from typing import TypeVar

Result = TypeVar("Result")

# So many may still wait for a server that drips; who comes then is told at once.
_MOST_WAITING = 32
_places = BoundedSemaphore(_MOST_WAITING)


def within(seconds: float, call: Callable[[], Result]) -> Result:
    """Return what the call returns. It runs in a thread of its own, which is left to its fate after the time.

    Raises:
        TimeoutError: it took longer, or too many others still wait.
        Exception: what the call raised.
    """
    if not _places.acquire(blocking=False):
        raise TimeoutError
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:
            errors.append(error)
        finally:
            _places.release()

    # A thread of a pool would keep the process from ending; this one does not.
    thread = Thread(target=copy_context().run, args=(run,), daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]
