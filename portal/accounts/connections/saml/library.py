"""How python3-saml is told what we accept. Everything that may be demanded is demanded."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names

from portal.accounts.connections.configuration import SamlConnection
from portal.accounts.connections.saml.attributes import REQUIRED, WISHED

_LEVELS = "https://data.gov.dk/concept/core/nsis/loa/"


def address(request: HttpRequest, name: str, connection: SamlConnection) -> str:
    """Return one of our addresses as the provider knows it, whatever language the page is in."""
    with translation.override("da"):
        return request.build_absolute_uri(reverse(name, args=[connection.key]))


def entity_id(request: HttpRequest, connection: SamlConnection) -> str:
    """Return our name towards the provider."""
    return connection.own_entity_id or address(request, "saml_metadata", connection)


def library_settings(connection: SamlConnection, *, own_name: str, receives_at: str) -> dict[str, Any]:
    """Return python3-saml's settings."""
    return {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": own_name,
            "assertionConsumerService": {"url": receives_at, "binding": Names.BINDING_HTTP_POST},
            "attributeConsumingService": _wanted(),
            "NameIDFormat": Names.NAMEID_PERSISTENT,
            "x509cert": connection.own_certificate,
            "privateKey": connection.own_key,
        },
        "idp": {
            "entityId": connection.issuer,
            "singleSignOnService": {"url": connection.sign_in_url, "binding": Names.BINDING_HTTP_REDIRECT},
            "x509certMulti": {"signing": list(connection.certificates), "encryption": [connection.certificates[0]]},
        },
        "security": _security(connection),
    }


def _security(connection: SamlConnection) -> dict[str, Any]:
    return {
        "authnRequestsSigned": True,
        "wantMessagesSigned": True,
        "wantAssertionsSigned": True,
        "wantAssertionsEncrypted": connection.encrypted,
        "wantNameId": True,
        "wantAttributeStatement": True,
        "allowRepeatAttributeName": False,
        "rejectDeprecatedAlgorithm": True,
        "signatureAlgorithm": Names.RSA_SHA256,
        "digestAlgorithm": Names.SHA256,
        "signMetadata": True,
        "metadataValidUntil": "",
        "metadataCacheDuration": "",
        "requestedAuthnContext": [_LEVELS + connection.minimum_level.name.capitalize()],
        "requestedAuthnContextComparison": "minimum",
        "allowSingleLabelDomains": True,
    }


def _wanted() -> dict[str, Any]:
    attributes = [
        {"name": name, "isRequired": name in REQUIRED, "nameFormat": Names.ATTRNAME_FORMAT_URI}
        for name in (*REQUIRED, *WISHED)
    ]
    return {"serviceName": "Kompetenceportalen", "serviceDescription": "", "requestedAttributes": attributes}


def request_data(request: HttpRequest) -> dict[str, Any]:
    """Return the request as python3-saml wants it."""
    parts = urlsplit(request.build_absolute_uri(request.path))
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": request.POST.dict(),
    }
