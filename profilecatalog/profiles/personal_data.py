"""What the catalogue knows about persons: who released a profile, and who decided on a new release."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.personal_data import Erasure, Fate, PersonalData, Sheet, sheet
from profilecatalog.profiles.models import ProfileRelease, ReleaseProposal


def export_decisions(person: Any) -> Iterable[Sheet]:
    """Return the releases that she made and the proposals that she answered."""
    yield sheet(
        "releases",
        _("Releases that you made"),
        ProfileRelease.objects.filter(released_by=person).order_by("pk"),
        ("profile", _("Profile"), lambda release: release.profile.title),
        ("number", _("Release"), "number"),
        ("at", _("Time"), "released_at"),
    )
    yield sheet(
        "proposals",
        _("Proposals for a new release that you answered"),
        ReleaseProposal.objects.filter(decided_by=person).select_related("profile").order_by("pk"),
        ("profile", _("Profile"), "profile.title"),
        ("status", _("Status"), "get_status_display"),
        ("at", _("Time"), "decided_at"),
        ("reason", _("Reason"), "reason"),
    )


def erase_decisions(erasure: Erasure) -> None:
    """Leave the releases, which answers and other profiles point to, and take the name off."""
    ProfileRelease.objects.filter(released_by=erasure.person).update(released_by=None)
    ReleaseProposal.objects.filter(decided_by=erasure.person).update(decided_by=None)


PROFILES = PersonalData(
    key="profiles.decisions",
    title=_("Releases of profiles"),
    why=_("So that the parties can see who released what."),
    how_long=_("As long as the profile exists."),
    erasing=_("The releases stay, because answers and other profiles point to them. Your name goes."),
    fate=Fate.ANONYMISED,
    order=30,
    covers=("profiles.ProfileRelease.released_by", "profiles.ReleaseProposal.decided_by"),
    export=export_decisions,
    erase=erase_decisions,
)
