"""The import and export of units and memberships: the screens and their addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
