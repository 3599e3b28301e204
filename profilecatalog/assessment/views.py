"""The widget. One view serves the public page and every municipality's embed address.

It has no session and sets no cookie (docs/decisions/0009-widget-without-cookies.md): the form's token is the door, and
the answer to a sent form is the result itself, which nobody stores.
"""

from dataclasses import dataclass
from typing import Any

from csp.constants import NONE, SELF
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from portal.core.principal import ANONYMOUS
from portal.core.sections import collect
from profilecatalog.assessment.answers import UnknownAnswerError
from profilecatalog.assessment.forms import TOKEN, AssessmentForm, TamperedFormError
from profilecatalog.assessment.places import (
    PUBLIC,
    Place,
    UnknownPlaceError,
    find_place,
    find_release,
    offered_regions,
)
from profilecatalog.assessment.results import build_result
from profilecatalog.assessment.screens import questions, result_screen
from profilecatalog.assessment.services import AlreadySentError, NotGatheringError, store_response
from profilecatalog.assessment.tokens import (
    FormToken,
    InvalidTokenError,
    is_trial,
    issue_form_token,
    read_form_token,
)
from profilecatalog.profiles.api import ProfileRelease

# A form with fifty competences weighs 3 kB; nothing larger is read at all.
LARGEST_BODY = 100_000
# Beside the profile page's own frame, `?ramme` asks for the page without the portal's header and footer.
FRAME = "ramme"
# Forms are sent to the same address with this parameter: a browser throws away what it keeps of an address that it posts
# to, and the back button would bring a new form, which would count once more.
SEND = "send"
# Only the coordinators' test page gives this out (see `tokens.issue_trial`).
TRIAL = "proeve"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A page that says what is wrong and what to do."""

    status: int
    title: Promise
    text: Promise


class RefusedError(Exception):
    """Stop with such a page."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


UNKNOWN_PLACE = Refusal(
    404,
    _("There is no self-assessment at this address"),
    _(
        "The address may be misspelt, or the municipality has changed it. You can assess yourself on the profile's own page."
    ),
)
NOT_GATHERING = Refusal(
    404,
    _("The municipality does not gather answers at the moment"),
    _("You can assess yourself on the profile's own page instead. Nothing has been stored."),
)
WRONG_TOKEN = Refusal(
    403,
    _("The form does not belong here"),
    _("What was sent does not come from this page, so nothing has been stored. Open the page again and answer there."),
)
BAD_REQUEST = Refusal(
    400,
    _("We could not understand what was sent"),
    _("Something in it cannot come from this form, so nothing has been stored. Open the page again and answer there."),
)


@method_decorator([csrf_exempt, sensitive_post_parameters()], name="dispatch")
class AssessmentView(View):
    """GET draws the questions of the latest release; POST stores the answers and draws the result."""

    http_method_names = ["get", "head", "post"]
    place: Place = PUBLIC
    trial = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer as to a stranger, and keep the answer out of every cache and log."""
        # Whoever is signed in to the portal: here she is nobody, and her session is not even read.
        request.user = AnonymousUser()
        request.principal = ANONYMOUS  # type: ignore[attr-defined]
        try:
            self.place = self._find_place(kwargs.get("key"))
            self.trial = self.place.is_embedded and is_trial(request.GET.get(TRIAL, ""), self.place.public_id)
            response = super().dispatch(request, *args, **kwargs)
        except RefusedError as refused:
            refusal = refused.refusal
            response = self._page("refused", {"refusal": refusal}, status=refusal.status)
        if request.method == "POST" or response.status_code != 200:
            add_never_cache_headers(response)
        else:
            # Not "no-store": the back button must bring the same form again, whose token has been used.
            patch_cache_control(response, private=True, no_cache=True, max_age=0)
        # Django's own log of refused requests would name address and time.
        response._has_been_logged = True  # type: ignore[attr-defined]
        self._allow_frames(response)
        return response

    def get(self, request: HttpRequest, slug: str, key: str | None = None) -> HttpResponse:
        """Draw the empty form."""
        if not self.place.is_gathering:
            raise RefusedError(NOT_GATHERING)
        try:
            release = find_release(slug)
        except UnknownPlaceError as error:
            raise RefusedError(UNKNOWN_PLACE) from error
        return self._form_page(release, self._form(release))

    def post(self, request: HttpRequest, slug: str, key: str | None = None) -> HttpResponse:
        """Store the answers once and draw the result; sent again, only draw it."""
        data = read_body(request)
        token = self._token(data, slug)
        release = ProfileRelease.objects.select_related("profile").filter(uuid=token.release).first()
        if release is None:
            raise RefusedError(WRONG_TOKEN)
        form = self._form(release, data)
        try:
            form.refuse_foreign_input()
        except TamperedFormError as error:
            raise RefusedError(BAD_REQUEST) from error
        if token.expired:
            return self._form_page(release, form, expired=True, status=403)
        if not form.is_valid():
            return self._form_page(release, form, status=400)
        stored = not self.trial and self._store(release, form, token)
        return self._result_page(release, form, stored=stored)

    def _store(self, release: ProfileRelease, form: AssessmentForm, token: FormToken) -> bool:
        municipality = self.place.municipality or form.chosen_municipality
        try:
            store_response(releases=[release], answers=form.answers, municipality=municipality, token=token)
        except AlreadySentError:
            return False
        except NotGatheringError as error:
            raise RefusedError(NOT_GATHERING) from error
        except UnknownAnswerError as error:
            raise RefusedError(BAD_REQUEST) from error
        return True

    def _find_place(self, key: str | None) -> Place:
        try:
            return find_place(key)
        except UnknownPlaceError as error:
            raise RefusedError(UNKNOWN_PLACE) from error

    def _token(self, data: QueryDict, slug: str) -> FormToken:
        if TOKEN not in data:
            raise RefusedError(BAD_REQUEST)
        try:
            token = read_form_token(str(data[TOKEN]))
            token.belongs_to(profile=slug, embed=self.place.public_id)
        except InvalidTokenError as error:
            raise RefusedError(WRONG_TOKEN) from error
        return token

    def _form(self, release: ProfileRelease, data: QueryDict | None = None) -> AssessmentForm:
        regions = None if self.place.is_embedded else offered_regions()
        return AssessmentForm(data, document=release.document, regions=regions)

    def _form_page(
        self, release: ProfileRelease, form: AssessmentForm, *, expired: bool = False, status: int = 200
    ) -> HttpResponse:
        token = issue_form_token(release=release.uuid, profile=self.kwargs["slug"], embed=self.place.public_id)
        action = f"?{FRAME}&{SEND}" if FRAME in self.request.GET else f"?{SEND}"
        if self.trial:
            action += "&" + urlencode({TRIAL: self.request.GET[TRIAL]})
        context = {"form": form, "questions": questions(form), "token": token, "expired": expired, "action": action}
        return self._page("form", {**context, "release": release, "profile": release.profile}, status=status)

    def _result_page(self, release: ProfileRelease, form: AssessmentForm, *, stored: bool) -> HttpResponse:
        result = build_result(release.document, form.answers)
        today = timezone.localdate().isocalendar()
        context = {
            "screen": result_screen(result),
            "sections": collect("assessment.result", self.request, result),
            "stored": stored,
            "week": today.week,
            "year": today.year,
        }
        return self._page("result", {**context, "release": release, "profile": release.profile})

    def _page(self, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        bare = self.place.is_embedded or "key" in self.kwargs or FRAME in self.request.GET
        layout = "assessment/frame.html" if bare else "base.html"
        shared = {"layout": layout, "is_bare": bare, "place": self.place, "trial": self.trial}
        return render(self.request, f"assessment/{name}.html", {**shared, **context}, status=status)

    def _allow_frames(self, response: HttpResponseBase) -> None:
        """Let the municipality's own pages frame the embed address, and nobody else anything: not even our own pages, but
        for the coordinators' test page."""
        if self.place.is_embedded:
            response.xframe_options_exempt = True  # type: ignore[attr-defined]
            may = [*([SELF] if self.trial else []), *self.place.ancestors]
            response._csp_replace = {"frame-ancestors": may or [NONE]}  # type: ignore[attr-defined]


def read_body(request: HttpRequest) -> QueryDict:
    """Return what was sent, if it can be one of our forms.

    Raises:
        RefusedError: it is too large, unreadable, brings files, or holds a NUL.
    """
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise RefusedError(BAD_REQUEST)
        data, files = request.POST, request.FILES
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError) as error:
        raise RefusedError(BAD_REQUEST) from error
    if files or any("\x00" in text for name, values in data.lists() for text in (name, *values)):
        raise RefusedError(BAD_REQUEST)
    return data
