"""The address in the mail, and the pages that it leads to."""

from django.urls import path

from portal.accounts.invitations import views

app_name = "invitations"
urlpatterns = [
    path("", views.AnswerView.as_view(), name="answer"),
    path("velkommen/", views.welcome, name="welcome"),
    path("velkommen/to-trin/", views.factor, name="factor"),
    path("<str:token>/", views.open_link, name="open"),
]
