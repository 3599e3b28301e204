"""What the machine offers to the tests, and what happens where it does not.

A missing service skips the tests that need it, with a line that says so at the end of the run; under
`REQUIRE_SERVICES=1` (continuous integration) it fails them instead.
"""

import os
import shutil
from pathlib import Path

from tests.support import elasticsearch_home

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared"))
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def required() -> bool:
    """Say whether a missing service is a failure in this run."""
    return os.environ.get("REQUIRE_SERVICES", "") == "1"


def chromium() -> str | None:
    """Return the path of the system's browser."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def postgres_binaries() -> Path | None:
    """Return the folder with `initdb` and `postgres`, the newest one where there are several."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


def missing(marker: str) -> str | None:
    """Return in one sentence what a test with this marker lacks here, or None.

    PostgreSQL is absent from the list: its tests have a round of their own (`tests.support.run`).
    """
    if marker == "browser" and chromium() is None:
        return "Chromium is missing (Debian: apt-get install chromium)"
    if marker == "browser" and not AXE.exists():
        return "node_modules is missing (make test installs it)"
    if marker == "elasticsearch" and not os.environ.get("ELASTICSEARCH_TEST_URL"):
        return elasticsearch_home.lack()
    if marker == "own_elasticsearch":
        return elasticsearch_home.lack()
    if marker == "xmlsec1" and shutil.which("xmlsec1") is None:
        return "xmlsec1 is missing (Debian: apt-get install xmlsec1)"
    if marker == "shared" and not SHARED.exists():
        return f"the large real data is not at {SHARED.name}/ beside the repository"
    return None
