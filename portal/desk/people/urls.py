"""Addresses of units and persons."""

from django.urls import URLPattern, path

from portal.desk.people.views import PersonView, UnitView

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("enheder/<uuid:uuid>/", UnitView.as_view(), name="unit"),
    path("personer/<uuid:uuid>/", PersonView.as_view(), name="person"),
]
