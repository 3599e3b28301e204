"""How the search engine fares, for administrators: a page in the admin, and a line on its first screen in trouble."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from portal.core.sections import Section
from search import mirror, troubles
from search.editing.viewsets import SUBMENU_HOOK
from search.engines import database_engine
from search.engines.base import EngineUnavailableError
from search.engines.breaker import State
from search.engines.elasticsearch import connection, index
from search.engines.elasticsearch.failures import unavailable
from search.models import EngineTrouble, IndexChange, IndexedDocument, MirrorIndex

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By how a reason begins, as it was noted; what stands in brackets behind it is the server's own word.
_REASONS: dict[str, "StrOrPromise"] = {
    "no answer in time": gettext_lazy("It did not answer in time."),
    "no connection": gettext_lazy("Nobody answers at its address."),
    "the certificate is not trusted": gettext_lazy("Its certificate is not trusted."),
    "an answer that is": gettext_lazy("Its answer was not whole."),
    "left alone after failures": gettext_lazy("It failed several times in a row and is left alone for a moment."),
    "too busy": gettext_lazy("It has too much to do."),
    "not there": gettext_lazy("The index is not there and has to be built again."),
    "the index is gone": gettext_lazy("The index is not there and has to be built again."),
    "not writable": gettext_lazy("It takes no changes: perhaps its disk is full."),
    "no index for this version": gettext_lazy(
        "There is no index for this version of the portal yet; it has to be built."
    ),
    "the index is behind": gettext_lazy("Too many changes have not reached it yet."),
    troubles.NEWER: gettext_lazy(
        "The index was newer than the database, as after a restored backup. It has to be built again."
    ),
    troubles.UNTOLD: gettext_lazy(
        "Something was changed by a process that does not know the search engine, perhaps a cron job. Give every process "
        "its address. Then the index has to be built again."
    ),
    troubles.DIFFERENT: gettext_lazy("The index was not as the database is. It has to be built again."),
    "a part of the index": gettext_lazy("A part of the index does not answer."),
}
_STATES: dict[State, "StrOrPromise"] = {
    State.CLOSED: gettext_lazy("Searches go through."),
    State.OPEN: gettext_lazy("Searches are kept away from it after failures."),
    State.PROBING: gettext_lazy("A search tries at this moment whether it answers again."),
}


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """One time in which the database answered instead."""

    reason: str
    began: datetime
    last_seen: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class EngineState:
    """The page."""

    is_configured: bool
    # "Elasticsearch", or the name of the database.
    answers: str
    # Why it is not Elasticsearch, though it should be.
    why: str
    breaker: str
    last_error: str
    live: MirrorIndex | None
    building: MirrorIndex | None
    is_current: bool
    rows: int
    # As Elasticsearch counts them; None when it does not answer.
    documents: int | None
    pending: int
    oldest: datetime | None
    current: TroubleLine | None
    last: tuple[TroubleLine, ...]
    # Typed as it stands, in every language.
    command: str = "manage.py search_reindex"


def may_see_state(user: Any) -> bool:
    """Tell whether somebody looks after the search engine."""
    return bool(user.has_perm("search.view_enginetrouble"))


def said(reason: str) -> str:
    """Return a noted reason in plain words."""
    begins, bracket, detail = reason.partition(" (")
    known = next((str(text) for start, text in _REASONS.items() if begins.startswith(start)), "")
    if not known:
        return _("It refused: %(reason)s.") % {"reason": reason}
    return f"{known} ({detail}" if bracket else known


def engine_state() -> EngineState:
    """Return how things stand now; asks Elasticsearch one short question."""
    why = _why_not()
    status = connection.breaker.status()
    indexes = {one.state: one for one in MirrorIndex.objects.all()}
    live = indexes.get(MirrorIndex.LIVE)
    current = troubles.open_trouble()
    return EngineState(
        is_configured=connection.configured(),
        answers="Elasticsearch" if connection.configured() and not why else database_engine().name,
        why=said(why) if why else "",
        breaker=str(_STATES[status.state]),
        last_error=status.last_error,
        live=live,
        building=indexes.get(MirrorIndex.BUILDING),
        is_current=live is not None and live.fingerprint == index.fingerprint(),
        rows=IndexedDocument.objects.count(),
        documents=_documents(live),
        pending=IndexChange.objects.count(),
        oldest=IndexChange.objects.order_by("since").values_list("since", flat=True).first(),
        current=_line(current) if current else None,
        last=tuple(_line(one) for one in troubles.last()),
    )


def _why_not() -> str:
    if not connection.configured():
        return ""
    try:
        mirror.ready_engine()
    except EngineUnavailableError as error:
        return str(error)
    return ""


def _documents(live: MirrorIndex | None) -> int | None:
    if live is None or not connection.configured():
        return None
    try:
        with unavailable():
            return int(connection.client().count(index=live.name, query={"term": {"removed": False}})["count"])
    except EngineUnavailableError:
        return None


def _line(trouble: EngineTrouble) -> TroubleLine:
    return TroubleLine(said(trouble.reason), trouble.began, trouble.last_seen, trouble.ended)


class StateView(WagtailAdminTemplateMixin, View):
    """How the search engine fares."""

    template_name = "search/admin/state.html"
    page_title = gettext_lazy("The search engine")
    header_icon = "cogs"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep out whoever does not look after it."""
        if not may_see_state(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Say where she is."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it as it is at this moment."""
        return self.render_to_response(self.get_context_data(state=engine_state()))


class StateMenuItem(MenuItem):
    """For whoever looks after it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether she does."""
        return may_see_state(request.user)


@hooks.register(SUBMENU_HOOK)
def state_menu_item() -> MenuItem:
    """Put the page last in the menu of search."""
    return StateMenuItem(
        _("The search engine"), reverse("search_admin:search_state"), name="search-state", icon_name="cogs", order=900
    )


def trouble_section(request: HttpRequest, user: Any) -> Section | None:
    """Return the line for the first screen while the database answers in place of Elasticsearch."""
    if not may_see_state(user):
        return None
    trouble = troubles.open_trouble()
    # Where Elasticsearch was taken away for good, nothing is missing.
    if trouble is None or not connection.configured():
        return None
    context = {"trouble": _line(trouble), "url": reverse("search_admin:search_state")}
    return Section(_("The search engine does not answer"), "soegemaskine", "search/admin/section_trouble.html", context)
