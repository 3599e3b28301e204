"""The desk's own addresses; they are there in the demo only (see `portal.urls`)."""

from django.urls import path

from portal.desk.example_codes import codes
from portal.desk.mailbox import mailbox, one_mail

app_name = "desk"
urlpatterns = [
    path("koder/", codes, name="codes"),
    path("post/", mailbox, name="mailbox"),
    path("post/<uuid:uuid>/", one_mail, name="mail"),
]
