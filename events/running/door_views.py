"""The door: a list to tick on a telephone. Without JavaScript each tick is a form; with it the list works off line."""

import datetime as dt
import json
import secrets
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from events.models import DoorLink, Occurrence
from events.running.attendance import DoorPerson, Tick, WalkIn, attendance_note, door_list
from events.running.doors import closes_at, door_enter, door_for, shut_for_good
from portal.core.formats import period
from portal.core.sent import refuse_unstorable, storable
from portal.organisations.api import Municipality

# Five hundred ticks with their times weigh 60 kB.
LARGEST_BODY = 200_000
MOST_NOTES = 1000
_WORKER = Path(settings.BASE_DIR) / "portal" / "static" / "portal" / "js" / "door-worker.js"


@never_cache
@require_safe
@sensitive_post_parameters()
def open_door(request: HttpRequest, token: str) -> HttpResponse:
    """Note the link in the session and go on without its token in the address."""
    link = door_enter(request, token)
    if link is None:
        return render(request, "events/running/door_closed.html", status=404)
    return redirect("door:list", link.occurrence.uuid)


@cache_control(no_cache=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the page's helper that answers without a connection; it must lie above the pages that it helps."""
    return HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


@method_decorator(never_cache, name="dispatch")
class DoorView(View):
    """The list of one meeting; POST ticks one person, or writes down one who has no place."""

    http_method_names = ["get", "head", "post"]
    occurrence: Occurrence
    link: DoorLink | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in whoever has the link of this very meeting, or runs it."""
        self.occurrence, self.link = door_for(request, kwargs.pop("uuid"))
        refuse_unstorable(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, error: str = "", typed: str = "") -> HttpResponse:
        """Draw the list."""
        found = door_list(self.occurrence)
        context = {
            "occurrence": self.occurrence,
            "event": self.occurrence.event,
            "when": period(self.occurrence.starts_at, self.occurrence.ends_at),
            "door": found,
            "walk_ins": [person for person in found.walk_ins if person.came],
            "municipalities": Municipality.objects.order_by("name", "pk"),
            "closes_at": closes_at(self.occurrence).isoformat(),
            "key": secrets.token_urlsafe(16),
            "error": error,
            "typed": typed,
            "is_organiser": self.link is None,
            "is_over": timezone.now() >= closes_at(self.occurrence),
        }
        return render(request, "events/running/door_list.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write down one note, and come back to where she stood.

        Raises:
            BadRequest: it is no note of this form.
        """
        if "tick" in request.POST:
            return self._tick(request.POST["tick"])
        name = request.POST.get("name", "").strip()
        if not name:
            return self.get(self.request, error=_("Write the person's name."))
        home, key = request.POST.get("municipality", ""), request.POST.get("key", "")
        self._note(walk_ins=[WalkIn(key=key, name=name, came=True, at=timezone.now(), municipality=home)])
        return self._back("walk-ins")

    def _tick(self, value: str) -> HttpResponse:
        who, _colon, state = value.rpartition(":")
        if state not in ("on", "off"):
            raise BadRequest("tick")
        came, now = state == "on", timezone.now()
        place = _uuid(who)
        if place is not None:
            self._note(ticks=[Tick(place, came, now)])
            return self._back(f"p-{place}")
        self._note(walk_ins=[WalkIn(who, "", came, now)])
        return self._back("walk-ins")

    def _note(self, **notes: Any) -> None:
        attendance_note(actor=_actor(self.request), occurrence=self.occurrence, door=_door(self.link), **notes)

    def _back(self, anchor: str) -> HttpResponse:
        return redirect(f"{reverse('door:list', args=[self.occurrence.uuid])}#{anchor}")


def _actor(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _door(link: DoorLink | None) -> str:
    return str(link.uuid) if link is not None else ""


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


@never_cache
@require_POST
def sync(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take what a telephone has noted, and answer with what is known now.

    Raises:
        BadRequest: it is no such list of notes.
        Http404: the visitor is unknown here.
    """
    try:
        occurrence, link = door_for(request, uuid, late=True)
    except Http404:
        if shut_for_good(request, uuid):
            return JsonResponse({"closed": True}, status=410)
        raise
    ticks, walk_ins = _read(request)
    attendance_note(actor=_actor(request), occurrence=occurrence, ticks=ticks, walk_ins=walk_ins, door=_door(link))
    if link is not None and timezone.now() >= closes_at(occurrence):
        # What was noted has arrived; the names are shown to nobody at the door any more.
        return JsonResponse({"closed": True})
    found = door_list(occurrence)
    answer = {"people": [_json(person) for person in found.people], "walk_ins": [_json(p) for p in found.walk_ins]}
    return JsonResponse({"closed": False, **answer})


def _json(person: DoorPerson) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "behalf": person.behalf, "came": person.came, "at": person.at}


def _read(request: HttpRequest) -> tuple[list[Tick], list[WalkIn]]:
    """Return the notes, with their times by the portal's clock: a telephone's own may be hours wrong."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
            raise ValueError("too large")
        sent = json.loads(request.body)
        skew = timezone.now() - _moment(sent["sent_at"])
        ticks = [Tick(UUID(row["id"]), bool(row["came"]), _moment(row["at"]) + skew) for row in sent["ticks"]]
        walk_ins = [
            WalkIn(
                key=_word(row["id"]),
                name=str(row["name"]),
                came=bool(row["came"]),
                at=_moment(row["at"]) + skew,
                municipality=_word(row.get("municipality", "")),
            )
            for row in sent["walk_ins"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadRequest("notes") from error
    if len(ticks) + len(walk_ins) > MOST_NOTES:
        raise BadRequest("notes")
    return ticks, walk_ins


def _word(value: Any) -> str:
    """Return what a telephone made up or chose; the name that somebody has typed is tidied instead, and never lost."""
    if not storable(text := str(value)):
        raise ValueError("unstorable")
    return text


def _moment(text: Any) -> dt.datetime:
    found = parse_datetime(text)
    if found is None or timezone.is_naive(found):
        raise ValueError("no moment")
    # In the year 1 there are clocks that no other clock can follow.
    return found.astimezone(dt.UTC)
