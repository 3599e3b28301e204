"""What a coordinator sees first."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from portal.desk.coordination.base import CoordinationView


class OverviewView(CoordinationView):
    """The municipality at a glance."""

    http_method_names = ["get", "head"]
    section = "overview"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw it."""
        return self.screen("desk/coordination/overview.html", {})


urlpatterns: list[URLPattern] = [path("", OverviewView.as_view(), name="overview")]
