"""Answer published pages from memory, until the moment something on them changes.

`bump()` after a change that models do not tell of themselves (`QuerySet.update`, raw SQL); `ignore()` models that no page
shows; `forbid()` and `expires_at()` while a page is drawn. How it works: README.md.
"""

from portal.core.page_cache.generation import bump
from portal.core.page_cache.policy import expires_at, forbid
from portal.core.page_cache.watch import ignore

__all__ = ["bump", "expires_at", "forbid", "ignore"]
