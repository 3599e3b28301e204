"""Addresses of the organiser."""

from django.urls import URLPattern, path

from events.running import views

app_name = "running"
urlpatterns: list[URLPattern] = [
    path("", views.MeetingsView.as_view(), name="meetings"),
    path("<uuid:uuid>/", views.PeopleView.as_view(), name="people"),
    path("<uuid:uuid>/deltagere.<slug:kind>/", views.ExportView.as_view(), name="export"),
]
