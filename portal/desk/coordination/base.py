"""The frame of every screen below `/min-kommune/<municipality>/`: who is let in, the menu, and that nobody stores a page."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.accounts.factors import to_factors
from portal.accounts.permissions import looked_after, municipality_for, waits_for_a_second_factor
from portal.accounts.screens import SignedInView
from portal.core.breadcrumbs import Crumb
from portal.core.principal import Principal
from portal.organisations.api import Municipality

# The menu of the screens: the name of the address, and what it is called.
MENU: tuple[tuple[str, Promise], ...] = (
    ("overview", gettext_lazy("Overview")),
    ("members", gettext_lazy("Members")),
    ("units", gettext_lazy("Units")),
    ("meetings", gettext_lazy("Meetings")),
    ("invitations", gettext_lazy("Invitations")),
    ("imports", pgettext_lazy("a screen", "Import")),
    ("embed_keys", gettext_lazy("Embedding")),
    ("settings", gettext_lazy("Settings")),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the local menu; `current` is "page" on the entry's own page and "true" below it."""

    title: str
    url: str
    current: str = ""


class CoordinationView(SignedInView):
    """A screen of one municipality. A subclass names the menu's entry and draws with `screen`; `self.municipality` is set.

    The address's municipality is taken out of the view's arguments: whoever gets as far as `get` has passed the gate.
    """

    section: ClassVar[str] = ""
    municipality: Municipality

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let coordinators of the municipality in; a municipality of others does not exist for the asker."""
        slug = kwargs.pop("slug")
        principal: Principal = request.principal  # type: ignore[attr-defined]
        if not principal.is_anonymous:
            try:
                self.municipality = municipality_for(principal, slug)
            except Http404:
                if waits_for_a_second_factor(principal):
                    return to_second_factor(request)
                raise
        return super().dispatch(request, *args, **kwargs)

    def url(self, name: str, *args: Any) -> str:
        """Return the address of another screen of this municipality."""
        return reverse(f"coordination:{name}", args=[self.municipality.slug, *args])

    def to(self, name: str, *args: Any) -> HttpResponse:
        """Send the browser to another screen of this municipality."""
        return redirect(self.url(name, *args))

    def screen(self, template: str, context: dict[str, Any], *, title: str = "", status: int = 200) -> HttpResponse:
        """Draw a template that extends `desk/coordination/base.html`; `title` is the last step of the breadcrumb."""
        shared = {
            "municipality": self.municipality,
            "menu": self._menu(bool(title)),
            "breadcrumbs": self._breadcrumbs(title),
        }
        return render(self.request, template, {**shared, **context}, status=status)

    def _menu(self, below: bool) -> list[MenuItem]:
        current = "true" if below else "page"
        return [MenuItem(str(title), self.url(name), current if name == self.section else "") for name, title in MENU]

    def _breadcrumbs(self, title: str) -> list[Crumb]:
        crumbs = [Crumb(_("Home"), "/"), Crumb(self.municipality.name, self.url("overview"))]
        if self.section and self.section != "overview":
            crumbs.append(Crumb(str(dict(MENU)[self.section]), self.url(self.section)))
        return [*crumbs, Crumb(title)] if title else crumbs


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """Send a coordinator whose session has shown one factor only to where she sets up or shows the second."""
    return to_factors(request, request.get_full_path() if request.method == "GET" else reverse("coordination:front"))


class FrontView(SignedInView):
    """`/min-kommune/`: straight on where there is one municipality, a choice where there are several."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the way to the municipalities that the asker looks after; without any the page does not exist."""
        found = list(looked_after(self.principal).order_by("name", "pk"))
        if not found and waits_for_a_second_factor(self.principal):
            return to_second_factor(request)
        if not found:
            raise Http404
        if len(found) == 1:
            return redirect("coordination:overview", found[0].slug)
        return render(request, "desk/coordination/choose.html", {"municipalities": found})
