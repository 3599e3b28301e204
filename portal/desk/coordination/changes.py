"""What was changed lately in a municipality, from the audit trail: only entries of its own objects."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from portal.core.models import AuditEntry
from portal.organisations.api import Municipality

# Kinds of objects whose history is the coordinators' business; an editor's contact card is not.
_KINDS = (
    "accounts.membership",
    "accounts.invitation",
    "accounts.importrun",
    "organisations.unit",
    "organisations.municipality",
    "assessment.embedkey",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One act, in words."""

    at: datetime
    who: str
    what: str
    about: str


def latest_changes(municipality: Municipality, *, most: int) -> tuple[Change, ...]:
    """Return the latest acts on the municipality's people, units, keys and settings, newest first."""
    words = _words()
    entries = AuditEntry.objects.filter(municipality=municipality.code, object_type__in=_KINDS)
    return tuple(
        Change(entry.at, entry.actor_label, words.get(entry.action, entry.action), entry.object_label)
        for entry in entries.order_by("-at", "-pk")[:most]
    )


def _words() -> dict[str, str]:
    return {
        "membership.grant": _("Role given"),
        "membership.end": _("Role ended"),
        "membership.claim": _("Signed in for the first time"),
        "membership.go_on": _("Last day taken back"),
        "membership.change": _("Membership changed"),
        "invitation.send": _("Invitation sent"),
        "invitation.resend": _("Invitation sent again"),
        "invitation.accept": _("Invitation accepted"),
        "invitation.carry": _("Invitation leads to the new role"),
        "invitation.withdraw": _("Invitation withdrawn"),
        "import.upload": _("File uploaded"),
        "import.apply": _("Import carried out"),
        "import.abandon": _("Import dropped"),
        "import.retry": _("Import begun again"),
        "unit.create": _("Unit added"),
        "unit.change": _("Unit renamed"),
        "unit.move": _("Unit moved"),
        "unit.close": _("Unit closed"),
        "assessment.embed_key_created": _("Embed key made"),
        "assessment.embed_key_ends": _("Embed key replaced"),
        "assessment.embed_key_revoked": _("Embed key revoked"),
        "municipality.settings": _("Settings changed"),
        "municipality.members_exported": _("List of members taken out"),
        "municipality.meetings_exported": _("List of people at meetings taken out"),
    }
