"""Addresses; the names are those that allauth asks for."""

from django.urls import path

from portal.accounts.connections.oidc import views
from portal.accounts.connections.views import begin

urlpatterns = [
    path("kommune/oidc/<slug:provider_id>/", begin, name="openid_connect_login"),
    path("kommune/oidc/<slug:provider_id>/svar/", views.callback, name="openid_connect_callback"),
]
