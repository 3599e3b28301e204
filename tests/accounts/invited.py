"""What tests read from an invitation's mail."""

import re


def link_in(text: object) -> str:
    """Return the link of the mail; Django's bodies may be lazy texts."""
    found = re.search(r"https?://\S+/invitation/\S+", str(text))
    assert found, text
    return found.group()


def token_in(text: object) -> str:
    """Return the token in the link."""
    return link_in(text).rstrip("/").rpartition("/")[2]


def path_in(text: object) -> str:
    """Return the link without its host."""
    return "/" + link_in(text).split("/", 3)[3]
