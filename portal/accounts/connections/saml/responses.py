"""Verify a provider's answer. python3-saml checks what an answer says; we also demand that it says it."""

import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import xmlsec
from django.http import HttpRequest
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from portal.accounts.connections.configuration import SamlConnection
from portal.accounts.connections.refusals import LoginRefusedError, Reason
from portal.accounts.connections.saml.attributes import Attributes
from portal.accounts.connections.saml.decryption import Response
from portal.accounts.connections.saml.library import address, entity_id, library_settings, request_data

_LARGEST = 200_000
_BROKEN = (
    OneLogin_Saml2_Error,
    OneLogin_Saml2_ValidationError,
    etree.LxmlError,
    xmlsec.Error,
    binascii.Error,
    ValueError,
    TypeError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verified answer holds."""

    assertion_id: str
    in_response_to: str
    expires_at: datetime
    attributes: Attributes


def verified(request: HttpRequest, connection: SamlConnection) -> Answer:
    """Return the answer in the request, if this provider signed it, message and assertion, for us, here and now.

    Raises:
        LoginRefusedError: any of that is not so.
    """
    body = request.POST.get("SAMLResponse", "")
    if not body or len(body) > _LARGEST:
        raise LoginRefusedError(Reason.NOT_TRUSTED, "no answer, or one too large")
    receives_at, own_name = address(request, "saml_acs", connection), entity_id(request, connection)
    settings = OneLogin_Saml2_Settings(library_settings(connection, own_name=own_name, receives_at=receives_at))
    try:
        response = Response(settings, body)
        response.is_valid(request_data(request), raise_exceptions=True)
        return _complete(response, own_name, receives_at)
    except _BROKEN as error:
        if "responder" in str(error).lower() and "status" in str(error).lower():
            raise LoginRefusedError(Reason.CANCELLED, str(error)) from error
        raise LoginRefusedError(Reason.NOT_TRUSTED, str(error)) from error


def _complete(response: Any, own_name: str, receives_at: str) -> Answer:
    """Demand what python3-saml checks only where it is said, and exactly where it compares loosely."""
    document = response.get_xml_document()
    in_response_to = response.get_in_response_to()
    if not in_response_to:
        raise ValueError("nobody asked for this answer")
    if document.get("Destination") != receives_at:
        raise ValueError("no destination, or not exactly ours")
    if own_name not in response.get_audiences():
        raise ValueError("no audience")
    for data in _query(document, "saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"):
        if data.get("InResponseTo") != in_response_to or data.get("Recipient") != receives_at:
            raise ValueError("confirmed for another request or another recipient")
    expires = response.get_assertion_not_on_or_after()
    if not expires:
        raise ValueError("no end of validity")
    return Answer(
        assertion_id=response.get_assertion_id(),
        in_response_to=in_response_to,
        expires_at=datetime.fromtimestamp(
            OneLogin_Saml2_Utils.parse_SAML_to_time(expires) if isinstance(expires, str) else expires, UTC
        ),
        attributes=response.get_attributes(),
    )


def _query(document: Any, path: str) -> list[Any]:
    """Look in the one assertion: that there is just one, and that it is the signed one, has been checked."""
    found: list[Any] = document.xpath(f"/samlp:Response/saml:Assertion/{path}", namespaces=Names.NSMAP)
    return found
