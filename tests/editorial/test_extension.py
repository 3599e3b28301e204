"""A third party's package: a real wheel, built and installed without the network, that a portal in its own process uses."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings.integrations import extensions
from tests.support.database import SqliteImage
from tests.support.services import ROOT

HERE = Path(__file__).parent
UV = Path(sys.executable).with_name("uv")


def built(folder: Path, **changed: str) -> Path:
    """Build the example package as a wheel, with some of its files replaced, and install it into a folder of its own."""
    source, target = folder / "source", folder / "site"
    shutil.copytree(HERE / "extension_source", source, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in changed.items():
        (source / name.replace("__", "/").replace("_py", ".py").replace("_toml", ".toml")).write_text(text, "utf-8")
    # uv carries a build backend of its own, so building asks nobody for anything.
    closed = {**os.environ, "UV_OFFLINE": "1", "UV_NO_CACHE": "1"}
    build = [str(UV), "build", "-q", "--wheel", "-o", str(folder / "dist"), str(source)]
    subprocess.run(build, check=True, capture_output=True, text=True, env=closed)
    (wheel,) = (folder / "dist").glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, capture_output=True, text=True)
    return target


def portal(site: Path, database: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the portal with the package installed."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, site))),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": f"sqlite:///{database}",
    }
    run = [sys.executable, *command]
    return subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def database(db: None, test_database: SqliteImage, tmp_path: Path) -> Path:
    """A copy of the migrated database: migrating it again brings what the package adds, and that only."""
    file = tmp_path / "portal.sqlite3"
    test_database.copy_to(file)
    return file


def test_a_package_takes_a_page_through_its_step_without_a_change_of_ours(tmp_path: Path, database: Path) -> None:
    site = built(tmp_path)
    migrated = portal(site, database, "manage.py", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert "Applying municipal_lawyer.0001_opinions... OK" in migrated.stdout
    used = portal(site, database, str(HERE / "extension_use.py"), str(HERE / "extension_policy.toml"))
    assert used.returncode == 0, used.stderr
    happened = json.loads(used.stdout.splitlines()[-1])
    refused = happened.pop("refused")
    assert refused
    assert happened == {
        "installed": True,
        "bound": ["law", ""],
        "check": ["rejected", "Skriv, hvilken paragraf siden handler om.", "lawyer.names_its_paragraph"],
        "waits": ["opinion", False],
        "drawn": [200, True],
        "answered": 302,
        "live": True,
        "journal": ["I orden."],
    }

    # Without the package the portal starts, keeps what was live, and says what is missing.
    told = portal(tmp_path / "nowhere", database, "manage.py", "editorial_definitions", "check")
    assert told.returncode == 1
    assert "law 1 (database):1: step 'opinion': unknown task 'lawyer.opinion'" in told.stderr
    assert "law 1 (database):1: unknown condition 'lawyer.mentions'" in told.stderr


BROKEN = "def register(registry):\n    raise RuntimeError('no key')\n"
TAKEN = """
from portal.editorial.registry import TaskType

class Mine(TaskType):
    pass

def register(registry):
    registry.task("panel", Mine())
"""


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"municipal_lawyer__editorial_py": BROKEN},
            "extension 'lawyer' (municipal-lawyer 1.0) cannot start: no key",
        ),
        (
            {"municipal_lawyer__editorial_py": TAKEN},
            "The task 'panel' of municipal_lawyer.editorial is taken by portal.editorial.tasks.approvals.",
        ),
    ],
)
def test_a_package_that_cannot_start_stops_the_portal_with_its_name(
    changed: dict[str, str], words: str, tmp_path: Path
) -> None:
    done = portal(built(tmp_path, **changed), tmp_path / "none.sqlite3", "-c", "import django; django.setup()")
    assert done.returncode != 0
    assert words in done.stderr


class TestApps:
    """Read from a folder of distributions, as they lie there after an installation."""

    @pytest.fixture
    def install(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.syspath_prepend(str(tmp_path))
        return tmp_path

    @staticmethod
    def distribution(folder: Path, name: str, *apps: str) -> None:
        info = folder / f"{name}-2.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.0\n", "utf-8")
        points = "".join(f"{app.replace('.', '-')} = {app}\n" for app in apps)
        (info / "entry_points.txt").write_text(f"[{extensions.GROUP}]\n{points}", "utf-8")

    @staticmethod
    def package(folder: Path, name: str, code: str = "") -> None:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(code, "utf-8")

    def test_they_come_before_ours_in_the_order_of_their_names(self, install: Path) -> None:
        for name in ("zebra_app", "alpha_app"):
            self.package(install, name)
            self.distribution(install, name, name)
        assert extensions.with_extensions(["portal.core"]) == ["alpha_app", "zebra_app", "portal.core"]

    def test_without_any_ours_stay_as_they_are(self) -> None:
        assert extensions.with_extensions(["portal.core"]) == ["portal.core"]

    @pytest.mark.parametrize("app", ["nowhere_app", "nowhere_app.inner"])
    def test_one_that_is_not_there_is_named(self, app: str, install: Path) -> None:
        self.distribution(install, "half", app)
        with pytest.raises(ImproperlyConfigured, match=rf"'{app}' of the extension '.*' \(half 2\.0\) cannot start"):
            extensions.with_extensions([])

    def test_one_whose_parent_breaks_is_named(self, install: Path) -> None:
        self.package(install, "breaks", "raise RuntimeError('no licence')")
        self.distribution(install, "half", "breaks.inner")
        with pytest.raises(ImproperlyConfigured, match=r"\(half 2\.0\) cannot start: no licence"):
            extensions.with_extensions([])

    def test_one_that_is_there_already_is_named(self, install: Path) -> None:
        self.distribution(install, "greedy", "portal.core")
        with pytest.raises(ImproperlyConfigured, match=r"\(greedy 2\.0\) is installed already"):
            extensions.with_extensions(["portal.core"])
