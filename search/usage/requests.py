"""Which requests are somebody asking something: not a reload, not the second page, not a machine."""

import re
from typing import Final

from django.http import HttpRequest

# What calls itself a robot, a library or a checker of links; what says nothing of itself is one as well.
_MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|scan|monitor|check|preview|fetch|archive|headless|lighthouse|curl|wget|python|java/|"
    r"okhttp|go-http|libwww|httpclient|axios|node|php|ruby|perl|feed",
    re.IGNORECASE,
)
# Page and filters: somebody who looks on at what she has found has asked already. `q` alone is a question.
QUESTION: Final = frozenset({"q"})


def is_question(request: HttpRequest) -> bool:
    """Tell whether a request for the search page is somebody asking.

    Reloading is told by what browsers send with it; it needs no memory of who asked.
    """
    return (
        request.method == "GET"
        and {name for name, value in request.GET.items() if value} <= QUESTION
        and not _is_reload(request)
        and not _is_ahead(request)
        and not _is_machine(request)
    )


def _is_reload(request: HttpRequest) -> bool:
    directives = request.headers.get("Cache-Control", "").lower()
    return "max-age=0" in directives or "no-cache" in directives


def _is_ahead(request: HttpRequest) -> bool:
    """Tell whether a browser or a script asks before somebody has: loaded ahead, or type-ahead."""
    purpose = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}".lower()
    return (
        "prefetch" in purpose or "preview" in purpose or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    )


def _is_machine(request: HttpRequest) -> bool:
    agent = request.headers.get("User-Agent", "")
    return not agent or _MACHINES.search(agent) is not None
