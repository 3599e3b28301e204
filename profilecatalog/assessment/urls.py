"""Addresses of the self-assessment: the public one, and the one that a municipality frames on its intranet."""

from django.urls import URLPattern, path

from profilecatalog.assessment.views import AssessmentView

app_name = "assessment"
urlpatterns: list[URLPattern] = [
    path("selvvurdering/<slug:slug>/", AssessmentView.as_view(), name="assess"),
    path("indlejret/<str:key>/<slug:slug>/", AssessmentView.as_view(), name="embed"),
]
