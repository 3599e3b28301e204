"""Subscribing to news of meetings by mail. No GET changes anything: mail filters open links."""

from typing import Any

from allauth.core.internal.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events.models import Subscription
from events.news import seals
from events.news.forms import SubscribeForm
from events.news.scopes import chosen_in_list, label
from events.news.services import subscribe_ask, subscription_confirm, subscriptions_end
from events.selectors.rows import list_url
from portal.accounts.limits import allows
from portal.core.local_time import local_day
from portal.core.unlisted import unlisted

RATE = "news_subscribe"


@method_decorator(never_cache, name="dispatch")
class SubscribeView(View):
    """The form. Its answer is the same whether the address is known or new."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, with what the list of meetings was narrowed to."""
        return self._page(self._form(initial={"about": chosen_in_list(request.GET)}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Queue the mail with the link; nothing is subscribed to yet."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=400)
        email = form.cleaned_data["email"]
        if not allows(request, RATE, email.lower()):
            return respond_429(request)
        scope, key = form.choice
        subscribe_ask(email=email, scope=scope, scope_key=key)
        return redirect("news:sent")

    def _form(self, data: Any = None, **kwargs: Any) -> SubscribeForm:
        return SubscribeForm(data, today=local_day(timezone.now()), **kwargs)

    def _page(self, form: SubscribeForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "list_url": list_url(self.request)}
        return render(self.request, "events/news/subscribe.html", context, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way; the address is repeated nowhere, and the page knows of none."""
    return unlisted(render(request, "events/news/sent.html"))


@method_decorator(never_cache, name="dispatch")
class ConfirmView(View):
    """The page behind the link of the first mail, and its button."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask."""
        row = seals.opened(token)
        return self._page(row) if row is not None else _dead(request)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Begin; a second press is the first one."""
        row = seals.opened(token)
        if row is None:
            return _dead(request)
        subscription_confirm(subscription=row)
        row.refresh_from_db()
        return self._page(row)

    def _page(self, row: Subscription) -> HttpResponse:
        context = {
            "about": label(row.scope, row.scope_key),
            "done": row.confirmed_at is not None,
            "list_url": list_url(self.request),
        }
        return unlisted(render(self.request, "events/news/confirm.html", context))


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class LeaveView(View):
    """The end of subscriptions: a page with a button, and the address that mail programs send their click to.

    The signed link is the right to do it, and a mail program brings no form of ours, so no second proof is asked for
    (RFC 8058). The answer is a page and no redirect, as the same paper wants it.
    """

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask."""
        rows = seals.leaving(token)
        return _dead(request) if rows is None else self._page(rows, done=not rows)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """End; a second click finds them ended."""
        rows = seals.leaving(token)
        if rows is None:
            return _dead(request)
        subscriptions_end(subscriptions=rows)
        return self._page((), done=True)

    def _page(self, rows: tuple[Subscription, ...], *, done: bool) -> HttpResponse:
        context = {
            "about": [label(row.scope, row.scope_key) for row in rows],
            "done": done,
            "list_url": list_url(self.request),
        }
        return unlisted(render(self.request, "events/news/leave.html", context))


def _dead(request: HttpRequest) -> HttpResponse:
    """Draw the same page for a link that is too old, ended or none of ours."""
    return unlisted(render(request, "events/news/dead.html", status=404))
