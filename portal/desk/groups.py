"""Who may do what in the admin, in one table that code applies: `manage.py setup_groups` (see `portal.desk.rights`).

Who is in a group follows from memberships (`portal.accounts.groups`). Coordinators, managers and facilitators have no row:
their screens stand outside the admin. An editor of any party may publish. That is so only until the workflows come: then
a profile is published when every party has approved it, and the right to publish leaves the editors' rows here.
"""

from dataclasses import dataclass, field

from wagtail.models import Page

from events.api import EventIndexPage
from learning.api import CourseIndexPage
from portal.accounts.api import ADMINISTRATORS, ORGANISERS, PROVIDERS, editors_of
from portal.organisations.api import Party

EDITORS_HK = editors_of("hk")
EDITORS_KL = editors_of("kl")
# Files that every party's editors keep together, beside one collection for each party.
SHARED_FILES = "Fælles filer"

_ALL = ("add", "change", "delete", "view")
_WRITE = ("add", "change")
_PAGES = ("add", "change", "publish", "bulk_delete", "lock", "unlock")

_CONTENT: dict[str, tuple[str, ...]] = {
    "profiles.competence": (*_ALL, "publish"),
    "profiles.competencearea": _ALL,
    "profiles.scale": _ALL,
    "profiles.releaseproposal": ("change", "view"),
    "learning.provider": _ALL,
    "learning.courserun": _ALL,
    "events.occurrence": _ALL,
    "events.question": _ALL,
    "events.theme": _ALL,
    # To answer for a sign-up where the organiser approves; which meetings are hers is asked besides.
    "seats.signup": ("change",),
    "contacts.contactcard": _ALL,
    "wagtailredirects.redirect": _ALL,
    "search.synonym": _ALL,
    "search.promotion": _ALL,
    "search.querycount": ("view",),
}
_ADMINISTRATION: dict[str, tuple[str, ...]] = {
    **_CONTENT,
    "organisations.municipality": ("change", "view"),
    "organisations.region": ("add", "change", "view"),
    "organisations.party": ("add", "change", "view"),
    "organisations.unit": ("view",),
    "accounts.membership": ("add", "change", "view"),
    "pages.sitesettings": ("change", "view"),
    "accounts.user": ("add", "change", "view"),
    "auth.group": _ALL,
    "wagtailcore.site": _ALL,
    "wagtailcore.collection": _ALL,
    "core.outboxmessage": ("change", "view"),
    "core.auditentry": ("view",),
    "search.enginetrouble": ("view",),
    # The right of an administrator alone: past what the parties have agreed, with a reason that everybody is told.
    "editorial.emergency": ("publish_in",),
}


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A group: what it may do with each kind of row, with pages (below each site's root, or below the index pages of a
    type), and with files (in the root collection, or in one of the root's children by name)."""

    name: str
    models: dict[str, tuple[str, ...]] = field(default_factory=dict)
    site: tuple[str, ...] = ()
    below: dict[type[Page], tuple[str, ...]] = field(default_factory=dict)
    all_files: tuple[str, ...] = ()
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)


def groups() -> tuple[GroupSpec, ...]:
    """Return the table: a group for the editors of every party there is, and those of the other roles."""
    return (
        *(_editors(party) for party in Party.objects.order_by("key")),
        # "Add" reaches only what somebody has made herself; an editor reads it through and publishes.
        GroupSpec(PROVIDERS, below={CourseIndexPage: ("add",)}, all_files=("choose",), files={SHARED_FILES: ("add",)}),
        GroupSpec(ORGANISERS, below={EventIndexPage: ("add",)}, all_files=("choose",), files={SHARED_FILES: ("add",)}),
        GroupSpec(ADMINISTRATORS, _ADMINISTRATION, site=_PAGES, all_files=(*_WRITE, "choose")),
    )


def _editors(party: Party) -> GroupSpec:
    own: dict[str, tuple[str, ...]] = {SHARED_FILES: _WRITE, files_of(party): _WRITE}
    return GroupSpec(editors_of(party.key), _CONTENT, site=_PAGES, all_files=("choose",), files=own)


def files_of(party: Party) -> str:
    """Return the name of a party's collection of files."""
    return f"Filer, {party.key.upper()}"
