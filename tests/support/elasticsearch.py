"""An Elasticsearch of the run's own: a free port of 127.0.0.1, its data in a temporary folder, gone afterwards.

`ELASTICSEARCH_TEST_URL` wins over starting one, except for tests that break the server. As a command:

    python -m tests.support.elasticsearch --fetch             brings it once, so that no test waits for that
    python -m tests.support.elasticsearch -- make demo        runs a command with ELASTICSEARCH_URL pointing at one
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from tests.support.elasticsearch_home import ElasticsearchError, fetch
from tests.support.elasticsearch_security import Credentials, write_security
from tests.support.postgres import free_port

_START_SECONDS = 120
_STOP_SECONDS = 30
_UNPRIVILEGED = "nobody"
_HEAP = "-Xms512m -Xmx512m"
# Half the time to start; a server that lives for hours would answer more slowly by it.
_QUICK_START = "-XX:TieredStopAtLevel=1"
_ALL_OF_OURS = "*,-.*"
_BLOCKS = [f"index.blocks.{what}" for what in ("read_only", "read_only_allow_delete", "read", "write", "metadata")]
# Ends the server when the end of the pipe that this process holds is gone with the process, however that ended.
_GUARD = "import os, signal, sys; sys.stdin.read(); os.killpg(int(sys.argv[1]), signal.SIGKILL)"
_SETTINGS = """\
cluster.name: portal-tests
discovery.type: single-node
http.host: 127.0.0.1
transport.host: 127.0.0.1
transport.port: 0
xpack.apm_data.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
"""


class Cluster:
    """A running Elasticsearch; who started it does not matter."""

    def __init__(self, url: str, credentials: Credentials | None = None) -> None:
        self.url = url
        self.credentials = credentials

    def client(self, **options: Any) -> Elasticsearch:
        """Return a client of one's own, with time to wait; close it after use."""
        if self.credentials and not options.keys() & {"api_key", "basic_auth"}:
            options["basic_auth"] = (self.credentials.user, self.credentials.password)
        if self.credentials:
            options.setdefault("ca_certs", str(self.credentials.ca_certs))
        return Elasticsearch(self.url, **{"request_timeout": 30, "max_retries": 0, **options})

    def remove(self, prefix: str) -> None:
        """Delete the indexes whose names begin like this; by name, since servers refuse patterns."""
        with self.client() as client:
            found = client.indices.get(index=f"{prefix}*,-.*", expand_wildcards="all", features="aliases")
            for name in found:
                client.indices.delete(index=name)


class Server(Cluster):
    """A server of one's own: it may be stopped, killed and made to hang, and started again on its port and data."""

    def __init__(
        self, folder: Path, *, port: int | None = None, secured: bool = False, long_lived: bool = False
    ) -> None:
        self.folder, self.port, self._long_lived = folder, port or free_port(), long_lived
        self._home = fetch()
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        super().__init__(f"{'https' if secured else 'http'}://127.0.0.1:{self.port}")
        self._configure(secured)

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            ElasticsearchError: it does not come up; the message holds what it printed.
        """
        with (self.folder / "output.log").open("wb") as output:
            self._process = subprocess.Popen(
                [*_as_unprivileged_user(), *self._command()],
                cwd=self._home,
                env=self._environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        guard = [sys.executable, "-I", "-c", _GUARD, str(self._process.pid)]
        self._guard = subprocess.Popen(guard, stdin=subprocess.PIPE, start_new_session=True)
        self._wait_until_up()
        if self.credentials and not self.credentials.api_key:
            self.credentials = replace(self.credentials, api_key=self._new_api_key())

    def stop(self) -> None:
        """Stop the server as an administrator would; nothing if it does not run."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop the server as a lack of memory would: without a word, in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def suspend(self) -> None:
        """Let the server hang: connections are taken, and nothing is answered."""
        os.killpg(self._running().pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a hanging server go on."""
        os.killpg(self._running().pid, signal.SIGCONT)

    def mend(self) -> None:
        """Make the server whole again, whatever was done to it: it runs, and holds and forbids nothing."""
        if self._process is None:
            self.start()
        self.resume()
        with self.client() as client:
            _forget_settings(client)
            client.indices.put_settings(
                index=_ALL_OF_OURS, settings=dict.fromkeys(_BLOCKS), expand_wildcards="all", allow_no_indices=True
            )
        self.remove("")

    def _configure(self, secured: bool) -> None:
        conf = self.folder / "conf"
        shutil.copytree(self._home / "config", conf, dirs_exist_ok=True)
        lines = ["xpack.security.enabled: false"]
        if secured:
            lines, self.credentials = write_security(conf)
        own = [f"http.port: {self.port}", f"path.data: {self.folder / 'data'}", f"path.logs: {self.folder / 'logs'}"]
        (conf / "elasticsearch.yml").write_text(_SETTINGS + "\n".join([*own, *lines]) + "\n")
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        if os.geteuid() == 0:
            _hand_over(self.folder)

    def _command(self) -> list[str]:
        home = self._home
        properties = {
            "cli.name": "server",
            "cli.script": home / "bin" / "elasticsearch",
            "cli.libs": "lib/tools/server-cli",
            "es.path.home": home,
            "es.path.conf": self.folder / "conf",
            "es.distribution.type": "zip",
            "es.java.type": "JAVA_HOME",
        }
        jars = f"{home}/lib/*:{home}/lib/cli-launcher/*"
        options = [
            "-Xms4m",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            *(f"-D{name}={value}" for name, value in properties.items()),
        ]
        return ["java", *options, "-cp", jars, "org.elasticsearch.launcher.CliToolLauncher"]

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "JAVA_HOME", "LANG") if name in os.environ}
        options = os.environ.get("ES_JAVA_OPTS", _HEAP if self._long_lived else f"{_HEAP} {_QUICK_START}")
        return {**kept, "ES_TMPDIR": str(self.folder / "tmp"), "ES_JAVA_OPTS": options}

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        with self.client(request_timeout=5) as client:
            while time.monotonic() < deadline and self._running().poll() is None:
                if _listens(self.port) and _answers(client):
                    return
                time.sleep(0.1)
        output = (self.folder / "output.log").read_text(errors="replace")
        self.kill()
        raise ElasticsearchError(f"Elasticsearch did not come up: {output[-4000:]}")

    def _new_api_key(self) -> str:
        with self.client() as client:
            return str(client.security.create_api_key(name="portal")["encoded"])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ElasticsearchError("the server does not run")
        return self._process

    def _end(self, how: signal.Signals) -> None:
        """Signal the launcher and the server, its child, and wait until both are gone."""
        if self._process is None or self._guard is None:
            return
        self._guard.kill()
        self._guard.communicate()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
            os.killpg(self._process.pid, signal.SIGCONT)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        deadline = time.monotonic() + _STOP_SECONDS
        while _listens(self.port) and time.monotonic() < deadline:
            time.sleep(0.02)
        self._process = None


@contextmanager
def server(*, long_lived: bool = False) -> Iterator[Cluster]:
    """Yield the cluster that the environment names, or else a running server without security.

    Args:
        long_lived: prefer quick answers to a quick start.

    Raises:
        ElasticsearchError: there is none to be had, or it does not come up.
    """
    if given := os.environ.get("ELASTICSEARCH_TEST_URL"):
        yield Cluster(given)
        return
    with own_server(long_lived=long_lived) as own:
        yield own


@contextmanager
def own_server(*, secured: bool = False, long_lived: bool = False) -> Iterator[Server]:
    """Yield a running server that nobody else uses.

    Raises:
        ElasticsearchError: there is none to be had, or it does not come up.
    """
    folder = Path(tempfile.mkdtemp(prefix="portal-es-"))
    own: Server | None = None
    try:
        own = Server(folder, secured=secured, long_lived=long_lived)
        own.start()
        yield own
    finally:
        if own is not None:
            own.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def secure_server() -> Iterator[Server]:
    """Yield a running server with TLS by an authority of its own, a user and an API key."""
    with own_server(secured=True) as own:
        yield own


def _forget_settings(client: Elasticsearch) -> None:
    """Take back what was set in the running cluster."""
    changed = client.cluster.get_settings(flat_settings=True)
    if changed["persistent"] or changed["transient"]:
        client.cluster.put_settings(
            persistent=dict.fromkeys(changed["persistent"]), transient=dict.fromkeys(changed["transient"])
        )


def _as_unprivileged_user() -> list[str]:
    """Return what to put before a command: Elasticsearch refuses to run as root."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam(_UNPRIVILEGED)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _hand_over(folder: Path) -> None:
    user = pwd.getpwnam(_UNPRIVILEGED)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(client: Elasticsearch) -> bool:
    try:
        return not client.cluster.health(wait_for_status="yellow", timeout="2s")["timed_out"]
    except (ApiError, TransportError):
        return False


def main(arguments: list[str]) -> int:
    """Bring the server, or run a command against one and return its exit code."""
    try:
        if arguments == ["--fetch"]:
            print(f"Elasticsearch is at {fetch()}")
            return 0
        return _run(arguments[1:] if arguments[:1] == ["--"] else arguments)
    except ElasticsearchError as error:
        print(error, file=sys.stderr)
        return 1


def _run(command: list[str]) -> int:
    with server(long_lived=True) as cluster:
        environment = {**os.environ, "ELASTICSEARCH_URL": cluster.url, "ELASTICSEARCH_TEST_URL": cluster.url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
