"""The filters that list, calendar and feed share: their choices, and the meetings they leave."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from events.forms import Choices, EventFilterForm
from events.models import Occurrence, Theme
from portal.core.filters import LAST_DAY
from portal.core.formats import long_date
from portal.core.principal import Principal
from portal.core.sorting import danish_key
from portal.organisations.api import Region, RegionGroup, municipalities_by_region
from profilecatalog.profiles.api import ProfilePage

# What the feed understands of the list's choices.
FEED_NAMES = ("region", "kommune", "type", "profil", "tema", "online")


@dataclass(frozen=True, slots=True)
class FilterData:
    """The rows that the choices are made of, read once for one screen, and whom they are for."""

    principal: Principal
    groups: tuple[RegionGroup, ...]
    regions: dict[str, Region]
    profiles: dict[str, ProfilePage]
    themes: dict[str, Theme]

    def region_choices(self, today: dt.date) -> Choices:
        """Return the regions; one that ends or has not begun says so, for a list can span the change."""
        ordered = sorted(self.regions.values(), key=lambda region: danish_key(region.name))
        return [(region.slug, _region_label(region, today)) for region in ordered]

    def municipality_choices(self) -> Choices:
        """Return the municipalities under the regions of today."""
        return [(group.region.name, [(m.code, m.name) for m in group.municipalities]) for group in self.groups]

    def municipality_name(self, code: str) -> str:
        """Return what a municipality that can be chosen is called."""
        return next((m.name for group in self.groups for m in group.municipalities if m.code == code), "")

    def profile_choices(self) -> Choices:
        """Return the profiles by title."""
        ordered = sorted(self.profiles.items(), key=lambda item: danish_key(item[1].title))
        return [(slug, page.title) for slug, page in ordered]

    def theme_choices(self) -> Choices:
        """Return the themes by name."""
        ordered = sorted(self.themes.items(), key=lambda item: danish_key(item[1].name))
        return [(key, theme.name) for key, theme in ordered]


def _region_label(region: Region, today: dt.date) -> str:
    if region.valid_from > today:
        return _("%(region)s (from %(date)s)") % {"region": region.name, "date": long_date(region.valid_from)}
    if region.valid_to is not None:
        return _("%(region)s (until %(date)s)") % {"region": region.name, "date": long_date(region.valid_to)}
    return region.name


def filter_data(today: dt.date, principal: Principal) -> FilterData:
    """Read the choices: four queries, whatever the number of meetings."""
    profiles = ProfilePage.objects.visible_to(principal).only(
        "title", "slug", "path", "depth", "live", "locale", "url_path"
    )
    return FilterData(
        principal=principal,
        groups=municipalities_by_region(on=today),
        regions={region.slug: region for region in Region.objects.all()},
        profiles={page.slug: page for page in profiles},
        themes={str(theme.uuid): theme for theme in Theme.objects.all()},
    )


def filter_form(query: QueryDict, path: str, data: FilterData, today: dt.date) -> EventFilterForm:
    """Return the form with what the address holds."""
    return EventFilterForm(
        query,
        path=path,
        regions=data.region_choices(today),
        municipalities=data.municipality_choices(),
        profiles=data.profile_choices(),
        themes=data.theme_choices(),
    )


def narrowed(form: EventFilterForm, data: FilterData, *, skip: str = "") -> Any:
    """Return the occurrences hers to see that the choices leave, dates apart; `skip` leaves one choice out."""
    found: Any = Occurrence.objects.visible_to(data.principal)
    chosen = {name: value for name, value in form.chosen.items() if name != skip}
    if slug := chosen.get("region"):
        found = found.in_region(data.regions[slug])
    if code := chosen.get("kommune"):
        found = found.filter(municipality__code=code)
    if slug := chosen.get("profil"):
        found = found.about_profile(data.profiles[slug])
    if key := chosen.get("tema"):
        found = found.about_theme(data.themes[key])
    if kinds := chosen.get("type"):
        found = found.of_kinds(kinds)
    if online := chosen.get("online"):
        found = found.held_online(online == "ja")
    return found


def in_chosen_period(found: Any, form: EventFilterForm, now: dt.datetime) -> Any:
    """Leave what happens in the chosen period; without a first date that is everything which is not over."""
    first, last = form.chosen.get("fra"), form.chosen.get("til")
    if first is None:
        found = found.not_over(now)
    return found.touching(first, min(last, LAST_DAY) if last else None)


def path_of(page: Any, request: HttpRequest) -> str:
    """Return the page's address; a preview of a page without one filters itself."""
    return page.get_url(request) or request.path
