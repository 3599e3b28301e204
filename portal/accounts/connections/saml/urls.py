"""Addresses; the names are those that allauth asks for where it has some."""

from django.urls import path

from portal.accounts.connections.saml import views
from portal.accounts.connections.views import begin

urlpatterns = [
    path("kommune/saml/<slug:provider_id>/", begin, name="saml_login"),
    path("kommune/saml/<slug:provider_id>/svar/", views.receive, name="saml_acs"),
    path("kommune/saml/<slug:provider_id>/faerdig/<str:token>/", views.finish, name="saml_finish_acs"),
    path("kommune/saml/<slug:provider_id>/metadata/", views.metadata, name="saml_metadata"),
]
