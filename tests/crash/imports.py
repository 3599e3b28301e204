"""What the dying children of the import do."""

from portal.core import outbox


def work() -> None:
    """Work as a worker would, until nothing waits."""
    while outbox.drain():
        pass
