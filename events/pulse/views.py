"""The three questions. Whoever is signed in is nobody here: her session is not read, and no cookie is set."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from events.pulse.questions import FIELDS, QUESTIONS, Said
from events.pulse.services import PulseAnsweredError, PulseClosedError, pulse_answer, ticket_for
from portal.core.formats import period
from portal.core.principal import ANONYMOUS


class PulseForm(forms.Form):
    """Three questions, each with "do not know"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            self.fields[name] = forms.TypedChoiceField(
                label=QUESTIONS[name],
                choices=Said.choices,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose an answer, for example “Do not know”.")},
            )


@method_decorator([csrf_exempt, never_cache, sensitive_post_parameters()], name="dispatch")
class PulseView(View):
    """The questions behind a link. The link itself is the right to answer, so there is no cookie to check."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer as to a stranger, and keep the answer out of every log."""
        request.user = AnonymousUser()
        request.principal = ANONYMOUS  # type: ignore[attr-defined]
        response = super().dispatch(request, *args, **kwargs)
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    def get(self, request: HttpRequest, token: str = "") -> HttpResponse:
        """Draw the questions, or why there are none; without a link, thank."""
        if not token:
            return render(request, "events/pulse/said.html", {"kind": "thanks"})
        return self._page(token, PulseForm())

    def post(self, request: HttpRequest, token: str = "") -> HttpResponse:
        """Take the answer and go on to a page that knows nothing of it."""
        form = PulseForm(request.POST)
        if not form.is_valid():
            return self._page(token, form)
        try:
            pulse_answer(token=token, answers=form.cleaned_data)
        except (PulseClosedError, PulseAnsweredError) as error:
            return self._refused(error)
        return redirect("pulse:thanks")

    def _page(self, token: str, form: PulseForm) -> HttpResponse:
        try:
            occurrence = ticket_for(token).occurrence
        except (PulseClosedError, PulseAnsweredError) as error:
            return self._refused(error)
        when = period(occurrence.starts_at, occurrence.ends_at)
        return render(self.request, "events/pulse/form.html", {"form": form, "event": occurrence.event, "when": when})

    def _refused(self, error: PulseClosedError | PulseAnsweredError) -> HttpResponse:
        if isinstance(error, PulseAnsweredError):
            return render(self.request, "events/pulse/said.html", {"kind": "answered"})
        return render(self.request, "events/pulse/said.html", {"kind": "closed"}, status=404)
