"""Every public address that the example content leads to: it answers, its frame is sound, and it is light."""

import gzip
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.shortcuts import resolve_url
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("example_site")]

FIRST_LOAD, OWN_CSS, OWN_JS = 100_000, 15_000, 15_000
PROFILE = "/profiler/borgerservice/"
# Words of the frame in both languages: the skip link, the menu's name, the way to log in.
FRAME_WORDS = {
    "da": ("Gå til sidens indhold", '"Hovedmenu"', ">Log ind<"),
    "en": ("Go to the page's content", '"Main menu"', ">Log in<"),
}


class Reader(HTMLParser):
    """What a page says about itself: its frame, its ways on, and everything that a strict policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.links: set[str] = set()
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.fonts: list[str] = []
        self.pictures: list[str] = []
        self.inline: list[str] = []
        self.title = self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "title" and self.tags["body"]:
            return  # the name of a drawing
        self.tags[tag] += 1
        self.attributes.setdefault(tag, given)
        self._text = ""
        refused = [name for name in given if name == "style" or name.startswith("on")]
        self.inline += [f"{tag} {name}" for name in refused]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.inline.append(tag)
        if tag == "a" and given.get("href"):
            self.links.add(str(given["href"]))
        self._remember_file(tag, given)

    def _remember_file(self, tag: str, given: dict[str, str | None]) -> None:
        address = str(given.get("src") or given.get("href") or "")
        kind = {"script": self.scripts, "img": self.pictures, "use": self.pictures}.get(tag)
        if tag == "link":
            kind = {"stylesheet": self.styles, "icon": self.pictures}.get(str(given.get("rel")))
            kind = self.fonts if given.get("as") == "font" else kind
        if kind is not None and address:
            kind.append(address)

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and not self.title:
            self.title = self._text.strip()

    def faults(self, language: str) -> list[str]:
        """Return what is wrong with the frame of a page in this language."""
        found = [f"inline: {what}" for what in self.inline]
        found += [f"{self.tags[tag]} × <{tag}>" for tag in ("h1", "main", "title") if self.tags[tag] != 1]
        if self.attributes["html"].get("lang") != language:
            found.append(f"lang is {self.attributes['html'].get('lang')}")
        if len(self.title.removesuffix("– Kompetenceportalen").strip()) < 3:
            found.append(f"title is {self.title!r}")
        return found


def live_addresses() -> list[str]:
    """Return the address of every live page below the home page."""
    found = [page.url for page in Page.objects.live().filter(depth__gt=1).order_by("path") if page.url]
    assert len(found) > 40, "the example content is not there"
    return found


def test_every_page_and_every_way_on_answers() -> None:
    client, waiting, seen, choices = Client(), live_addresses(), set[str](), set[str]()
    wrong: list[str] = []
    while waiting:
        address = waiting.pop()
        # One choice of each kind stands for the others, and the English pages have a test of their own.
        choice = re.sub(r"=[^&]*", "", address)
        if address in seen or choice in choices or address.startswith("/en/"):
            continue
        seen.add(address)
        choices.add(choice)
        response = client.get(address)
        if response.status_code != 200:
            wrong += [] if _leads_to_login(address, response) else [f"{address}: {response.status_code}"]
            continue
        if not response.headers["Content-Type"].startswith("text/html") or address.startswith("/admin/"):
            continue
        page = Reader(response.content.decode())
        wrong += [f"{address}: {fault}" for fault in page.faults("da")]
        if f"/en{address}" not in page.links:
            wrong.append(f"{address}: no way to the same page in English")
        waiting += _inside(address, page.links)
    assert wrong == []
    assert len(seen) > 120, "the walk found too little"
    assert "/kompetencer/automatisering/" in seen, "competences are reached from the pages"
    assert any(address.endswith(".ics") for address in seen), "calendar files too"


def _leads_to_login(address: str, response: Any) -> bool:
    """Tell whether an address is for people with an account: the editor's, and the sign-up of persons and groups."""
    doors = {"/admin/": "/admin/login/", "/tilmelding/": resolve_url(settings.LOGIN_URL)}
    where = response.headers.get("Location", "")
    return any(address.startswith(door) and where.startswith(login) for door, login in doors.items())


def _inside(address: str, links: set[str]) -> set[str]:
    joined = (urljoin(address, link) for link in links if not link.startswith("#"))
    return {link.split("#")[0] for link in joined if link.startswith("/")}


def test_in_english_the_frame_is_english_and_the_content_is_marked_danish() -> None:
    client = Client()
    wrong = []
    for address in live_addresses():
        html = client.get(f"/en{address}").content.decode()
        page = Reader(html)
        wrong += [f"{address}: {fault}" for fault in page.faults("en")]
        wrong += [f"{address}: {word} is missing" for word in FRAME_WORDS["en"] if word not in html]
        wrong += [f"{address}: {word} in English" for word in FRAME_WORDS["da"] if word in html]
        # Lists are mostly interface text: there the marked content stands inside.
        if page.attributes["main"].get("lang") != "da" and 'lang="da"' not in html.split("<main", 1)[1]:
            wrong.append(f"{address}: the content is not marked Danish")
    assert wrong == []


def test_in_danish_the_frame_is_danish() -> None:
    html = Client().get(PROFILE).content.decode()
    assert [word for word in FRAME_WORDS["da"] if word not in html] == []
    assert [word for word in FRAME_WORDS["en"] if word in html] == []
    assert "lang" not in Reader(html).attributes["main"]


def test_a_profile_with_everything_on_it_asks_the_database_sixteen_times_at_most() -> None:
    """Courses, meetings and the self-assessment stand on it too; the menu and Wagtail's own routing are counted."""
    Client().get(PROFILE)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(PROFILE).status_code == 200
    assert len(queries) <= 16, "\n".join(query["sql"] for query in queries)


def test_a_profile_is_light_at_first_sight() -> None:
    html = Client().get(PROFILE).content
    page = Reader(html.decode())
    sheets = _with_imports(page.styles)
    fonts = {*page.fonts, *(font for sheet in sheets if _is_ours(sheet) for font in _named_in(sheet, "woff2"))}
    # The browser asks for the icon of the tab too; the frame of the assessment loads when it is opened.
    files = {*sheets, *page.scripts, *page.pictures, *fonts}
    weights = {file: _weight(file) for file in sorted(files)}
    assert len(fonts) == 2, "regular and semi-bold, Latin only"
    assert len(gzip.compress(html)) + sum(weights.values()) <= FIRST_LOAD, weights
    assert sum(size for file, size in weights.items() if _is_ours(file) and file.endswith(".css")) <= OWN_CSS
    assert sum(size for file, size in weights.items() if file.endswith(".js")) <= OWN_JS
    assert sum(_size(file) for file in sheets if _is_ours(file)) <= 20_000, "nor is it heavy unpacked"


def _with_imports(sheets: list[str]) -> set[str]:
    return {*sheets, *(found for sheet in sheets for found in _named_in(sheet, "css"))}


def _named_in(sheet: str, kind: str) -> set[str]:
    """Return the files of one kind that a style sheet names; those of the design system's own faces are not used."""
    names = re.findall(rf'url\("([^"]+\.{kind})"\)', _file(sheet).read_text("utf-8"))
    return {urljoin(sheet, name) for name in names}


def _is_ours(address: str) -> bool:
    return address.startswith(f"{settings.STATIC_URL}portal/")


def _file(address: str) -> Path:
    path = urlsplit(address).path
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    assert isinstance(found, str), f"{path} is no static file"
    return Path(found)


def _size(address: str) -> int:
    return _file(address).stat().st_size


def _weight(address: str) -> int:
    """Return what travels: text packed, fonts as they are."""
    return _size(address) if address.endswith(".woff2") else len(gzip.compress(_file(address).read_bytes()))
