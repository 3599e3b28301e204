"""What tests read from an invitation's mail."""

import re


def link_in(text: str) -> str:
    """Return the link of the mail."""
    found = re.search(r"https?://\S+/invitation/\S+", text)
    assert found, text
    return found.group()


def token_in(text: str) -> str:
    """Return the token in the link."""
    return link_in(text).rstrip("/").rpartition("/")[2]


def path_in(text: str) -> str:
    """Return the link without its host."""
    return "/" + link_in(text).split("/", 3)[3]
