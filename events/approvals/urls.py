"""Addresses of the approvals, below the organiser's; coordinators answer here, too."""

from django.urls import URLPattern, path

from events.approvals import views

app_name = "approvals"
urlpatterns: list[URLPattern] = [
    path("", views.WaitingView.as_view(), name="waiting"),
    path("<uuid:uuid>/", views.CaseView.as_view(), name="case"),
]
