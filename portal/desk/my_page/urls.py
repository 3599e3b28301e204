"""The addresses of my page."""

from django.urls import path

from portal.desk.my_page import views

app_name = "my_page"
urlpatterns = [
    path("", views.front, name="front"),
    path("opslag/", views.lookups, name="lookups"),
    path("data/", views.data, name="data"),
    path("data/hent/", views.data_export, name="export"),
    path("data/slet/", views.data_erase, name="erase"),
]
