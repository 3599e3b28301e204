"""Check an ID token. Allauth trusts one that came straight from the provider; we check it as if it had come by post."""

from typing import Any

import jwt

from portal.accounts.connections.configuration import OidcConnection
from portal.accounts.connections.identities import Statement, is_plain
from portal.accounts.connections.refusals import LoginRefusedError, Reason

# With a secret shared by both sides, or with none at all, anybody who knows it signs: only key pairs count.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_REQUIRED = ["exp", "iat", "iss", "aud", "nonce"]
# Two clocks are never quite the same.
_LEEWAY = 60


def verified_claims(connection: OidcConnection, token: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Return the claims of a token that this issuer signed for us, that has not expired, and that names a nonce.

    Raises:
        LoginRefusedError: any of that is not so.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(token, keys),
            algorithms=ALGORITHMS,
            issuer=connection.issuer,
            audience=connection.client_id,
            leeway=_LEEWAY,
            options={"require": _REQUIRED},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise LoginRefusedError(Reason.NOT_TRUSTED, f"ID token: {type(error).__name__}: {error}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != connection.client_id:
        raise LoginRefusedError(Reason.NOT_TRUSTED, "ID token: made for another client")
    if not isinstance(claims["nonce"], str) or not claims["nonce"]:
        raise LoginRefusedError(Reason.NOT_TRUSTED, "ID token: empty nonce")
    return claims


def statement_of(connection: OidcConnection, claims: dict[str, Any]) -> Statement:
    """Return what verified claims say. `oid` within `tid` is the person: `sub` differs by client, and e-mails change.

    Raises:
        LoginRefusedError: the claims name another tenant, or nobody.
    """
    if claims.get("tid") != connection.tenant:
        raise LoginRefusedError(Reason.WRONG_ORGANISATION, "the tenant is not the one configured")
    if not is_plain(claims.get("oid")):
        raise LoginRefusedError(Reason.INCOMPLETE, "no oid")
    said = claims.get(connection.person_code, "") if connection.person_code else ""
    return Statement(
        connection=connection.key,
        issuer=connection.issuer,
        tenant=connection.tenant,
        subject=claims["oid"],
        municipality=connection.municipality,
        strong=vouches(connection, claims),
        email=_text(claims.get("email")),
        name=_text(claims.get("name")),
        person_code=_text(said),
    )


def vouches(connection: OidcConnection, claims: dict[str, Any]) -> bool:
    """Tell whether the provider says that a second factor was shown, in a word that the configuration believes."""
    methods = claims.get("amr")
    said = {*(methods if isinstance(methods, list) else []), claims.get("acr")}
    return not said.isdisjoint(connection.vouches)


def _key(token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """Return the key that the token names; it may name none where the provider has only one."""
    known = jwt.PyJWKSet.from_dict(keys)
    wanted = jwt.get_unverified_header(token).get("kid")
    return known.keys[0] if wanted is None and len(known.keys) == 1 else known[str(wanted)]


def _text(value: Any) -> str:
    return value.strip()[:254] if isinstance(value, str) else ""
