"""The municipalities' own logins: one file lists them, secrets come from the environment. See `docs/own-login.md`."""

import csv
from pathlib import Path
from typing import Any

from portal.accounts.connections.loading import load
from portal.settings import env
from portal.settings.env import BASE_DIR

_FACTS = BASE_DIR / "portal" / "organisations" / "facts" / "municipalities.csv"


def _codes() -> frozenset[str]:
    with _FACTS.open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


_file = env.text("LOGIN_CONNECTIONS_FILE", "")
LOGIN_CONNECTIONS = load(Path(_file), secret=env.text, municipalities=_codes()) if _file else ()

SOCIALACCOUNT_ADAPTER = "portal.accounts.connections.adapter.OwnLoginAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {"provider_class": "portal.accounts.connections.oidc.provider.MunicipalityOidc"},
    "saml": {"provider_class": "portal.accounts.connections.saml.provider.MunicipalitySaml"},
}
# An outside login never makes or finds an account by its address, and proves none to anybody but its own municipality.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
