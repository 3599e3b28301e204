"""The addresses of the search page."""

from django.urls import path

from search.feeds import atom
from search.views import search_page, suggestions

app_name = "search"
urlpatterns = [
    path("soeg/", search_page, name="search"),
    path("soeg/forslag/", suggestions, name="suggest"),
    path("soeg/feed/", atom, name="feed"),
]
