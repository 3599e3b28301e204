"""Screens with one form: what was typed is kept, what a service refuses is said at its field, and a sent form leads on."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.core.errors import RefusedError
from portal.desk.coordination.base import CoordinationView
from portal.desk.coordination.unit_lists import Forest, forest_of

# Services name the column, a form may name the field otherwise.
_FIELD_OF = {"valid_to": "last_day"}


class FormScreen(CoordinationView):
    """A screen with one form. A subclass states texts and form, and does the act in `act`, returning the way on."""

    template = "desk/coordination/form.html"
    form_class: type[forms.Form] | type[forms.ModelForm[Any]]
    title: Any = ""
    lead: Any = ""
    submit: Any = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Draw the empty form."""
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

    def initial(self) -> dict[str, Any]:
        """Return what stands in the form at first."""
        return {}

    def form_values(self) -> dict[str, Any]:
        """Return what the form needs besides data and initial values."""
        return {}

    def form(self, data: Any) -> Any:
        """Return the form."""
        return self.form_class(data, initial=self.initial(), **self.form_values())

    def act(self, form: Any) -> HttpResponse:
        """Do what was asked for and return the way on."""
        raise NotImplementedError

    def heading(self) -> str:
        """Return the page's heading."""
        return str(self.title)

    def cancel_url(self) -> str:
        """Return where to go without doing anything."""
        return self.url(self.section)

    def context(self) -> dict[str, Any]:
        """Return what stands beside the form: `facts`, `warning`."""
        return {}

    def draw(self, form: Any) -> HttpResponse:
        """Draw the screen."""
        shared = {"form": form, "title": self.heading(), "lead": self.lead, "submit": self.submit}
        return self.screen(
            self.template, {**shared, "cancel_url": self.cancel_url(), **self.context()}, title=self.heading()
        )

    def say(self, text: str) -> None:
        """Show a receipt on the next screen."""
        messages.success(self.request, text)


class UnitFormScreen(FormScreen):
    """A form with a choice among the municipality's units."""

    _forest: Forest | None = None

    @property
    def forest(self) -> Forest:
        """Return the units of today, gathered once."""
        if self._forest is None:
            self._forest = forest_of(self.municipality, on=self.today)
        return self._forest

    @property
    def today(self) -> date:
        """Return the day."""
        return timezone.localdate()

    def form_values(self) -> dict[str, Any]:
        """Return the units to choose from."""
        return {"forest": self.forest, "municipality": self.municipality}


def tell(form: Any, error: ValidationError | RefusedError) -> None:
    """Put what a service refused where the reader looks: at the field, or above the form."""
    if isinstance(error, RefusedError):
        form.add_error(None, str(error))
        return
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in told.items():
        field = name if name in form.fields else _FIELD_OF.get(name, "")
        form.add_error(field if field in form.fields else None, texts)
