"""Which engine answers: Elasticsearch while it is there and in step, otherwise the database, within the same request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from search import mirror, troubles
from search.engines import database_engine
from search.engines.base import EngineUnavailableError, SearchEngine
from search.engines.elasticsearch.connection import configured

Result = TypeVar("Result")
# An engine and the documents that it may not show, since it has them in an old form.
Answering = Callable[[SearchEngine, frozenset[str]], Result]

_only: ContextVar[SearchEngine | None] = ContextVar("_only", default=None)


@contextmanager
def answering(engine: SearchEngine) -> Iterator[None]:
    """Let this engine answer and no other, without a look at the mirror: for measuring."""
    token = _only.set(engine)
    try:
        yield
    finally:
        _only.reset(token)


def with_engine(answer: Answering[Result]) -> Result:
    """Return the answer of the best engine that has one."""
    if (only := _only.get()) is not None:
        return answer(only, frozenset())
    if configured():
        try:
            engine, without = mirror.ready_engine()
            return answer(engine, without)
        except EngineUnavailableError as error:
            troubles.note(str(error))
    return answer(database_engine(), frozenset())
