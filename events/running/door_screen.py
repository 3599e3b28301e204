"""The organiser's side of the door: make a link, show it as a code for telephones, close it."""

from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events.running.attendance import attendance_counts
from events.running.base import RunningView
from events.running.doors import door_close, door_make, door_of, open_doors


class DoorScreenView(RunningView):
    """The open links; POST makes one more and shows it, this once."""

    section = "door"

    def get(self, request: HttpRequest, link: str = "") -> HttpResponse:
        """Draw them."""
        context = {
            "doors": list(open_doors(self.occurrence)),
            "counts": attendance_counts(self.occurrence),
            "link": link,
            "code": code_of(link) if link else "",
        }
        return self.screen("events/running/door.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a link; it is in this answer and nowhere else, so it is no redirect."""
        return self.get(request, door_make(actor=request.user, occurrence=self.occurrence))


def code_of(link: str) -> str:
    """Return the link as a QR code, as the address of a picture."""
    return str(segno.make(link, error="m").svg_data_uri(scale=6, border=4, light="#fff"))


class DoorCloseView(RunningView):
    """Close a link; whoever has it sees no names from then on. A new one is made in a moment, so nothing is asked."""

    section = "door"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, door: UUID) -> HttpResponse:
        """Close it.

        Raises:
            Http404: there is no such link of this meeting.
        """
        found = door_of(self.occurrence, door)
        if found is None:
            raise Http404
        door_close(actor=request.user, link=found)
        self.say(_("The link is closed."))
        return self.to("door")
