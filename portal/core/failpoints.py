"""Named places where the crash and race tests stop or kill the process.

In production nothing is registered and a failpoint costs one dictionary look-up.
"""

from collections.abc import Callable

_hooks: dict[str, Callable[[], None]] = {}


def failpoint(name: str) -> None:
    """Run the hook that a test has set for this place, if any."""
    if hook := _hooks.get(name):
        hook()


def set_failpoint(name: str, hook: Callable[[], None] | None) -> None:
    """Set or, with None, remove a hook. For tests only."""
    if hook is None:
        _hooks.pop(name, None)
    else:
        _hooks[name] = hook
