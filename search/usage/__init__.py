"""Learning from use without persons: how often each search is made in a week, and how often it finds nothing.

Why it is built so, and what is left: docs/decisions/0029-searches-without-persons.md.
"""

from search.usage.counting import count, flush, forget_batch
from search.usage.requests import is_question

__all__ = ["count", "flush", "forget_batch", "is_question"]
