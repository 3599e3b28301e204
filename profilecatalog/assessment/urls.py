"""Addresses of the self-assessment: the public one, and the one that a municipality frames on its intranet."""

from django.urls import URLPattern

app_name = "assessment"
urlpatterns: list[URLPattern] = []
