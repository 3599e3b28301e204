"""The attributes of OIOSAML 3, and what they say about a person."""

from collections.abc import Mapping, Sequence

from portal.accounts.connections.configuration import Level, SamlConnection
from portal.accounts.connections.identities import Statement, is_plain
from portal.accounts.connections.refusals import LoginRefusedError, Reason
from portal.organisations.api import Municipality

SPEC_VERSION = "https://data.gov.dk/model/core/specVersion"
LEVEL = "https://data.gov.dk/concept/core/nsis/loa"
CVR = "https://data.gov.dk/model/core/eid/professional/cvr"
SUBJECT = "https://data.gov.dk/model/core/eid/professional/uuid/persistent"
EMAIL = "https://data.gov.dk/model/core/eid/email"
FULL_NAME = "https://data.gov.dk/model/core/eid/fullName"
REQUIRED = (SPEC_VERSION, LEVEL, CVR, SUBJECT)
WISHED = (EMAIL, FULL_NAME)
_VERSION = "OIO-SAML-3."

Attributes = Mapping[str, Sequence[str | None]]


def statement_of(connection: SamlConnection, attributes: Attributes) -> Statement:
    """Return what verified attributes say.

    Raises:
        LoginRefusedError: something needed is missing, the level is too low, or the organisation is not one of ours.
    """
    if not _one(attributes, SPEC_VERSION).startswith(_VERSION):
        raise LoginRefusedError(Reason.INCOMPLETE, "specVersion is not OIO-SAML-3")
    level = Level.named(_one(attributes, LEVEL))
    if level is None or level < connection.minimum_level:
        raise LoginRefusedError(Reason.TOO_WEAK, f"NSIS level {level!r}")
    cvr = _one(attributes, CVR)
    subject = _one(attributes, SUBJECT)
    if not is_plain(subject):
        raise LoginRefusedError(Reason.INCOMPLETE, "no persistent professional uuid")
    return Statement(
        connection=connection.key,
        issuer=connection.issuer,
        tenant=cvr,
        subject=subject,
        municipality=_municipality(connection, cvr),
        strong=level >= Level.SUBSTANTIAL,
        email=_one(attributes, EMAIL)[:254],
        name=_one(attributes, FULL_NAME)[:254],
        person_code=_one(attributes, connection.person_code) if connection.person_code else "",
    )


def _municipality(connection: SamlConnection, cvr: str) -> str:
    """Return the municipality that the CVR number names: the file and our own register must agree on it."""
    code = connection.municipality_of(cvr)
    if code is None:
        raise LoginRefusedError(Reason.WRONG_ORGANISATION, "unknown CVR number")
    known = Municipality.objects.filter(code=code).values_list("cvr", flat=True).first()
    if known and known != cvr:
        raise LoginRefusedError(Reason.WRONG_ORGANISATION, f"the register knows {code} by another CVR number")
    return code


def _one(attributes: Attributes, name: str) -> str:
    """Return the only value; several would let the reader choose."""
    values = attributes.get(name, ())
    return (values[0] or "").strip() if len(values) == 1 else ""
