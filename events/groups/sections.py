"""What stands on my page for those who lead units: the way to their people at meetings."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.roles import Role
from portal.core.sections import Section, register
from portal.core.visibility import asker

PLACE = "desk.my_page"


def register_sections() -> None:
    """Register it; call it from `AppConfig.ready`."""
    # After the units that she leads.
    register(PLACE, "led-people-at-meetings", people_at_meetings, order=16, cacheable=False)


def people_at_meetings(request: HttpRequest, user: Any) -> Section | None:
    """Return the way to the list, for managers."""
    if not asker(request).units(Role.MANAGER):
        return None
    return Section(
        _("My employees at meetings"),
        "medarbejdere-paa-moeder",
        "events/groups/parts/my_link.html",
        {"url": reverse("groups:mine")},
    )
