"""The addresses of a person's sign-up, below `tilmelding/`."""

from django.urls import path

from events.signup.views import guest, person, place

app_name = "signup"
urlpatterns = [
    path("link/<str:token>/", place.open_link, name="open"),
    path("plads/<uuid:uuid>/", place.PlaceView.as_view(), name="place"),
    path("plads/<uuid:uuid>/afmeld/", place.CancelView.as_view(), name="cancel"),
    path("plads/<uuid:uuid>/tilbud/", place.OfferView.as_view(), name="offer"),
    path("plads/<uuid:uuid>/flyt/", place.MoveView.as_view(), name="move"),
    path("plads/<uuid:uuid>/svar/", place.AnswersView.as_view(), name="answers"),
    path("plads/<uuid:uuid>/deltagerliste/", place.ConsentView.as_view(), name="consent"),
    path("gaest/mail-sendt/", guest.sent, name="guest_sent"),
    path("gaest/bekraeft/", guest.ConfirmView.as_view(), name="guest_answer"),
    path("gaest/bekraeft/<str:token>/", guest.open_link, name="confirm"),
    path("gaest/<uuid:uuid>/", guest.GuestView.as_view(), name="guest"),
    path("<uuid:uuid>/deltagere/", person.participants, name="participants"),
    path("<uuid:uuid>/", person.PersonView.as_view(), name="person"),
]
