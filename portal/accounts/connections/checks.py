"""What only the running portal can tell about the file of connections."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from portal.accounts.connections.configuration import SamlConnection, connections
from portal.accounts.connections.saml.library import library_settings
from portal.organisations.api import Municipality


@register()
def check_saml_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that keys, certificates and addresses can be used, before somebody logs in with them."""
    found: list[CheckMessage] = []
    for connection in connections():
        if not isinstance(connection, SamlConnection):
            continue
        example = library_settings(
            connection, own_name="https://portal.example/", receives_at="https://portal.example/svar/"
        )
        try:
            OneLogin_Saml2_Settings(example)
        except OneLogin_Saml2_Error as error:
            found.append(Error(f"Login connection {connection.key!r}: {error}", id="connections.E001"))
    return found


@register(Tags.database)
def check_municipalities(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check that every municipality exists, and that file and register agree on its CVR number."""
    if not databases or not connections():
        return []
    known = dict(Municipality.objects.values_list("code", "cvr"))
    found: list[CheckMessage] = []
    for connection in connections():
        pairs = connection.organisations if isinstance(connection, SamlConnection) else [("", connection.municipality)]
        for cvr, code in pairs:
            if code not in known:
                found.append(
                    Error(f"Login connection {connection.key!r}: no municipality {code}.", id="connections.E002")
                )
            elif cvr and known[code] and known[code] != cvr:
                text = (
                    f"Login connection {connection.key!r}: municipality {code} has CVR number {known[code]}, not {cvr}."
                )
                found.append(Error(text, id="connections.E003"))
    return found
