"""Every page type and every screen of ours: the list that the axe, HTML and screenshot runs walk.

Addresses are those of the example content. Somebody who adds a page type or a screen adds a line here.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    """One screen, and who sees it."""

    key: str
    path: str | Callable[[], str]
    login: str = ""
    """E-mail of the example user who opens it; empty for a visitor."""

    status: int = 200
    """What the page is expected to answer: the error pages are screens too."""

    @property
    def address(self) -> str:
        """Return the path; one with an id in it is looked up in the database."""
        return self.path if isinstance(self.path, str) else self.path()


PUBLIC: tuple[Screen, ...] = (Screen("forside", "/"),)
ADMIN: tuple[Screen, ...] = ()
