"""Stands right after WhiteNoise: a stored page passes no other middleware, opens no session and asks no database."""

import hashlib
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from wagtail.models import Site

from portal.core.page_cache.generation import Mark, generation
from portal.core.page_cache.policy import is_personal, key_of, may_be_stored, seconds_to_live
from portal.core.page_cache.store import PageStore, StoredPage

# Says "hit" or "miss" on what is stored, and nothing on the rest.
HEADER = "X-Page-Cache"


class PageCacheMiddleware:
    """Answer a visitor's GET of a published page from memory, and keep what the view answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.PAGE_CACHE:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._generation = generation()
        self._store = PageStore()
        self._seen: Mark = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from memory, or pass on and keep the answer under the generation that stood before it was drawn."""
        key = key_of(request)
        mark = self._generation.current() if key is not None else None
        if key is None or mark is None:
            return _kept_apart(request, self.get_response(request))
        stored = self._store.get(mark, key, time.time())
        if stored is not None:
            return _answer(request, stored, "hit")
        self._forget_roots(mark)
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not may_be_stored(request, response):
            return response
        page = _stored(request, response)
        self._store.put(mark, key, page)
        return _answer(request, page, "miss")

    def _forget_roots(self, mark: Mark) -> None:
        """Wagtail keeps the sites' root paths in a cache of this process; a change in another one must reach it."""
        if mark != self._seen:
            self._seen = mark
            Site.clear_site_root_paths_cache()


def _kept_apart(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tell browsers and proxies that a page drawn for somebody is hers: lists on it depend on who asks."""
    if is_personal(request) and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    return response


def _stored(request: HttpRequest, response: HttpResponse) -> StoredPage:
    # Browsers and proxies may keep it, and ask each time whether it is still the same.
    response["Cache-Control"] = "no-cache"
    content = response.content
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    return StoredPage(content, tuple(response.items()), f'"{digest}"', time.time() + seconds_to_live(request))


def _answer(request: HttpRequest, page: StoredPage, header: str) -> HttpResponseBase:
    response = HttpResponse(page.content)
    for name, value in page.headers:
        response[name] = value
    response["ETag"] = page.etag
    response[HEADER] = header
    return get_conditional_response(request, etag=page.etag, response=response) or response
