"""Who a provider says that somebody is, and how that is stored.

An outside identity is the triple (issuer, tenant, subject). Allauth's `SocialAccount` keeps it: `provider` is the
connection's key and `uid` the triple itself, so that an identity is never found under another issuer or tenant, even if
a connection's issuer is changed in the file. Never the e-mail, which people change and addresses inherit.
"""

from dataclasses import asdict, dataclass
from typing import Any

# Under this name the statement travels in the state of a login, which survives a second factor or a re-authentication.
STATE_KEY = "own_login"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a provider has vouched for, after every check of the answer itself."""

    connection: str
    issuer: str
    tenant: str
    subject: str
    # The municipality that the provider speaks for in this login; it is authoritative for no other.
    municipality: str
    # Whether it says that the person was identified at least as surely as by a second factor.
    strong: bool
    email: str = ""
    name: str = ""
    person_code: str = ""

    @property
    def uid(self) -> str:
        """Return the triple as one word; no part of it may hold a space."""
        return f"{self.issuer} {self.tenant} {self.subject}"

    def as_state(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


def statement_in(state: dict[str, Any]) -> Statement | None:
    """Return the statement that a login's state carries, or None where the login is none of ours."""
    kept = state.get(STATE_KEY)
    return Statement(**kept) if kept else None


def is_plain(word: Any) -> bool:
    """Tell whether a tenant or subject can be stored: one visible word of bounded length."""
    return isinstance(word, str) and 0 < len(word) <= 40 and word.isprintable() and not any(map(str.isspace, word))
