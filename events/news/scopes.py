"""What one can hear about: all meetings, or those of a region, a municipality, a theme, a profile or a type.

A choice is written "municipality:<uuid>", so that a name may change and the subscription goes on.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.enums import EventKind, Scope
from events.models import EventPage, Occurrence, Theme
from portal.core.principal import ANONYMOUS
from portal.core.sorting import danish_key
from portal.organisations.api import Municipality, Region, municipalities_by_region
from profilecatalog.profiles.api import ProfilePage

Choices = list[tuple[str, Any]]
ALL = f"{Scope.ALL}:"


def choices(today: dt.date) -> Choices:
    """Return everything that can be chosen now, in groups."""
    groups = [
        (_("Region"), Scope.REGION, [(r.uuid, r.name) for r in _regions(today)]),
        *(
            (group.region.name, Scope.MUNICIPALITY, [(m.uuid, m.name) for m in group.municipalities])
            for group in municipalities_by_region(on=today)
        ),
        (pgettext("of a meeting", "Theme"), Scope.THEME, [(t.uuid, t.name) for t in _themes()]),
        (_("Profile"), Scope.PROFILE, [(p.translation_key, p.title) for p in _profiles()]),
        (_("Type"), Scope.KIND, list(EventKind.choices)),
    ]
    found: Choices = [(ALL, _("All meetings"))]
    found += [(title, [(f"{scope}:{key}", name) for key, name in rows]) for title, scope, rows in groups if rows]
    return found


def _regions(today: dt.date) -> list[Region]:
    rows = Region.objects.exclude(valid_to__lt=today)
    return sorted(rows, key=lambda region: danish_key(region.name))


def _themes() -> list[Theme]:
    used = EventPage.themes.through.objects.values("theme")
    return sorted(Theme.objects.filter(pk__in=used), key=lambda theme: danish_key(theme.name))


def _profiles() -> list[ProfilePage]:
    rows = ProfilePage.objects.visible_to(ANONYMOUS).filter(alias_of=None)
    return sorted(rows.only("title", "translation_key", "path"), key=lambda page: danish_key(page.title))


def chosen_in_list(query: QueryDict) -> str:
    """Return what the list of meetings was narrowed to, most narrow first, so that the form begins there."""
    if row := Municipality.objects.filter(code=query.get("kommune", "")[:8]).first():
        return f"{Scope.MUNICIPALITY}:{row.uuid}"
    if region := Region.objects.filter(slug=query.get("region", "")[:80]).first():
        return f"{Scope.REGION}:{region.uuid}"
    profiles = ProfilePage.objects.visible_to(ANONYMOUS).filter(slug=query.get("profil", "")[:255], alias_of=None)
    if page := profiles.order_by("pk").first():
        return f"{Scope.PROFILE}:{page.translation_key}"
    kind = query.get("type", "")
    return f"{Scope.KIND}:{kind}" if kind in EventKind.values else ALL


def label(scope: str, key: str) -> str:
    """Return what a subscription is about, in words."""
    if scope == Scope.ALL:
        return _("All meetings")
    if scope == Scope.KIND:
        return str(dict(EventKind.choices).get(key, key))
    row = _row(scope, key)
    return getattr(row, "title", None) or getattr(row, "name", None) or _("Something that is no longer there")


def _row(scope: str, key: str) -> Any:
    uuid = _uuid(key)
    if scope == Scope.PROFILE:
        return ProfilePage.objects.filter(translation_key=uuid, alias_of=None).order_by("pk").first()
    models: dict[str, Any] = {Scope.REGION: Region, Scope.MUNICIPALITY: Municipality, Scope.THEME: Theme}
    return models[scope].objects.filter(uuid=uuid).first()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def meetings_of(scope: str, key: str, now: dt.datetime) -> Any:
    """Return the meetings to come that everybody may see and that a choice is about; none when it is no longer there."""
    found: Any = Occurrence.objects.visible_to(ANONYMOUS).upcoming(now).going_ahead()
    if scope == Scope.ALL:
        return found
    if scope == Scope.KIND:
        return found.of_kinds([key])
    row = _row(scope, key)
    if row is None:
        return found.none()
    if scope == Scope.REGION:
        return found.in_region(row)
    if scope == Scope.MUNICIPALITY:
        return found.in_municipality(row)
    return found.about_profile(row) if scope == Scope.PROFILE else found.filter(event__themes=row)
