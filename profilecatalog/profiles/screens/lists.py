"""The list of all profiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.core.sorting import danish_key
from portal.core.visibility import asker
from profilecatalog.profiles.documents import ReleaseDocument
from profilecatalog.profiles.enums import ProfileKind
from profilecatalog.profiles.models import (
    ProfileIndexPage,
    ProfilePage,
    ProfileRelease,
)


@dataclass(frozen=True)
class ProfileCard:
    """A profile in the list."""

    title: str
    url: str
    summary: str
    kind: str
    meta: str


@dataclass(frozen=True)
class ProfileListScreen:
    """The list of profiles with its filter."""

    form: forms.Form
    action: str
    count: str
    cards: tuple[ProfileCard, ...]


class ProfileFilter(forms.Form):
    """What the list of profiles can be narrowed to; an unknown value in the address shows everything."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False)

    def __init__(self, data: Any, sectors: list[str]) -> None:
        super().__init__(data)
        kinds = [("", _("All"))] + [(value, str(label)) for value, label in ProfileKind.choices]
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = kinds
        fields["sector"].choices = [("", _("All")), *((name, name) for name in sectors)]

    def chosen(self, name: str) -> str:
        """Return a valid choice, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


def profile_list(page: ProfileIndexPage, request: HttpRequest) -> ProfileListScreen:
    """Return the live profiles as their newest releases say them; three queries, whatever the number."""
    rows = _with_documents(ProfilePage.objects.visible_to(asker(request)).child_of(page))
    form = ProfileFilter(request.GET, sorted({doc.sector for _page, doc in rows if doc.sector}, key=danish_key))
    kind, sector = form.chosen("kind"), form.chosen("sector")
    fitting = [row for row in rows if kind in ("", row[1].kind) and sector in ("", row[1].sector)]
    cards = _cards(fitting, request)
    count = ngettext("%(count)s profile", "%(count)s profiles", len(cards)) % {"count": len(cards)}
    return ProfileListScreen(form, page.get_url(request) or "", count, tuple(cards))


def profile_cards(page: ProfileIndexPage, request: HttpRequest) -> tuple[ProfileCard, ...]:
    """Return a card for every live profile below the list; two queries, whatever the number."""
    return tuple(_cards(_with_documents(ProfilePage.objects.visible_to(asker(request)).child_of(page)), request))


def _with_documents(pages: Iterable[ProfilePage]) -> list[tuple[ProfilePage, ReleaseDocument]]:
    profiles = list(pages)
    releases = ProfileRelease.objects.latest_of_each().filter(profile_id__in=[p.releases_of_id for p in profiles])
    documents = {release.profile_id: release.document for release in releases}
    return [(p, documents[p.releases_of_id]) for p in profiles if p.releases_of_id in documents]


def _cards(rows: list[tuple[ProfilePage, ReleaseDocument]], request: HttpRequest) -> list[ProfileCard]:
    """Return the cards, base profiles first: everybody begins there."""
    ordered = sorted(rows, key=lambda row: (row[1].kind != ProfileKind.BASE, danish_key(row[1].title), row[0].pk))
    return [
        ProfileCard(doc.title, p.get_url(request) or "", doc.summary, str(ProfileKind(doc.kind).label), _meta(doc))
        for p, doc in ordered
    ]


def _meta(document: ReleaseDocument) -> str:
    number = len(document.needs)
    return ngettext("%(count)s competence", "%(count)s competences", number) % {"count": number}
