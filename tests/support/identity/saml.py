"""A SAML identity provider on pysaml2: `python -m tests.support.identity.saml FOLDER`, where the folder holds `idp.key`,
`idp.crt`, `stranger.key` and `stranger.crt`. It signs with the program xmlsec1, the portal verifies with the library."""

import base64
import html
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server

from tests.support.identity.web import Answer, Provider, page, serve

ANOTHER = "https://another.example/"
PROFILE = "https://data.gov.dk/model/core/"
PEOPLE: dict[str, dict[str, str]] = {
    "anna": {"cvr": "35209115", "uuid": "3b1f8f1c-anna", "email": "anna@odense.example", "name": "Anna Aagaard"},
    "bo": {"cvr": "64942212", "uuid": "3b1f8f1c-bo", "email": "", "name": "Bo Berg"},
}


class SamlProvider(Provider):
    """Single sign-on for one service provider, whose metadata the test hands over at `/trust`."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__(address)
        self.folder = folder
        self.servers: dict[str, Server] = {}
        self.last = ""

    def answer(self, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        if path == "/trust":
            self.trust(form["metadata"])
            return Answer({})
        if path == "/sso" and method == "GET":
            return self.log_in(query)
        if path == "/sso":
            return self.logged_in(form)
        return Answer("?", status=404)

    def trust(self, metadata: str) -> None:
        for who in ("idp", "stranger"):
            config = IdPConfig().load(self.config(who, metadata))
            self.servers[who] = Server(config=config)

    def config(self, who: str, metadata: str) -> dict[str, Any]:
        return {
            "entityid": f"{self.address}/idp",
            "key_file": str(self.folder / f"{who}.key"),
            "cert_file": str(self.folder / f"{who}.crt"),
            "xmlsec_binary": shutil.which("xmlsec1"),
            # A second service provider, for answers that are meant for somebody else.
            "metadata": {"inline": [metadata, re.sub('entityID="[^"]*"', f'entityID="{ANOTHER}"', metadata, count=1)]},
            "service": {
                "idp": {
                    "endpoints": {"single_sign_on_service": [(f"{self.address}/sso", BINDING_HTTP_REDIRECT)]},
                    "want_authn_requests_signed": True,
                    "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_URI}},
                }
            },
        }

    def log_in(self, query: dict[str, str]) -> Answer:
        server = self.servers["idp"]
        asked = server.parse_authn_request(
            query["SAMLRequest"],
            BINDING_HTTP_REDIRECT,
            relay_state=query.get("RelayState"),
            sigalg=query["SigAlg"],
            signature=query["Signature"],
        ).message
        found = server.response_args(asked, bindings=[BINDING_HTTP_POST])
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(found[name])}">'
            for name in ("in_response_to", "destination", "sp_entity_id")
        )
        buttons = "".join(f'<button name="person" value="{name}">Log ind som {name}</button>' for name in PEOPLE)
        return page(
            "MitID Erhverv", f'<h1>MitID Erhverv</h1><form method="post" action="/sso">{hidden}{buttons}</form>'
        )

    def logged_in(self, form: dict[str, str]) -> Answer:
        text = self.faults.get("instead") or self.response(form)
        if self.faults.get("again") and self.last:
            text = self.last
        self.last = text
        for before, after in self.faults.get("replace", []):
            assert re.search(before, text), before
            text = re.sub(before, after, text, count=1)
        body = base64.b64encode(text.encode()).decode()
        return page(
            "MitID Erhverv",
            f'<form method="post" action="{html.escape(form["destination"])}">'
            f'<input type="hidden" name="SAMLResponse" value="{body}"><button>Fortsæt</button></form>',
        )

    def response(self, form: dict[str, str]) -> str:
        faults = self.faults
        server = self.servers["stranger" if faults.get("stranger_signs") else "idp"]
        minutes = faults.get("minutes", 5)
        server.config.getattr("policy", "idp")._restrictions["default"]["lifetime"] = {"minutes": minutes}
        person = PEOPLE[form["person"]]
        return str(
            server.create_authn_response(
                self.attributes(person),
                faults.get("in_response_to", form["in_response_to"]),
                faults.get("destination", form["destination"]),
                faults.get("audience", form["sp_entity_id"]),
                name_id=NameID(
                    format=NAMEID_FORMAT_PERSISTENT, text=f"{PROFILE}eid/professional/uuid/{person['uuid']}"
                ),
                authn={"class_ref": "https://data.gov.dk/concept/core/nsis/loa/Substantial"},
                sign_assertion=not faults.get("unsigned_assertion"),
                sign_response=not faults.get("unsigned_message"),
                sign_alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                digest_alg="http://www.w3.org/2001/04/xmlenc#sha256",
                encrypt_assertion=bool(faults.get("encrypt")),
                encrypt_assertion_self_contained=True,
            )
        )

    def attributes(self, person: dict[str, str]) -> dict[str, str]:
        said = {
            f"{PROFILE}specVersion": "OIO-SAML-3.0",
            "https://data.gov.dk/concept/core/nsis/loa": "Substantial",
            f"{PROFILE}eid/professional/cvr": person["cvr"],
            f"{PROFILE}eid/professional/uuid/persistent": person["uuid"],
            f"{PROFILE}eid/email": person["email"],
            f"{PROFILE}eid/fullName": person["name"],
            **self.faults.get("attributes", {}),
        }
        return {name: value for name, value in said.items() if value}


if __name__ == "__main__":
    serve(lambda address: SamlProvider(address, Path(sys.argv[1])))
