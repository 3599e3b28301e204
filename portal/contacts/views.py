"""Answering for a contact card without an account.

As with an invitation the link is a door: it is looked up, noted in the visitor's session by its hash, and left behind,
so that the token stands in no address line. The page behind it asks; only its buttons do anything, since mail filters
open links.
"""

from typing import Any

from allauth.core.internal.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.limits import allows
from portal.contacts.models import ReviewLink
from portal.contacts.review import CONFIRM, WITHDRAW, DeadLinkError, hashed, link_answer, link_find
from portal.core.errors import RefusedError
from portal.core.unlisted import unlisted
from portal.workflows.api import Case

# In the session: the hash of the token, never the token; and what has been answered.
OPENED, ANSWERED = "card_review", "card_review_answer"
RATE = "contact_card"


@never_cache
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Note which card the visitor answers for, and leave the token behind.

    Only links that do not work are counted: whoever holds one is never held up by somebody who guesses beside her.
    """
    token_hash = hashed(token)
    if link_find(token_hash=token_hash) is None:
        return _dead(request) if allows(request, RATE) else unlisted(respond_429(request))
    request.session[OPENED] = token_hash
    return unlisted(redirect("contacts:answer"))


@method_decorator(never_cache, name="dispatch")
class AnswerView(View):
    """The card as it stands, and the two buttons."""

    http_method_names = ["get", "head", "post"]
    token_hash: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let nobody in without a link."""
        self.token_hash = request.session.get(OPENED, "")
        return super().dispatch(request, *args, **kwargs) if self.token_hash else _dead(request)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        link = link_find(token_hash=self.token_hash)
        return self._page(link) if link is not None else _dead(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the answer; a second press of the same button is the first one."""
        answer = request.POST.get("answer", "")
        if answer not in {CONFIRM, WITHDRAW}:
            link = link_find(token_hash=self.token_hash)
            problem = _("Choose one of the two answers.")
            return self._page(link, problem=problem, status=400) if link is not None else _dead(request)
        try:
            link_answer(token_hash=self.token_hash, answer=answer, comment=request.POST.get("comment", "")[:1000])
        except DeadLinkError:
            return _dead(request)
        except RefusedError as error:
            link = link_find(token_hash=self.token_hash)
            return self._page(link, problem=str(error), status=400) if link is not None else _dead(request)
        request.session[ANSWERED] = answer
        return redirect("contacts:thanks")

    def _page(self, link: ReviewLink, *, problem: str = "", status: int = 200) -> HttpResponse:
        case: Case = link.case
        context = {
            "card": case.subject,
            "until": link.expires_at,
            "problem": problem,
            "comment": self.request.POST.get("comment", ""),
        }
        return unlisted(render(self.request, "contacts/review/answer.html", context, status=status))


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say what the answer has done."""
    answer = request.session.get(ANSWERED)
    if answer is None:
        return _dead(request)
    return unlisted(render(request, "contacts/review/thanks.html", {"confirmed": answer == CONFIRM}))


def _dead(request: HttpRequest) -> HttpResponse:
    """Draw the same page for a link that is unknown, used or too old, and for a question that has been answered."""
    return unlisted(render(request, "contacts/review/dead.html", status=404))
