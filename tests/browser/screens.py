"""What a screen is in the lists that the axe, HTML and screenshot runs walk, and who opens it."""

from collections.abc import Callable
from dataclasses import dataclass

ADMINISTRATOR = "administrator@portal.example"
EDITOR = "redaktoer.hk@portal.example"
EDITOR_KL = "redaktoer.kl@portal.example"
COORDINATOR = "koordinator.odense@portal.example"
MANAGER = "leder.borgerservice@portal.example"


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
