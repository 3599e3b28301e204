"""The addresses as the demo has them."""

from django.urls import include, path

from portal.urls import urlpatterns as ordinary

urlpatterns = [path("demo/", include("portal.desk.urls")), *ordinary]
