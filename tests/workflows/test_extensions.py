"""A third party's package: a real wheel, installed without the network, that a portal in a process of its own uses."""

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.services import ROOT
from tests.workflows.processes import process

NAME, VERSION = "municipal_patience", "1.0"
CODE = '''
"""Adds a guard: nothing is decided on an unlucky day."""
from dataclasses import dataclass

@dataclass(frozen=True)
class Days:
    unlucky: int

def register(registry):
    registry.kind("tests.thing", origin=__name__)

    @registry.guard("patience.lucky_day", Days)
    def lucky_day(happening, wanted):
        return "Not on this day." if happening.at.day == wanted.unlucky else ""
'''
USE = """
import django, sys
django.setup()
from pathlib import Path
from portal.workflows.reading import BadDefinitionError, read
from portal.workflows.registry import Kind, registry
try:
    read(Path(sys.argv[1]).read_text("utf-8"), "use.toml")
except BadDefinitionError as error:
    print("refused", error)
    raise SystemExit(0)
guard = registry.find(Kind.GUARD, "patience.lucky_day")
class Now:
    class at:
        day = 13
print("used", guard.origin, guard.call(Now, {"unlucky": 13}), guard.call(Now, {"unlucky": 12}) == "")
"""


def wheel(folder: Path, code: str = CODE) -> Path:
    """Write a wheel by hand: a wheel is a zip with a record of what is in it."""
    info = f"{NAME}-{VERSION}.dist-info"
    files = {
        f"{NAME}/__init__.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by-hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[kompetenceportalen.workflows]\npatience = {NAME}:register\n",
    }
    record = [f"{name},sha256={digest(text)},{len(text.encode())}" for name, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    target = folder / f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def installed(folder: Path, code: str = CODE) -> Path:
    """Install the wheel into a folder of its own, with pip and without an index."""
    target = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", str(target), str(wheel(folder, code))], check=True, capture_output=True)
    return target


def portal(extra: Path | None, file: Path) -> subprocess.CompletedProcess[str]:
    """Start the portal in a process of its own and let it read a definition."""
    path = os.pathsep.join(str(part) for part in (ROOT, extra) if part)
    environment = {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    return subprocess.run(
        [sys.executable, "-c", USE, str(file)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    file = tmp_path / "use.toml"
    guard = 'to = "open"\nguards = [{ name = "patience.lucky_day", unlucky = 13 }]\n'
    file.write_text(process().replace('to = "open"\n', guard), encoding="utf-8")
    return file


def test_an_installed_package_adds_a_guard_without_a_change_of_ours(tmp_path: Path, definition: Path) -> None:
    done = portal(installed(tmp_path), definition)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"used {NAME} Not on this day. True"


def test_without_the_package_the_definition_is_refused(definition: Path) -> None:
    done = portal(None, definition)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("refused use.toml:")
    assert "unknown guard 'patience.lucky_day'" in done.stdout


def test_a_package_that_cannot_start_is_named(tmp_path: Path, definition: Path) -> None:
    done = portal(installed(tmp_path, "def register(registry):\n    raise RuntimeError('no key')\n"), definition)
    assert done.returncode != 0
    assert f"The workflow extension 'patience' ({NAME} {VERSION}) cannot start: no key" in done.stderr
