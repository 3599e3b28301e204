"""A place for uploaded files that is gone after the test."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> None:
    """Keep uploaded files in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
