"""What the approvals add to the editors' first screen: what waits for her, what she sent in, what came back; emergencies."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.permissions import page_permission_policy

from portal.core.sections import Section
from portal.core.visibility import asker
from portal.editorial.models import ExceptionalPublication
from portal.editorial.screens import lists
from portal.editorial.screens.standing import local

PLACE = "admin.dashboard"
MOST = 10
# So long a publication past the policy stands on the first screen of everybody concerned.
SHOUTED_FOR = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class EmergencyRow:
    """One publication past the policy."""

    title: str
    url: str
    who: str
    at: dt.datetime | None
    reason: str


def waiting_for_me(request: HttpRequest, user: Any) -> Section | None:
    """Return what she can answer now, the oldest first."""
    rows = lists.waiting_for(user, asker(request))
    return _section("godkend", _("Waits for your approval"), rows, lists.WAITING)


def sent_in_by_me(request: HttpRequest, user: Any) -> Section | None:
    """Return what she sent in and others have now."""
    return _section("sendt-ind", _("Sent in by you"), lists.sent_in_by(user), lists.RUNNING)


def returned_to_me(request: HttpRequest, user: Any) -> Section | None:
    """Return what came back to her."""
    return _section("returneret", _("Returned to you"), lists.returned_to(user), lists.RETURNED)


def emergencies(request: HttpRequest, user: Any) -> Section | None:
    """Return the publications past the policy of the last days, for who may edit the pages."""
    rows = emergency_rows(user)
    if not rows:
        return None
    title = _("Published in an emergency, past the policy")
    return Section(title, "haste", "editorial/admin/section_emergencies.html", {"rows": rows})


def emergency_rows(user: Any) -> list[EmergencyRow]:
    """Return them, the newest first."""
    editable = page_permission_policy.instances_user_has_permission_for(user, "change").values("pk")
    since = timezone.now() - SHOUTED_FOR
    found = recent_emergencies(since).filter(page__in=editable).select_related("page")
    return [_emergency(row) for row in found]


def recent_emergencies(since: dt.datetime) -> Any:
    """Return the emergencies that went live since then, the newest first."""
    rows = ExceptionalPublication.objects.filter(kind=ExceptionalPublication.EMERGENCY, used_at__gte=since)
    return rows.order_by("-used_at", "-pk")


def _emergency(row: ExceptionalPublication) -> EmergencyRow:
    url = reverse("wagtailadmin_pages:edit", args=[row.page_id])
    return EmergencyRow(row.page.get_admin_display_title(), url, row.who, local(row.used_at), row.reason)


def _section(anchor: str, title: str, rows: Sequence[lists.Row], part: str) -> Section | None:
    if not rows:
        return None
    more = f"{reverse('editorial:index')}?vis={part}" if len(rows) > MOST else ""
    return Section(title, anchor, "editorial/admin/section_rows.html", {"rows": rows[:MOST], "more_url": more})


def register_sections() -> None:
    """Register everything; called once when the app is ready."""
    from portal.core.sections import register
    from portal.editorial.screens.editor import editor_status

    register(PLACE, "editorial.emergencies", emergencies, order=1, cacheable=False)
    register(PLACE, "editorial.waiting", waiting_for_me, order=8, cacheable=False)
    register(PLACE, "editorial.returned", returned_to_me, order=10, cacheable=False)
    register(PLACE, "editorial.sent", sent_in_by_me, order=12, cacheable=False)
    register("admin.page_editor", "editorial.status", editor_status, order=10, cacheable=False)
