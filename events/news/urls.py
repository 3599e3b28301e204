"""The addresses of the subscriptions, below `nyt-om-moeder/`."""

from django.urls import path

from events.news import views

app_name = "news"
urlpatterns = [
    path("", views.SubscribeView.as_view(), name="subscribe"),
    path("mail-sendt/", views.sent, name="sent"),
    path("bekraeft/<str:token>/", views.ConfirmView.as_view(), name="confirm"),
    path("afmeld/<str:token>/", views.LeaveView.as_view(), name="leave"),
]
