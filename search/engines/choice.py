"""Which engine answers: Elasticsearch while it is there and in step, otherwise the database, within the same request."""

from collections.abc import Callable
from typing import TypeVar

from search import mirror, troubles
from search.engines import database_engine
from search.engines.base import EngineUnavailableError, SearchEngine
from search.engines.elasticsearch.connection import configured

Result = TypeVar("Result")
# An engine and the documents that it may not show, since it has them in an old form.
Answering = Callable[[SearchEngine, frozenset[str]], Result]


def with_engine(answer: Answering[Result]) -> Result:
    """Return the answer of the best engine that has one."""
    if configured():
        try:
            engine, without = mirror.ready_engine()
            return answer(engine, without)
        except EngineUnavailableError as error:
            troubles.note(str(error))
    return answer(database_engine(), frozenset())
