"""Addresses of the ground."""

from django.urls import URLPattern, path

from portal.core.component_sheet.views import component_sheet

app_name = "core"
urlpatterns: list[URLPattern] = [
    path("komponenter/", component_sheet, name="component_sheet"),
    path("komponenter/<slug:slug>/", component_sheet, name="component_sheet_group"),
]
