"""What the desk adds to Wagtail's admin: the panel that says what waits for the one who is signed in."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from portal.core.sections import collect
from portal.desk.dashboard import PLACE


class WaitingPanel(Component):
    """The first panel of the admin's home page; what stands in it is registered by whoever knows of something."""

    name = "waiting"
    template_name = "desk/admin/waiting.html"
    order = 10

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Collect what waits; an empty list is said in words."""
        return {"request": self.request, "sections": collect(PLACE, self.request, self.request.user)}


@hooks.register("construct_homepage_panels")
def what_waits(request: HttpRequest, panels: list[Any]) -> None:
    """Put our panel first."""
    panels.append(WaitingPanel(request))
