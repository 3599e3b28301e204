"""Walk a login without a browser: Django's client at the portal, `requests` at the provider, forms as browsers send them."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

import requests
from django.test import Client

from tests.support.identity.fixtures import Running

PORTAL = "http://testserver"
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_TARGET = re.compile(r'<meta http-equiv="refresh" content="0;url=([^"]+)">')
_ACTION = re.compile(r'<form method="post" action="([^"]+)">')


def leave(client: Client, connection: str, **data: str) -> str:
    """Choose a municipality's login and return the provider's address that the portal sends the browser to."""
    response = client.post("/konto/kommune/", {"connection": connection, **data})
    assert response.status_code == 200, response
    return html.unescape(_TARGET.search(response.content.decode())[1])


def fields(text: str) -> dict[str, str]:
    """Return the hidden fields of a page."""
    return {name: html.unescape(value) for name, value in _FIELD.findall(text)}


def at_openid(target: str, person: str = "anna") -> str:
    """Log in at the OpenID provider and return the address it sends the browser back to."""
    form = requests.get(target, timeout=10)
    assert form.ok, form.text
    answer = requests.post(
        f"{_origin(target)}/authorize",
        data={**fields(form.text), "person": person},
        allow_redirects=False,
        timeout=10,
    )
    return back(answer.headers["Location"])


def by_openid(client: Client, person: str = "anna", connection: str = "odense", **data: str) -> Any:
    """Log in through OpenID Connect and return the portal's answer."""
    return client.get(at_openid(leave(client, connection, **data), person))


def at_saml(target: str, person: str = "anna") -> tuple[str, dict[str, str]]:
    """Log in at the SAML provider and return the form that it makes the browser send: path and fields."""
    form = requests.get(target, timeout=10)
    assert form.ok, form.text
    answer = requests.post(f"{_origin(target)}/sso", data={**fields(form.text), "person": person}, timeout=10)
    assert answer.ok, answer.text
    return back(html.unescape(_ACTION.search(answer.text)[1])), fields(answer.text)


def by_saml(client: Client, person: str = "anna", connection: str = "faelles", **data: str) -> Any:
    """Log in through SAML and return the portal's answer; the provider's POST travels without cookies."""
    path, form = at_saml(leave(client, connection, **data), person)
    received = Client().post(path, form)
    return client.get(received["Location"]) if received.status_code == 302 else received


def trust(provider: Running, connection: str = "faelles", portal: str = PORTAL) -> None:
    """Hand the SAML provider our metadata, as a municipality's administrator does; once is enough."""
    if provider.trusts == portal:
        return
    path = f"/konto/kommune/saml/{connection}/metadata/"
    text = Client().get(path).content.decode() if portal == PORTAL else requests.get(portal + path, timeout=10).text
    requests.post(f"{provider.address}/trust", data={"metadata": text}, timeout=30).raise_for_status()
    provider.trusts = portal


def back(address: str) -> str:
    """Return path and query of an address of ours."""
    assert address.startswith(PORTAL), address
    return address.removeprefix(PORTAL)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
