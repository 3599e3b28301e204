"""Addresses; the names are those that allauth asks for. Allauth gathers them per provider, so the choice stands here too."""

from django.urls import path

from portal.accounts.connections.oidc import views
from portal.accounts.connections.views import begin, choose, identities

urlpatterns = [
    path("kommune/", choose, name="own_login"),
    path("kommune/mine/", identities, name="socialaccount_connections"),
    path("kommune/oidc/<slug:provider_id>/", begin, name="openid_connect_login"),
    path("kommune/oidc/<slug:provider_id>/svar/", views.callback, name="openid_connect_callback"),
]
