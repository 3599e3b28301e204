"""Read encrypted assertions whose prefixes are their own.

python3-saml moves a decrypted assertion within the tree, and lxml then gives it the prefixes of its new surroundings.
The signature covers the prefixes, so a genuine assertion fails wherever a provider uses others inside than outside.
"""

import re
from typing import Any

from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

_WRAPPER = re.compile(rb"<(?P<name>(?:[\w.-]+:)?EncryptedAssertion)\b[^>]*>(?P<inner>.*)</(?P=name)\s*>", re.DOTALL)
_DATA = "/samlp:Response/saml:EncryptedAssertion/xenc:EncryptedData"


class Response(OneLogin_Saml2_Response):
    """A response whose decrypted assertion is left as its provider wrote it."""

    def _decrypt_assertion(self, xml: Any) -> Any:
        """Take the wrapper off in the text instead of in the tree; every check follows on the result, as ever."""
        data = OneLogin_Saml2_XML.query(xml, _DATA)
        key = OneLogin_Saml2_XML.query(xml, f"{_DATA}/ds:KeyInfo/xenc:EncryptedKey")
        if len(data) != 1 or len(key) != 1:
            # The key stands elsewhere: the library knows where to look.
            return super()._decrypt_assertion(xml)
        OneLogin_Saml2_Utils.decrypt_element(data[0], self._settings.get_sp_key(), inplace=True)
        text = _WRAPPER.sub(lambda found: found["inner"], etree.tostring(xml), count=1)
        return OneLogin_Saml2_XML.to_etree(text)
