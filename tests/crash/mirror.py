"""What the dying children of the mirror's tests do; where Elasticsearch is comes from the environment."""

import os

from django.conf import settings

from portal.core import outbox
from search import mirror, rebuilding


def _connect() -> None:
    settings.ELASTICSEARCH_URL = os.environ["TEST_MIRROR_URL"]
    settings.ELASTICSEARCH_INDEX_PREFIX = os.environ["TEST_MIRROR_PREFIX"]
    settings.ELASTICSEARCH_TIMEOUT = 20.0


def deliver() -> None:
    """Work as a worker would."""
    _connect()
    outbox.drain()
    mirror.look_after()


def rebuild() -> None:
    """Build an index as an administrator would, a few documents at a time."""
    _connect()
    rebuilding.BATCH = 3
    rebuilding.rebuild()
