"""Production starts from the environment alone, refuses to start when a value is missing, and passes Django's own check."""

import os
import re
import runpy
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.support.services import ROOT

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "DATABASE_URL": "postgresql://portal:secret@db.example/portal",
    "SECRET_KEY": "an-example-key-that-is-long-and-random-enough-a8f7c2e91b6d4035",
    "ALLOWED_HOSTS": "kompetenceportal.example",
    "BASE_URL": "https://kompetenceportal.example",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "Kompetenceportalen <portal@kompetenceportal.example>",
    "ELASTICSEARCH_URL": "https://search.example:9200",
    "MEDIA_ROOT": "/srv/media",
}


def _manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def test_production_passes_the_deployment_check() -> None:
    done = _manage("check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"DJANGO_SETTINGS_MODULE"}))
def test_production_refuses_to_start_without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_environment(monkeypatch, {key: value for key, value in PRODUCTION.items() if key != name})
    with pytest.raises(ImproperlyConfigured, match=f"environment variable {name} must be set"):
        runpy.run_module("portal.settings.production")


def test_an_unclear_switch_stops_the_start_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _set_environment(monkeypatch, {**PRODUCTION, "SECURE_SSL_REDIRECT": "maybe"})
    with pytest.raises(ImproperlyConfigured, match="SECURE_SSL_REDIRECT must be 1 or 0"):
        runpy.run_module("portal.settings.production")


def test_production_is_closed_and_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    _set_environment(monkeypatch, PRODUCTION)
    settings = runpy.run_module("portal.settings.production")
    assert settings["DEBUG"] is False and settings["DEMO"] is False
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"] and settings["SECURE_SSL_REDIRECT"]
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000


def _set_environment(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in PRODUCTION:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_every_variable_is_documented_and_every_documented_one_exists() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "portal" / "settings").rglob("*.py"))
    read = set(re.findall(r'env\.(?:text|flag|number|seconds|words)\(\s*"([A-Z_]+)"', code))
    document = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    told = {
        name for row in re.findall(r"^\| (`.*?) \|", document, re.MULTILINE) for name in re.findall(r"`([A-Z_]+)`", row)
    }
    assert read == told
