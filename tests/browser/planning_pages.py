"""The screens of planning and approving, at the example's meetings."""

from collections.abc import Callable

from django.urls import reverse

from events.models import Occurrence, Question, Series
from portal.seats.api import MUNICIPALITY_APPROVAL, ORGANISER_APPROVAL, SignUp
from portal.workflows.api import Case
from tests.browser.screens import COORDINATOR, EDITOR, Screen


def approval(kind: str, code: str) -> Callable[[], str]:
    """Return the address of an example's sign-up that awaits an answer."""

    def address() -> str:
        of_people = SignUp.objects.filter(municipality__code=code).values("pk")
        case = Case.objects.open().filter(kind=kind, object_id__in=of_people).order_by("pk")[0]
        return reverse("approvals:case", args=[case.uuid])

    return address


def of_series(name: str) -> Callable[[], str]:
    """Return the address of a screen of the example's series, or of its first date."""

    def address() -> str:
        series = Series.objects.order_by("pk")[0]
        first = series.occurrences.order_by("starts_at", "pk")[0]
        return reverse(f"series_admin:{name}", args=[series.pk if name == "series" else first.pk])

    return address


def new_series() -> str:
    """Return the form that makes a series of a date."""
    time = Occurrence.objects.filter(event__slug="klar-tale-i-brevet").order_by("pk")[0]
    return reverse("series_admin:make", args=[time.pk])


def time_with_people() -> str:
    """Return the editor's form of a time that people are signed up for."""
    time = Occurrence.objects.filter(event__slug="borgerservice-om-tre-aar").order_by("pk")[0]
    return reverse("occurrence:edit", args=[time.pk])


def question() -> str:
    """Return the editor's form of a question."""
    return reverse("eventquestion:edit", args=[Question.objects.order_by("pk")[0].pk])


VISITOR: tuple[Screen, ...] = (
    Screen("moeder-naer", "/moeder/?naer=0461"),
    Screen("moeder-naer-ukendt", "/moeder/?naer=9999"),
)
SIGNED_IN: tuple[Screen, ...] = (
    Screen("godkend-liste", "/arrangoer/godkend/", COORDINATOR),
    Screen("godkend-kommune", approval(MUNICIPALITY_APPROVAL, "0461"), COORDINATOR),
    Screen("godkend-arrangoer", approval(ORGANISER_APPROVAL, "0860"), EDITOR),
)
ADMIN: tuple[Screen, ...] = (
    Screen("admin-moedetid-med-tilmeldte", time_with_people, EDITOR),
    Screen("admin-moederaekker", "/admin/moedeserier/", EDITOR),
    Screen("admin-moederaekke", of_series("series"), EDITOR),
    Screen("admin-moederaekke-ny", new_series, EDITOR),
    Screen("admin-moederaekke-foelg", of_series("follow"), EDITOR),
    Screen("admin-spoergsmaal", question, EDITOR),
    Screen("admin-spoergsmaal-liste", lambda: reverse("eventquestion:index"), EDITOR),
)
