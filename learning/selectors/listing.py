"""The list of courses with its filters."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as ResultPage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone

from learning.forms import CourseFilterForm
from learning.models import CoursePage, Provider
from learning.selectors.cards import CourseCard, cards
from learning.selectors.relations import belongs_to
from portal.core.principal import Principal
from portal.core.sorting import danish_key
from portal.core.visibility import asker
from profilecatalog.profiles.api import ProfilePage

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class CourseList:
    """Everything on the list's page."""

    form: CourseFilterForm
    count: int
    cards: tuple[CourseCard, ...]
    result: ResultPage[CoursePage]
    path: str


def course_list(page: Any, request: HttpRequest) -> CourseList:
    """Return the page that the address asks for."""
    path, principal = page.get_url(request) or request.path, asker(request)
    profiles = {profile.slug: profile for profile in ProfilePage.objects.visible_to(principal)}
    providers = {provider.key: provider for provider in Provider.objects.all()}
    form = CourseFilterForm(
        request.GET,
        path=path,
        profiles=[(p.slug, p.title) for p in sorted(profiles.values(), key=lambda p: danish_key(p.title))],
        providers=[(p.key, p.name) for p in sorted(providers.values(), key=lambda p: danish_key(p.name))],
    )
    found = _narrowed(form, profiles, providers, principal).for_cards().in_order()
    result = Paginator(found, PER_PAGE).get_page(request.GET.get("side"))
    return CourseList(
        form=form,
        count=result.paginator.count,
        cards=cards(list(result), request, timezone.localdate()),
        result=result,
        path=path,
    )


def _narrowed(
    form: CourseFilterForm, profiles: dict[str, ProfilePage], providers: dict[str, Provider], principal: Principal
) -> Any:
    found = CoursePage.objects.visible_to(principal)
    if slug := form.chosen.get("profil"):
        found = found.filter(belongs_to(profiles[slug]))
    if key := form.chosen.get("udbyder"):
        found = found.by_provider(providers[key])
    if qualifying := form.chosen.get("kompetencegivende"):
        found = found.that_qualify(qualifying == "ja")
    if price := form.chosen.get("pris"):
        found = found.free_of_charge(price == "gratis")
    return found
