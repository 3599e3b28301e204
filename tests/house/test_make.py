"""The commands: what `make` alone says, and what it says where something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.services import ROOT

FILES = ["Makefile", "requirements.lock", "requirements-dev.lock", "requirements-uv.lock", "package-lock.json"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a fresh clone holds of the set-up."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(folder: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    environment.pop("MAKEFLAGS", None)
    command = [shutil.which("make") or "make", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def only(folder: Path, *programs: str) -> str:
    """Return a PATH on which there are these programs and no others."""
    programs_folder = folder / "programs"
    programs_folder.mkdir()
    for program in programs:
        (programs_folder / program).symlink_to(shutil.which(program) or "")
    return str(programs_folder)


def test_make_alone_lists_the_commands() -> None:
    listed = make(ROOT).stdout
    for target in ("demo", "demo-reset", "test", "test-one", "elasticsearch", "lint", "screenshots", "nightly"):
        assert f"  make {target} " in listed


def test_without_git_it_says_so(clone: Path) -> None:
    done = make(clone, "demo", path=only(clone, "sh", "cat", "cksum", "python3"))
    assert done.returncode != 0
    assert "git is missing" in done.stdout


def test_without_a_python_that_is_new_enough_it_says_so(clone: Path) -> None:
    done = make(clone, "demo", path=only(clone, "sh", "cat", "cksum", "git"))
    assert done.returncode != 0
    assert "Python 3.11 or newer is missing" in done.stdout


def test_test_one_asks_which(clone: Path) -> None:
    """In a folder of its own, with everything installed: here it would put the packages anew under the other tests."""
    stamps = []
    for name in ("UV_STAMP", "TEST_STAMP", "NPM_TEST_STAMP"):
        (clone / name).touch()
        stamps.append(f"{name}={clone / name}")
    assert "Say which" in make(clone, "test-one", *stamps).stdout


def test_the_locks_agree_with_each_other() -> None:
    """`make demo` after `make test` keeps what the tests installed: it must be the same versions."""
    demo, development = (locked(name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert demo
    assert demo <= development


def locked(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    return {
        line.split(" \\")[0].split(";")[0].strip() for line in lines if "==" in line and not line.startswith((" ", "#"))
    }
