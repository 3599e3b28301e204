"""Addresses below the admin."""

from django.urls import path

from profilecatalog.profiles.views import ProposalView

app_name = "profiles_admin"

urlpatterns = [path("profiler/ny-udgave/<uuid:uuid>/", ProposalView.as_view(), name="proposal")]
