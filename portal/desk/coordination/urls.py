"""Addresses of the coordinators' screens; each module brings its own, all below the municipality's name."""

from django.urls import URLPattern, URLResolver, include, path

from portal.desk.coordination import embed_keys, imports, invitations, meetings, members, overview, settings, units
from portal.desk.coordination.base import FrontView

app_name = "coordination"
_SCREENS: list[URLPattern] = [
    *overview.urlpatterns,
    *members.urlpatterns,
    *units.urlpatterns,
    *meetings.urlpatterns,
    *invitations.urlpatterns,
    *imports.urlpatterns,
    *embed_keys.urlpatterns,
    *settings.urlpatterns,
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", FrontView.as_view(), name="front"),
    path("<slug:slug>/", include(_SCREENS)),
]
