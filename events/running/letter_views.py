"""The mails about a meeting: sent, waiting, failed; and once more."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events.letters.api import LetterState, letter_send_again, letters_of
from events.models import Letter
from events.running.base import RunningView
from portal.core.errors import RefusedError

PAGE = 50


class LettersView(RunningView):
    """All mails about the meeting; POST sends one of them again."""

    section = "letters"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list, newest first; those that failed are counted above it."""
        rows = letters_of(self.occurrence)
        chosen = request.GET.get("vis", "")
        shown = [row for row in rows if chosen in ("", row.state.value)]
        here = self.url("letters")
        states = [(state, [row for row in rows if row.state is state]) for state in LetterState]
        views = [{"title": f"{_('All mails')} ({len(rows)})", "url": here, "current": not chosen}] + [
            {
                "title": f"{state.label} ({len(found)})",
                "url": f"{here}?vis={state.value}",
                "current": chosen == state.value,
            }
            for state, found in states
            if found
        ]
        page = Paginator(shown, PAGE).get_page(request.GET.get("side"))
        failed = sum(1 for row in rows if row.failed)
        return self.screen("events/running/letters.html", {"page": page, "views": views, "failed": failed})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send one again, or say why not.

        Raises:
            Http404: there is no such mail of this meeting.
        """
        try:
            uuid = UUID(request.POST.get("letter", ""))
        except ValueError as error:
            raise Http404 from error
        letter = Letter.objects.filter(occurrence=self.occurrence, uuid=uuid).first()
        if letter is None:
            raise Http404
        try:
            letter_send_again(actor=request.user, letter=letter)
        except RefusedError as error:
            self.warn(str(error))
        else:
            self.say(_("The mail to %(email)s is on its way.") % {"email": letter.email})
        return self.to("letters")
