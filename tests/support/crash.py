"""A child process that dies at a failpoint, at the parent's test database.

The child ends as power would end it: no `finally`, no rollback of its own, no message to anybody.
"""

import importlib
import os
import subprocess
import sys
from urllib.parse import quote

from django.db import connection

from tests.support.services import ROOT

DIED_AT_THE_FAILPOINT = 99


def die_at(failpoint: str, act: str, **environment: str) -> None:
    """Run a function in a child that dies at the failpoint; fail unless it really died there.

    Args:
        failpoint: the name, as in `portal.core.failpoints`.
        act: "module:function" without arguments.
        environment: further variables for the child.
    """
    code, output = run_child(failpoint, act, **environment)
    assert code == DIED_AT_THE_FAILPOINT, f"the child ended with {code}, not at {failpoint}:\n{output}"


def run_child(failpoint: str, act: str, **environment: str) -> tuple[int, str]:
    """Run a function in a child process and return its exit code and output."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.crash", failpoint, act],
        cwd=ROOT,
        env={**os.environ, **environment, "DATABASE_URL": _address()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def _address() -> str:
    """Return the address of the database that this test uses."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    login = quote(settings["USER"]) + (f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else "")
    return f"postgres://{login}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def _die() -> None:
    os._exit(DIED_AT_THE_FAILPOINT)


def _main(failpoint: str, act: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    from portal.core.failpoints import set_failpoint

    module, _, function = act.partition(":")
    set_failpoint(failpoint, _die)
    getattr(importlib.import_module(module), function)()


if __name__ == "__main__":
    _main(*sys.argv[1:])
