"""After the meeting: how many came, what the pulse came to, and when the names go."""

from django.http import HttpRequest, HttpResponse

from events.pulse.selectors import pulse_screen
from events.retention import keeping_lines
from events.running.attendance import attendance_counts
from events.running.base import RunningView


class AfterwardsView(RunningView):
    """What is left when it is over."""

    http_method_names = ["get", "head"]
    section = "afterwards"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw it."""
        context = {
            "counts": attendance_counts(self.occurrence),
            "pulse": pulse_screen(self.occurrence),
            "keeping": keeping_lines(self.occurrence),
        }
        return self.screen("events/running/afterwards.html", context)
