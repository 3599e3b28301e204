"""Addresses of the organiser."""

from django.urls import URLPattern, path

from events.running import acts, afterwards, door_screen, letter_views, team_views, views

app_name = "running"
urlpatterns: list[URLPattern] = [
    path("", views.MeetingsView.as_view(), name="meetings"),
    path("<uuid:uuid>/", views.PeopleView.as_view(), name="people"),
    path("<uuid:uuid>/deltagere.<slug:kind>", views.ExportView.as_view(), name="export"),
    path("<uuid:uuid>/tilmeld/", acts.AddView.as_view(), name="add"),
    path("<uuid:uuid>/afmeld/<uuid:place>/", acts.CancelView.as_view(), name="cancel"),
    path("<uuid:uuid>/pladser/", acts.CapacityView.as_view(), name="capacity"),
    path("<uuid:uuid>/mails/", letter_views.LettersView.as_view(), name="letters"),
    path("<uuid:uuid>/hold/", team_views.TeamsView.as_view(), name="teams"),
    path("<uuid:uuid>/hold/nyt/", team_views.TeamAddView.as_view(), name="team_add"),
    path("<uuid:uuid>/hold/ark.pdf", team_views.SheetsView.as_view(), name="sheets"),
    path("<uuid:uuid>/hold/person/<uuid:place>/", team_views.SeatView.as_view(), name="seat"),
    path("<uuid:uuid>/hold/<uuid:team>/", team_views.TeamChangeView.as_view(), name="team_change"),
    path("<uuid:uuid>/hold/<uuid:team>/fjern/", team_views.TeamRemoveView.as_view(), name="team_remove"),
    path("<uuid:uuid>/hold/<uuid:team>/ark.pdf", team_views.SheetsView.as_view(), name="sheet"),
    path("<uuid:uuid>/doeren/", door_screen.DoorScreenView.as_view(), name="door"),
    path("<uuid:uuid>/doeren/<uuid:door>/luk/", door_screen.DoorCloseView.as_view(), name="door_close"),
    path("<uuid:uuid>/bagefter/", afterwards.AfterwardsView.as_view(), name="afterwards"),
]
