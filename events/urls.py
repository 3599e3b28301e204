"""Addresses for calendars; the pages themselves are Wagtail's."""

from django.urls import path

from events import feeds, views

app_name = "events"
urlpatterns = [
    path("kalender.ics", views.feed, name="feed"),
    path("moeder.atom", feeds.atom, name="atom"),
    path("kalender/<uuid:key>.ics", views.event_calendar, name="event_calendar"),
    path("tid/<uuid:key>.ics", views.occurrence_calendar, name="occurrence_calendar"),
]
