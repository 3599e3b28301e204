"""What my page shows of the accounts; packages above register theirs at the same place."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.api import User
from portal.core.page_cache import forbid
from portal.core.roles import Role
from portal.core.sections import Section, register
from portal.core.visibility import asker
from portal.desk.my_page import selectors

PLACE = "desk.my_page"
_NEWEST = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a place where a role does its work."""

    title: str
    url: str


def _section(name: str, title: str, **context: Any) -> Section:
    return Section(title, name, f"desk/my_page/sections/{name}.html", context)


def roles(request: HttpRequest, user: User) -> Section:
    """Return what she is, and the ways to where it counts."""
    principal = asker(request)
    rows = selectors.my_roles(user, on=timezone.localdate(), withheld=principal.withheld)
    return _section("roles", _("My roles"), roles=rows, ways=_ways(request), withheld=bool(principal.withheld))


def _ways(request: HttpRequest) -> list[Way]:
    ways = []
    if not asker(request).roles.isdisjoint({Role.COORDINATOR, Role.ADMINISTRATOR}):
        ways.append(Way(_("My municipality"), reverse("coordination:front")))
    if request.user.has_perm("wagtailadmin.access_admin"):
        ways.append(Way(_("Edit the portal"), reverse("wagtailadmin_home")))
    return ways


def visibility(request: HttpRequest, user: User) -> Section:
    """Return who can see what about her."""
    people = selectors.onlookers(user, on=timezone.localdate())
    return _section("visibility", _("Who can see this?"), onlookers=people)


def lookups(request: HttpRequest, user: User) -> Section:
    """Return the newest looks, with the way to all of them."""
    return _section("lookups", _("Who has looked?"), looks=selectors.looks_at(user, most=_NEWEST))


def login(request: HttpRequest, user: User) -> Section:
    """Return the ways to what she signs in with."""
    return _section("login", _("How you sign in"), email=user.email, has_password=user.has_usable_password())


def data(request: HttpRequest, user: User) -> Section:
    """Return the ways to her data."""
    return _section("data", _("My data"))


def account_links(request: HttpRequest, obj: Any) -> Section:
    """Return what the header says about the one who asks: a page drawn for somebody must never be stored for all."""
    if asker(request).is_anonymous:
        return Section("", "", "", {"account_links": [Way(_("Log in"), reverse("account_login"))]})
    forbid(request)
    links = [Way(_("My page"), reverse("my_page:front")), Way(_("Log out"), reverse("account_logout"))]
    return Section("", "", "", {"account_links": links})


def register_sections() -> None:
    """Fill the place, and the header."""
    for order, provider in enumerate((roles, visibility, lookups, login, data), start=1):
        # Tens, so that packages above can stand in between.
        register(PLACE, provider.__name__, provider, order=order * 10, cacheable=False)
    # Said to be cacheable: for nobody it is the same on every page, and for somebody it forbids storing itself.
    register("site.menu", "account", account_links, order=90)
