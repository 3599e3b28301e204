"""Screens of search in Wagtail's admin that are no list of rows."""

from django.urls import path

from search.editing.usage_page import UsageView
from search.trouble_admin import StateView

app_name = "search_admin"
urlpatterns = [
    path("soegt/", UsageView.as_view(), name="usage"),
    path("tilstand/", StateView.as_view(), name="search_state"),
]
