"""Links and choices within the portal: what they lead to must be there, be published and be open to everybody.

Anchors within a page are not looked at.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, Site

from portal.core.principal import ANONYMOUS
from portal.core.visibility import pages_visible_to
from portal.editorial.checks import rich_text
from portal.editorial.checks.walk import Address, Place, Rich, Target, walk
from portal.editorial.registry import Finding, Moment

# What Wagtail calls the view that draws every page.
_PAGES = "wagtail_serve"


@dataclass(slots=True)
class _Links:
    """What a page leads to: objects by their model, and paths of the portal's own addresses."""

    objects: dict[type[models.Model], list[tuple[Place, str]]] = field(default_factory=dict)
    paths: list[tuple[Place, str]] = field(default_factory=list)
    nowhere: list[Place] = field(default_factory=list)


def internal_links(moment: Moment, given: Any) -> Iterator[Finding]:
    """Yield what leads to something gone, unpublished or closed."""
    links = _gather(moment.page)
    for place in links.nowhere:
        yield place.finding(
            _("the link leads nowhere. The page it led to is gone: choose another, or delete the link.")
        )
    for model, targets in links.objects.items():
        faults = _faults(model, {key for _place, key in targets})
        yield from (place.finding(faults[key]) for place, key in targets if key in faults)
    yield from _path_faults(links.paths)


def _gather(page: Any) -> _Links:
    links = _Links()
    hosts = own_hosts()
    for piece in walk(page):
        if isinstance(piece, Target):
            _add_target(links, piece)
        elif isinstance(piece, Rich):
            _add_rich(links, piece, hosts)
        elif isinstance(piece, Address) and (path := own_path(piece.url, hosts)) is not None:
            links.paths.append((piece.place, path))
    return links


def _add_target(links: _Links, target: Target) -> None:
    if target.key is None:
        links.nowhere.append(target.place)
    else:
        model = Page if issubclass(target.model, Page) else target.model
        links.objects.setdefault(model, []).append((target.place, str(target.key)))


def _add_rich(links: _Links, piece: Rich, hosts: frozenset[str]) -> None:
    content = rich_text.read(piece.source)
    models_of = {"page": Page, "document": get_document_model()}
    for link in content.links:
        if link.kind in models_of:
            links.objects.setdefault(models_of[link.kind], []).append((piece.place, link.key))
        elif not link.kind and (path := own_path(link.href, hosts)) is not None:
            links.paths.append((piece.place, path))


def own_hosts() -> frozenset[str]:
    """Return the names under which the portal itself is reached."""
    return frozenset(host.lower() for host in Site.objects.values_list("hostname", flat=True))


def own_path(url: str, hosts: frozenset[str]) -> str | None:
    """Return the path of an address of the portal itself, or None for every other address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme in {"", "http", "https"} and (parts.hostname or "") in {"", *hosts} and parts.path.startswith("/"):
        return _without_language(unquote(parts.path))
    return None


def _without_language(path: str) -> str:
    """Return the path in the content's own language: "/en/" before it changes the interface only."""
    first, _slash, rest = path[1:].partition("/")
    others = {code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
    return f"/{rest}" if first in others else path


def _faults(model: type[models.Model], keys: set[str]) -> dict[str, str]:
    """Return what is wrong with which of the chosen objects; one query or two for all of a kind."""
    if model is Page:
        return _page_faults(keys)
    there: dict[str, Any] = {str(obj.pk): obj for obj in _chosen(model, keys)}
    gone = _("the link leads to something that is gone. Choose another target, or delete the link.")
    faults = dict.fromkeys(keys - there.keys(), gone)
    closed = _closed_collections() if issubclass(model, get_document_model()) else ()
    for key, obj in there.items():
        if not _is_shown(obj):
            faults[key] = _("“%(title)s” is not published. Publish it first, or choose something else.") % {
                "title": obj
            }
        elif closed and obj.collection.path.startswith(closed):
            text = _("the document “%(title)s” lies in a closed collection, so that readers cannot open it. Move it.")
            faults[key] = text % {"title": obj}
    return faults


def _chosen(model: type[models.Model], keys: set[str]) -> Any:
    found = model._default_manager.filter(pk__in=_valid(keys))
    return found.select_related("collection") if issubclass(model, get_document_model()) else found


def _valid(keys: set[str]) -> set[str]:
    return {key for key in keys if key.isdigit() or "-" in key}


def _is_shown(obj: Any) -> bool:
    return bool(getattr(obj, "live", True) and getattr(obj, "active", True))


def _closed_collections() -> tuple[str, ...]:
    return tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))


def _page_faults(keys: set[str]) -> dict[str, str]:
    wanted = _valid(keys)
    there = {str(pk): (title, live) for pk, title, live in _pages(wanted).values_list("pk", "title", "live")}
    readable = set(map(str, pages_visible_to(ANONYMOUS).filter(pk__in=wanted).values_list("pk", flat=True)))
    faults = dict.fromkeys(
        keys - there.keys(), _("the link leads to a page that is gone. Choose another page, or delete the link.")
    )
    for key, (title, live) in there.items():
        if key not in readable:
            closed = _("the page “%(title)s” is closed to the public. Choose a page that everybody can read.")
            draft = _("the page “%(title)s” is not published. Publish it first, or choose another page.")
            faults[key] = (closed if live else draft) % {"title": title}
    return faults


def _pages(keys: set[str]) -> Any:
    return Page.objects.filter(pk__in=keys)


def _path_faults(paths: list[tuple[Place, str]]) -> Iterator[Finding]:
    """Yield addresses of the portal that answer "not found"; all are looked up together."""
    ours = [(place, path) for place, path in paths if _view_name(path) == _PAGES]
    found = _served({path for _place, path in ours}) if ours else frozenset()
    broken = [(place, path) for place, path in paths if _view_name(path) is None]
    broken += [(place, path) for place, path in ours if path not in found]
    for place, path in broken:
        text = _("the address “%(path)s” does not exist in the portal. Choose a page instead of writing the address.")
        yield place.finding(text % {"path": path})


def _view_name(path: str) -> str | None:
    """Return the view that answers at a path; one without its last slash is sent on to the path with it."""
    for each in (path, f"{path.rstrip('/')}/"):
        with suppress(Resolver404):
            return str(resolve(each).view_name)
    return None


def _served(paths: set[str]) -> frozenset[str]:
    """Return the paths that end at a published page, below one that draws addresses of its own, or at a redirect."""
    roots = [root.root_path for root in Site.get_site_root_paths()]
    tails = {f"{root.rstrip('/')}{start}" for root in roots for path in paths for start in _starts(path)}
    live = dict(pages_visible_to(ANONYMOUS).filter(url_path__in=tails).values_list("url_path", "content_type"))
    routable = _routable_types(set(live.values()))
    old = {path: Redirect.normalise_path(path) for path in paths}
    moved = set(Redirect.objects.filter(old_path__in=old.values()).values_list("old_path", flat=True))
    return frozenset(path for path in paths if old[path] in moved or _ends_well(path, roots, live, routable))


def _starts(path: str) -> list[str]:
    """Return the address and every one above it, the longest first."""
    parts = [part for part in path.split("/") if part]
    return ["/" + "".join(f"{part}/" for part in parts[:length]) for length in range(len(parts), -1, -1)]


def _routable_types(types: set[int]) -> frozenset[int]:
    classes = {pk: ContentType.objects.get_for_id(pk).model_class() for pk in types}
    return frozenset(pk for pk, model in classes.items() if model is not None and issubclass(model, RoutablePageMixin))


def _ends_well(path: str, roots: list[str], live: dict[str, int], routable: frozenset[int]) -> bool:
    whole, *above = _starts(path)
    for root in roots:
        base = root.rstrip("/")
        if base + whole in live:
            return True
        nearest = next((live[base + start] for start in above if base + start in live), None)
        if nearest in routable:
            return True
    return False
