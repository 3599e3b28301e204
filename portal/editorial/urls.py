"""The screens of the editorial workflows, below the admin."""

from django.urls import path

from portal.editorial import views

app_name = "editorial"
urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("arbejdsgange/", views.WorkflowsView.as_view(), name="workflows"),
    path("haste/<int:page_id>/", views.EmergencyView.as_view(), name="emergency"),
    path("<uuid:uuid>/", views.SubmissionView.as_view(), name="submission"),
    path("<uuid:uuid>/fortryd/", views.CancelView.as_view(), name="cancel"),
    path("<uuid:uuid>/laest/<int:vote>/", views.ReadView.as_view(), name="read"),
]
