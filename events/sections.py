"""What meetings add to pages below and beside them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Occurrence
from events.selectors.rows import rows
from portal.core.addresses import address_above
from portal.core.sections import Section, register
from portal.core.visibility import asker

ON_HOME, ON_PROFILE, ON_MUNICIPALITY = 4, 5, 5


def _section(
    found: Any, limit: int, request: HttpRequest, template: str, title: str, query: str = ""
) -> Section | None:
    """Return the nearest meetings that are held; nothing where there is none."""
    now = timezone.now()
    nearest = list(found.visible_to(asker(request)).not_over(now).going_ahead().for_list().in_order()[:limit])
    if not nearest:
        return None
    shown = rows(nearest, request, now)
    url = address_above(shown[0].url)
    context = {"rows": shown, "list_url": f"{url}?{query}" if url and query else url}
    return Section(title, "moeder", template, context)


def home(request: HttpRequest, page: Any) -> Section | None:
    """The next meetings anywhere."""
    return _section(Occurrence.objects.all(), ON_HOME, request, "events/sections/section.html", _("Next meetings"))


def profile(request: HttpRequest, page: Any) -> Section | None:
    """The next meetings that concern the profile."""
    source = page.alias_of_id or page.pk
    found = Occurrence.objects.about_profile(source)
    title = _("Meetings about the profile")
    return _section(found, ON_PROFILE, request, "events/sections/section.html", title, f"profil={page.slug}")


def municipality(request: HttpRequest, obj: Any) -> Section | None:
    """The next meetings in the municipality."""
    found = Occurrence.objects.in_municipality(obj)
    title = _("Meetings in the municipality")
    return _section(found, ON_MUNICIPALITY, request, "events/sections/section.html", title, f"kommune={obj.code}")


def register_sections() -> None:
    """Register all of them."""
    register("pages.home", "events.next", home, order=30)
    register("profiles.profile", "events.upcoming", profile, order=50)
    register("desk.municipality", "events.upcoming", municipality, order=50)
