"""The address in the mail, and the page that it leads to."""

from django.urls import path

from portal.contacts import views

app_name = "contacts"
urlpatterns = [
    path("", views.AnswerView.as_view(), name="answer"),
    path("tak/", views.thanks, name="thanks"),
    path("<str:token>/", views.open_link, name="open"),
]
