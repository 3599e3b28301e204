"""Rules for what a municipality writes about itself."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Scheme, host and port, nothing else: the value goes into a response header (frame-ancestors).
_ORIGIN = re.compile(r"https://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::[0-9]{2,5})?")
MOST_ORIGINS = 20


def is_origin(text: str) -> bool:
    """Tell whether the text may stand in the header that names who may frame a page."""
    return _ORIGIN.fullmatch(text) is not None


def validate_origins(text: str) -> None:
    """Refuse anything that is not a list of https origins, one per line.

    Raises:
        ValidationError: names the first line that is wrong.
    """
    lines = text.split()
    if len(lines) > MOST_ORIGINS:
        raise ValidationError(_("Write at most %(most)s addresses."), params={"most": MOST_ORIGINS})
    for line in lines:
        if not is_origin(line):
            message = _("“%(line)s” is not an address of this form: https://intranet.kommune.dk")
            raise ValidationError(message, params={"line": line[:80]})
