"""The page cache switched on, a page to read and somebody to read it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.pages.api import HomePage
from portal.pages.models import StandardPage


@pytest.fixture(autouse=True)
def cache(settings: Any, tmp_path: Path) -> Path:
    """Switch the page cache on with a generation of this test's own."""
    settings.PAGE_CACHE = True
    settings.PAGE_CACHE_FILE = str(tmp_path / "generation")
    return tmp_path / "generation"


@pytest.fixture
def page(transactional_db: None) -> StandardPage:
    """Return a page below a page below the home page."""
    home = HomePage.objects.get()
    section = home.add_child(instance=StandardPage(title="Om portalen", slug="om", lead="Første udgave."))
    return section.add_child(instance=StandardPage(title="Privatliv", slug="privatliv", lead="Første udgave."))


@pytest.fixture
def visitor() -> Client:
    """Return a visitor; her client has a handler, and so a memory, of its own."""
    return Client()
