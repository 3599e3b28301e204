"""Read an identity provider's metadata."""

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser


def provider_of(text: str, issuer: str) -> tuple[str, tuple[str, ...]]:
    """Return the address to sign in at and the certificates to trust.

    Raises:
        ValueError: the text is no metadata of this issuer.
    """
    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(text, entity_id=issuer).get("idp", {})
    except Exception as error:
        # The library raises whatever its XML parser raises.
        raise ValueError(f"cannot be read: {error}") from error
    if found.get("entityId") != issuer:
        raise ValueError(f"describes no identity provider called {issuer}")
    many = found.get("x509certMulti", {}).get("signing", [])
    certificates = tuple(many or filter(None, [found.get("x509cert")]))
    address = found.get("singleSignOnService", {}).get("url", "")
    if not certificates or not address.startswith(("https://", "http://127.0.0.1")):
        raise ValueError("names no address or no certificate to sign in with")
    return address, certificates
