"""The page that shows the codes of the demo's logins. In the demo only."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.desk.example_factors import PERIOD, code_of
from portal.desk.example_users import example_logins


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A login and the code that its app shows now."""

    role: str
    email: str
    code: str


@never_cache
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """Show each login's code, and how long it lasts."""
    if not settings.DEMO:
        raise Http404("There are no example logins outside the demo.")
    shown = [ShownCode(str(person.role.label), person.email, code_of(person.email)) for person in example_logins()]
    return render(request, "desk/codes.html", {"codes": shown, "seconds": PERIOD - int(time.time()) % PERIOD})
