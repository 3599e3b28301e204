"""Invitations: the screens and their addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
