"""Addresses of the door."""

from django.urls import URLPattern, path

from events.running import door_views as views

app_name = "door"
urlpatterns: list[URLPattern] = [
    path("vagt.js", views.worker, name="worker"),
    path("aabn/<str:token>/", views.open_door, name="open"),
    path("liste/<uuid:uuid>/", views.DoorView.as_view(), name="list"),
    path("liste/<uuid:uuid>/synk/", views.sync, name="sync"),
]
