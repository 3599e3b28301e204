"""The frame of every screen below `/arrangoer/<meeting time>/`: who is let in, the menu, and that nobody stores a page."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from events.models import Occurrence
from events.permissions import occurrence_to_run, waits_for_a_second_factor
from portal.accounts.factors import to_factors
from portal.accounts.screens import SignedInView
from portal.core.breadcrumbs import Crumb
from portal.core.errors import RefusedError
from portal.core.formats import period

# The menu of the screens: the name of the address, and what it is called.
MENU: tuple[tuple[str, Promise], ...] = (
    ("people", gettext_lazy("Attendee list")),
    ("letters", gettext_lazy("Mails")),
    ("teams", gettext_lazy("Teams")),
    ("door", gettext_lazy("At the door")),
    ("afterwards", pgettext_lazy("a meeting", "Afterwards")),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the local menu; `current` is "page" on the entry's own page and "true" below it."""

    title: str
    url: str
    current: str = ""


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """Send an organiser whose session has shown one factor only to where she sets up or shows the second."""
    return to_factors(request, request.get_full_path() if request.method == "GET" else reverse("running:meetings"))


class RunningView(SignedInView):
    """A screen about one meeting time. `self.occurrence` is set, and gone from the arguments: the gate has been passed."""

    section: ClassVar[str] = "people"
    occurrence: Occurrence

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who runs the meeting; one of others does not exist for the asker."""
        uuid: UUID = kwargs.pop("uuid")
        principal = request.principal  # type: ignore[attr-defined]
        if not principal.is_anonymous:
            try:
                self.occurrence = occurrence_to_run(principal, uuid)
            except Http404:
                if waits_for_a_second_factor(principal):
                    return to_second_factor(request)
                raise
        return super().dispatch(request, *args, **kwargs)

    def url(self, name: str, *args: Any) -> str:
        """Return the address of another screen of this meeting."""
        return reverse(f"running:{name}", args=[self.occurrence.uuid, *args])

    def to(self, name: str, *args: Any) -> HttpResponse:
        """Send the browser to another screen of this meeting."""
        return redirect(self.url(name, *args))

    def say(self, text: str) -> None:
        """Show a receipt on the next screen."""
        messages.success(self.request, text)

    def warn(self, text: str) -> None:
        """Say on the next screen why nothing was done."""
        messages.warning(self.request, text)

    def screen(self, template: str, context: dict[str, Any], *, title: str = "", status: int = 200) -> HttpResponse:
        """Draw a template that extends `events/running/base.html`; `title` is the last step of the breadcrumb."""
        shared = {
            "occurrence": self.occurrence,
            "event": self.occurrence.event,
            "when": period(self.occurrence.starts_at, self.occurrence.ends_at),
            "menu": self._menu(bool(title)),
            "breadcrumbs": self._breadcrumbs(title),
        }
        return render(self.request, template, {**shared, **context}, status=status)

    def _menu(self, below: bool) -> list[MenuItem]:
        current = "true" if below else "page"
        return [MenuItem(str(title), self.url(name), current if name == self.section else "") for name, title in MENU]

    def _breadcrumbs(self, title: str) -> list[Crumb]:
        crumbs = [Crumb(_("Home"), "/"), Crumb(_("My meetings"), reverse("running:meetings"))]
        crumbs.append(Crumb(self.occurrence.event.title, self.url("people")))
        if self.section != "people":
            crumbs.append(Crumb(str(dict(MENU)[self.section]), self.url(self.section)))
        return [*crumbs, Crumb(title)] if title else crumbs


class FormScreen(RunningView):
    """A screen with one form. A subclass states texts and form, and does the act in `act`, returning the way on."""

    template = "events/running/form.html"
    form_class: type[forms.Form]
    title: Any = ""
    lead: Any = ""
    submit: Any = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Draw the form."""
        self.prepare(**kwargs)
        return self.draw(self.form(None))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do the act, or draw the form again with what is wrong."""
        self.prepare(**kwargs)
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self.act(form)
            except (ValidationError, RefusedError) as error:
                tell(form, error)
        return self.draw(form)

    def prepare(self, **kwargs: Any) -> None:
        """Pass the gates of what the address names."""

    def form(self, data: Any) -> Any:
        """Return the form."""
        return self.form_class(data)

    def act(self, form: Any) -> HttpResponse:
        """Do what was asked for and return the way on."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """Return what stands beside the form: `facts`, `warning`."""
        return {}

    def draw(self, form: Any) -> HttpResponse:
        """Draw the screen."""
        shared = {"form": form, "title": str(self.title), "lead": self.lead, "submit": self.submit}
        context = {**shared, "cancel_url": self.url(self.section), **self.context()}
        return self.screen(self.template, context, title=str(self.title))


def tell(form: Any, error: ValidationError | RefusedError) -> None:
    """Put what a service refused where the reader looks: at the field, or above the form."""
    if isinstance(error, RefusedError):
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else None, str(error))
        return
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in told.items():
        form.add_error(name if name in form.fields else None, texts)
