"""An OpenID provider with one tenant: `python -m tests.support.identity.openid`. Signs by hand with `cryptography`, so that
the library that verifies in the portal is not the one that signs here."""

import base64
import hashlib
import hmac
import html
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.support.identity.web import Answer, Provider, page, serve

TENANT = "6f0c1f5e-0f5d-4f7e-9f6e-0461aaaa0461"
CLIENT, SECRET = "portal-client", "the-client-secret"
PEOPLE: dict[str, dict[str, Any]] = {
    "anna": {"oid": "0f00a2f0-anna", "name": "Anna Aagaard", "email": "anna@odense.example", "employee": "A-17"},
    "bo": {"oid": "0f00a2f0-bo", "name": "Bo Berg"},
}


def encoded(data: bytes) -> str:
    """Return base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    """Return a number as a JSON web key holds it."""
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class OpenIdProvider(Provider):
    """Discovery, login form, token and keys; PKCE and the client's secret are demanded."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.key = rsa.generate_private_key(65537, 2048)
        self.stranger = rsa.generate_private_key(65537, 2048)
        self.codes: dict[str, dict[str, str]] = {}

    def answer(self, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        if path == "/.well-known/openid-configuration":
            return Answer(self.description(), status=self.faults.get("status", 200))
        if path == "/keys":
            return Answer({"keys": [self.public_key()]})
        if path == "/authorize":
            return self.log_in(query) if method == "GET" else self.logged_in(form)
        if path == "/token" and method == "POST":
            return self.token(form)
        return Answer("?", status=404)

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.faults.get("described_issuer", self.address),
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def public_key(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        return {
            "kty": "RSA",
            "kid": "one",
            "use": "sig",
            "alg": "RS256",
            "n": number(numbers.n),
            "e": number(numbers.e),
        }

    def log_in(self, query: dict[str, str]) -> Answer:
        if query.get("code_challenge_method") != "S256" or not query.get("nonce") or not query.get("state"):
            return Answer("PKCE, nonce and state are demanded", status=400)
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in query.items()
        )
        buttons = "".join(f'<button name="person" value="{name}">Log ind som {name}</button>' for name in PEOPLE)
        return page(
            "Kommunens login",
            f'<h1>Kommunens login</h1><form method="post" action="/authorize">{hidden}{buttons}'
            '<button name="person" value="">Annuller</button></form>',
        )

    def logged_in(self, form: dict[str, str]) -> Answer:
        if not form["person"]:
            return self.back(form, error="access_denied")
        code = secrets.token_urlsafe()
        self.codes[code] = form
        return self.back(form, code=code)

    def back(self, form: dict[str, str], **answer: str) -> Answer:
        return Answer(location=f"{form['redirect_uri']}?{urlencode({**answer, 'state': form['state']})}")

    def token(self, form: dict[str, str]) -> Answer:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != SECRET or form.get("redirect_uri") != asked["redirect_uri"]:
            return Answer({"error": "invalid_grant"}, status=400)
        challenge = encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not hmac.compare_digest(challenge, asked["code_challenge"]):
            return Answer({"error": "invalid_grant"}, status=400)
        answer = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 300}
        if not self.faults.get("no_id_token"):
            answer["id_token"] = self.id_token(asked)
        return Answer(answer)

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        standard = {"iss": self.address, "aud": asked["client_id"], "iat": now, "nbf": now, "exp": now + 300}
        person = {
            "tid": TENANT,
            "sub": f"pairwise-{asked['person']}",
            "nonce": asked["nonce"],
            **PEOPLE[asked["person"]],
        }
        claims = {**standard, **person, **self.faults.get("claims", {})}
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def signed(self, claims: dict[str, Any]) -> str:
        algorithm = self.faults.get("alg", "RS256")
        header = {"alg": algorithm, "kid": self.faults.get("kid", "one"), "typ": "JWT"}
        text = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"
        if algorithm == "none":
            return f"{text}."
        if algorithm == "HS256":
            public = json.dumps(self.public_key()).encode()
            return f"{text}.{encoded(hmac.digest(public, text.encode(), 'sha256'))}"
        key = self.stranger if self.faults.get("stranger_signs") else self.key
        return f"{text}.{encoded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


if __name__ == "__main__":
    serve(OpenIdProvider)
