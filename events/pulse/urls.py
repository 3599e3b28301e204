"""Addresses of the three questions."""

from django.urls import URLPattern, path

from events.pulse.views import PulseView

app_name = "pulse"
urlpatterns: list[URLPattern] = [
    path("tak/", PulseView.as_view(http_method_names=["get", "head"]), name="thanks"),
    path("<str:token>/", PulseView.as_view(), name="answer"),
]
