"""The memory of one process. What is kept is bounded; what is outdated goes with the generation it belongs to."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from portal.core.page_cache.generation import Mark
from portal.core.page_cache.policy import Key

MOST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A response as it left the view, and until when (in seconds of `time.time()`) it is true."""

    content: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str
    expires: float

    @property
    def size(self) -> int:
        """Return about how many bytes of memory it takes."""
        return len(self.content) + 2_000


class PageStore:
    """Pages of one generation, the least recently used leaving first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._pages: OrderedDict[Key, StoredPage] = OrderedDict()
        self._mark: Mark = None
        self._bytes = 0

    def get(self, mark: Mark, key: Key, now: float) -> StoredPage | None:
        """Return a page of this generation that is still true."""
        with self._lock:
            if mark != self._mark:
                return None
            page = self._pages.get(key)
            if page is None or page.expires <= now:
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, mark: Mark, key: Key, page: StoredPage) -> None:
        """Keep a page that was drawn under this generation; a page of another one empties the store."""
        with self._lock:
            if mark != self._mark:
                self._pages.clear()
                self._mark, self._bytes = mark, 0
            self._forget(key)
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > self._most_bytes:
                self._forget(next(iter(self._pages)))

    def _forget(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= page.size
