"""Build the `Principal` of a user."""

from typing import Any

from portal.core.principal import ANONYMOUS, Principal


def principal_of(user: Any) -> Principal:
    """Return who the user is to the visibility rules; roles are the names of her groups until memberships exist."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    roles = set(user.groups.values_list("name", flat=True))
    if user.is_superuser:
        roles.add("administrator")
    return Principal(user_uuid=user.uuid, roles=frozenset(roles))
