"""Who a line of memberships names: a person of this municipality, or an address that waits for its owner.

Only the municipality's own memberships are asked. An account that it does not know stays unknown to it: the line becomes a
waiting membership, which the owner of the address receives when she signs in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.imports.cells import tidy
from portal.accounts.imports.columns import Values
from portal.accounts.models import Membership
from portal.organisations.api import Municipality


class UnclearPersonError(Exception):
    """The line does not say whom it means."""


@dataclass(frozen=True, slots=True)
class Known:
    """A membership's person as the municipality knows her."""

    user: int | None
    email: str
    own_email: str
    code: str

    @property
    def mark(self) -> str:
        """Return one word for the person."""
        return f"u:{self.user}" if self.user else f"m:{self.email}"


class People:
    """The persons that a batch of lines may mean."""

    def __init__(self, municipality: Municipality, lines: Sequence[Values]) -> None:
        emails = {line["email"] for line in lines if line["email"]}
        codes = {line["person_code"] for line in lines if line.get("person_code")}
        asked = Q(person_code__in=codes) | Q(email__in=emails) | Q(user__email__in=emails)
        rows = Membership.objects.filter(asked, municipality=municipality, revoked_at__isnull=True)
        found = rows.values_list("user_id", "email", "user__email", "person_code").distinct()
        self._by_code: dict[str, set[Known]] = {}
        self._by_email: dict[str, set[Known]] = {}
        for user, email, own_email, code in found:
            known = Known(user, email, (own_email or "").lower(), tidy(code))
            if known.code:
                self._by_code.setdefault(known.code, set()).add(known)
            for address in {known.email, known.own_email} - {""}:
                self._by_email.setdefault(address, set()).add(known)

    def find(self, values: Values) -> Known:
        """Return the person of a line.

        Raises:
            UnclearPersonError: two persons fit, one with another number has the address, or nobody fits and there is none.
        """
        code, email = values.get("person_code", ""), values["email"]
        if code and (known := self._by_code.get(code)):
            return _only(known, _("The employee number %(code)s belongs to several persons.") % {"code": code})
        candidates = self._by_email.get(email, set()) if email else set()
        if code and (others := sorted({known.code for known in candidates} - {"", code})):
            text = _("%(email)s belongs to employee number %(other)s.")
            raise UnclearPersonError(text % {"email": email, "other": others[0]})
        own = {known for known in candidates if known.own_email == email}
        if candidates:
            return _only(own or candidates, _("%(email)s belongs to several persons.") % {"email": email})
        if not email:
            raise UnclearPersonError(_("The employee number is new here: write an e-mail address too."))
        return Known(None, email, "", code)


def _only(known: Iterable[Known], text: str) -> Known:
    marks = {one.mark: one for one in sorted(known, key=lambda one: (one.user is None, one.email))}
    users = [one for one in marks.values() if one.user]
    if len(users) > 1 or (not users and len(marks) > 1):
        raise UnclearPersonError(text)
    return users[0] if users else next(iter(marks.values()))
