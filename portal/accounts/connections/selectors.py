"""What the screens of own logins show."""

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount

from portal.accounts.connections.configuration import connection_named, connections
from portal.accounts.connections.provisioning import is_only_way_in
from portal.accounts.models import User
from portal.core.sorting import danish_key
from portal.organisations.api import Municipality


@dataclass(frozen=True, slots=True)
class Choice:
    """A municipality that can be chosen."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class ConnectedIdentity:
    """An outside identity of the person who looks."""

    pk: int
    name: str
    since: datetime
    last_used: datetime
    # False when the connection is not configured any more: it can be removed and not used.
    works: bool
    only_way_in: bool


def choices() -> tuple[Choice, ...]:
    """Return the connected municipalities, sorted as Danes sort; one with two logins is named with each."""
    wanted = [(code, connection) for connection in connections() for code in connection.municipalities]
    names = dict(Municipality.objects.filter(code__in=[code for code, _ in wanted]).values_list("code", "name"))
    often = {code for code, _ in wanted if sum(other == code for other, _ in wanted) > 1}
    rows = [
        Choice(item.key, f"{names[code]} ({item.name})" if code in often else names[code])
        for code, item in wanted
        if code in names
    ]
    return tuple(sorted(rows, key=lambda row: (danish_key(row.label), row.key)))


def identities_of(user: User) -> tuple[ConnectedIdentity, ...]:
    """Return the outside identities of a person."""
    rows = []
    for account in SocialAccount.objects.filter(user=user).select_related("user").order_by("date_joined", "pk"):
        connection = connection_named(account.provider)
        name = connection.name if connection is not None else account.provider
        works = connection is not None
        rows.append(
            ConnectedIdentity(
                account.pk, name, account.date_joined, account.last_login, works, only_way_in=is_only_way_in(account)
            )
        )
    return tuple(rows)
