"""The profile page's data, from a release's document alone; a preview resolves the draft instead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.sections import Section
from portal.core.visibility import asker, pages_visible_to
from profilecatalog.profiles.documents import ProfileRef, ReleaseDocument
from profilecatalog.profiles.enums import ProfileKind, ReleaseChange
from profilecatalog.profiles.models import Competence, CompetenceIndexPage, ProfilePage, ProfileRelease
from profilecatalog.profiles.screens.rows import RequirementRow, requirement_row
from profilecatalog.profiles.services.changes import marked
from profilecatalog.profiles.services.resolve import resolve


@dataclass(frozen=True)
class GroupRows:
    """A heading with its rows."""

    title: str
    hint: str
    rows: tuple[RequirementRow, ...]


@dataclass(frozen=True)
class RefLink:
    """Another profile; without an address while its page is not live."""

    title: str
    url: str
    note: str


@dataclass(frozen=True)
class ReleaseEntry:
    """One line of the change log."""

    number: int
    released_at: datetime
    change: str
    reason: str
    url: str
    is_shown: bool


@dataclass(frozen=True)
class ContentsEntry:
    """An entry of "on this page"."""

    title: str
    anchor: str


@dataclass(frozen=True)
class ProfileScreen:
    """Everything that the template draws."""

    document: ReleaseDocument
    kind: str
    level_names: tuple[str, ...]
    groups: tuple[GroupRows, ...]
    has_essential: bool
    retired: tuple[str, ...]
    builds_on: tuple[RefLink, ...]
    next_steps: tuple[RefLink, ...]
    releases: tuple[ReleaseEntry, ...]
    shown: ReleaseEntry | None
    newest_url: str
    # Sections of the floors above: boxes to act on stand right below the competences, the others further down.
    sections: tuple[Section, ...] = ()
    actions: tuple[Section, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the title of the window, which tells releases apart."""
        if not self.newest_url or self.shown is None:
            return self.document.title
        return _("%(title)s, release %(number)s") % {"title": self.document.title, "number": self.shown.number}

    @property
    def targets(self) -> list[dict[str, str]]:
        """Return the next steps as the component `path_map` takes them."""
        return [{"title": ref.title, "url": ref.url, "note": ref.note} for ref in self.next_steps]

    @property
    def action_url(self) -> str:
        """Return where the page's one primary action leads: the address a section gives, or the section itself."""
        return str(self.actions[0].context.get("url") or f"#{self.actions[0].anchor}") if self.actions else ""

    @property
    def action_text(self) -> str:
        """Return what the primary action says."""
        return str(self.actions[0].context.get("link_text") or self.actions[0].title) if self.actions else ""

    @property
    def contents(self) -> tuple[ContentsEntry, ...]:
        """Return "on this page": every part that is there."""
        document = self.document
        own = [
            (document.in_short, _("In short"), "kort"),
            (document.tasks, _("Tasks"), "opgaver"),
            (self.groups, _("Competences"), "kompetencer"),
            (document.voices, _("Voices from the job"), "stemmer"),
            (document.questions, _("Talk about it"), "dialog"),
            *((True, section.title, section.anchor) for section in self.sections),
            (self.next_steps, _("Next steps"), "vej"),
            (document.sources, _("Sources"), "kilder"),
            (self.releases, _("Releases"), "udgaver"),
        ]
        return tuple(ContentsEntry(title, anchor) for content, title, anchor in own if content)

    @property
    def meta(self) -> tuple[str, ...]:
        """Return the facts below the heading: who stands behind, and for which job."""
        publishers = _and_list(self.document.publishers)
        return tuple(
            text
            for text in (
                _("Published by %(parties)s") % {"parties": publishers} if publishers else "",
                self.document.target_job,
                self.document.sector,
            )
            if text
        )


def profile_screen(
    page: ProfilePage, request: HttpRequest, sections: Sequence[Section], number: int | None = None
) -> ProfileScreen | None:
    """Return the page's screen for a release, the newest by default; None where there is no such release.

    Three queries, whatever the number of items: releases, pages that are linked to, competences.
    """
    releases = page.shown_releases()
    shown = next((release for release in releases if number in (None, release.number)), None)
    if shown is None:
        return None
    entries = tuple(_entry(page, request, release, shown) for release in releases)
    return _screen(page, request, sections, shown.document, entries, number is not None and shown is not releases[0])


def preview_screen(page: ProfilePage, request: HttpRequest, sections: Sequence[Section]) -> ProfileScreen:
    """Return what would be released of a draft, with what stands in its way."""
    resolution = resolve(page)
    releases = list(ProfileRelease.objects.of([page.pk])) if page.pk else []
    before = releases[0].document if releases else None
    document = marked(before, resolution.document, page.release_change)
    entries = tuple(_entry(page, request, release, None) for release in releases)
    problems = tuple(dict.fromkeys(str(problem.message) for problem in resolution.problems))
    return _screen(page, request, sections, document, entries, False, problems)


def _entry(
    page: ProfilePage, request: HttpRequest, release: ProfileRelease, shown: ProfileRelease | None
) -> ReleaseEntry:
    return ReleaseEntry(
        number=release.number,
        released_at=release.released_at,
        change=str(ReleaseChange(release.change).label),
        reason=release.reason,
        url=page.release_url(release.number, request),
        is_shown=release is shown,
    )


def _screen(
    page: ProfilePage,
    request: HttpRequest,
    sections: Sequence[Section],
    document: ReleaseDocument,
    releases: tuple[ReleaseEntry, ...],
    is_older: bool,
    problems: tuple[str, ...] = (),
) -> ProfileScreen:
    shown = next((entry for entry in releases if entry.is_shown), None)
    # A preview shows the release that is still to come.
    number = shown.number if shown else (releases[0].number + 1 if releases else 1)
    places = _places(request, document)
    return ProfileScreen(
        document=document,
        kind=str(ProfileKind(document.kind).label),
        level_names=tuple(level.name for level in document.scale.levels),
        groups=tuple(
            GroupRows(
                group.title,
                _count(len(group.items)),
                tuple(requirement_row(i, places.competences, number) for i in group.items),
            )
            for group in document.groups
        ),
        has_essential=any(item.importance == "essential" for item in document.items),
        retired=tuple(_retired(row.name, row.replaced_by) for row in document.retired),
        builds_on=tuple(places.profiles.get(ref.uuid, RefLink(ref.title, "", ref.note)) for ref in document.builds_on),
        next_steps=tuple(_with_note(places.profiles, ref) for ref in document.next_steps),
        releases=releases,
        shown=shown,
        newest_url=(page.get_url(request) or "") if is_older else "",
        sections=() if is_older else tuple(section for section in sections if section.in_contents),
        actions=() if is_older else tuple(section for section in sections if not section.in_contents),
        problems=problems,
    )


def _count(number: int) -> str:
    return ngettext("%(count)s competence", "%(count)s competences", number) % {"count": number}


def _retired(name: str, replaced_by: str) -> str:
    if replaced_by:
        return _("%(name)s, replaced by %(other)s") % {"name": name, "other": replaced_by}
    return name


def _with_note(links: Mapping[UUID, RefLink], ref: ProfileRef) -> RefLink:
    link = links.get(ref.uuid)
    return RefLink(ref.title, link.url if link else "", ref.note)


@dataclass(frozen=True)
class _Places:
    """Where things are: other profiles, and the competences of the document."""

    profiles: Mapping[UUID, RefLink]
    competences: Mapping[UUID, str]


def _places(request: HttpRequest, document: ReleaseDocument) -> _Places:
    """Find the addresses in two queries: one for all pages, one for the published competences."""
    uuids = {ref.uuid for ref in (*document.builds_on, *document.next_steps)}
    wanted = Q(profilepage__uuid__in=uuids) | Q(competenceindexpage__isnull=False)
    pages = (
        pages_visible_to(asker(request)).filter(wanted).annotate(profile_uuid=F("profilepage__uuid")).order_by("path")
    )
    links: dict[UUID, RefLink] = {}
    base = ""
    for other in pages:
        url = other.get_url(request) or ""
        if other.profile_uuid:
            links[other.profile_uuid] = RefLink(other.title, url, "")
        else:
            base = base or url
    return _Places(links, _competence_urls(base, {item.competence_uuid for item in document.items}))


def _competence_urls(base: str, uuids: Iterable[UUID]) -> dict[UUID, str]:
    # Without a list of competences they have no address.
    if not base:
        return {}
    reverse = CompetenceIndexPage.get_resolver().reverse
    rows = Competence.objects.live().filter(uuid__in=list(uuids)).values_list("uuid", "slug")
    return {uuid: f"{base}{reverse('competence', slug)}" for uuid, slug in rows}


def _and_list(names: Sequence[Any]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
