"""The screens of meetings with sign-up, for the list in `pages`: the axe, HTML and screenshot runs walk them."""

from urllib.parse import urlsplit

from events.models import Subscription
from events.news.seals import confirm_url, leave_url
from tests.browser import group_pages, planning_pages, running_pages, signup_pages
from tests.browser.screens import Screen


def _subscription() -> Subscription:
    row, _made = Subscription.objects.get_or_create(email="nyt@kommune.example", scope="kind", scope_key="webinar")
    return row


def _confirm() -> str:
    """Return the link in the mail of who has asked for news."""
    return urlsplit(confirm_url(_subscription())).path


def _leave() -> str:
    """Return the link that ends it."""
    return urlsplit(leave_url([_subscription()])).path


VISITOR: tuple[Screen, ...] = (
    *signup_pages.VISITOR,
    *running_pages.VISITOR,
    *planning_pages.VISITOR,
    Screen("nyt-om-moeder", "/nyt-om-moeder/"),
    Screen("nyt-om-moeder-sendt", "/nyt-om-moeder/mail-sendt/"),
    Screen("nyt-om-moeder-bekraeft", _confirm),
    Screen("nyt-om-moeder-afmeld", _leave),
    Screen("nyt-om-moeder-doed", "/nyt-om-moeder/bekraeft/x/", status=404),
)
SIGNED_IN: tuple[Screen, ...] = (
    *signup_pages.SIGNED_IN,
    *group_pages.SIGNED_IN,
    *running_pages.SIGNED_IN,
    *planning_pages.SIGNED_IN,
)
ADMIN: tuple[Screen, ...] = (*planning_pages.ADMIN,)
