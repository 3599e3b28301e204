"""Addresses of groups, below `tilmelding/gruppe/`."""

from django.urls import URLPattern, path

from events.groups import page
from events.groups.mine import MineView
from events.groups.new import NewView

app_name = "groups"
urlpatterns: list[URLPattern] = [
    path("mine/", MineView.as_view(), name="mine"),
    path("ny/<uuid:uuid>/", NewView.as_view(), name="new"),
    path("<uuid:uuid>/", page.GroupView.as_view(), name="group"),
    path("<uuid:uuid>/navne/", page.NamesView.as_view(), name="names"),
    path("<uuid:uuid>/afmeld/", page.CancelView.as_view(), name="cancel"),
    path("<uuid:uuid>/forlad-ventelisten/", page.LeaveView.as_view(), name="leave"),
    path("<uuid:uuid>/flyt/", page.MoveView.as_view(), name="move"),
    path("<uuid:uuid>/tilbud/<uuid:offer>/", page.OfferView.as_view(), name="offer"),
    path("<uuid:uuid>/anden-person/<uuid:place>/", page.SubstituteView.as_view(), name="substitute"),
]
