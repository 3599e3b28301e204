"""What stands on my page for those who lead units."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.sections import Section, register
from portal.core.visibility import asker
from portal.desk.people.selectors import led_units

PLACE = "desk.my_page"


def register_sections() -> None:
    """Register them; call it from `AppConfig.ready`."""
    # Between what she is and who can see what.
    register(PLACE, "led-units", my_units, order=15, cacheable=False)


def my_units(request: HttpRequest, user: Any) -> Section | None:
    """Return the units that she manages."""
    links = [(unit.name, reverse("people:unit", args=[unit.uuid])) for unit in led_units(asker(request))]
    return Section(_("My units"), "mine-enheder", "desk/people/my_links.html", {"links": links}) if links else None
