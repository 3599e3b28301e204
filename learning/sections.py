"""What courses add to pages below them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.models import CompetenceLink, CoursePage
from learning.selectors.cards import cards
from learning.selectors.relations import belongs_to
from portal.core.addresses import address_above
from portal.core.sections import Section, register
from portal.core.visibility import asker

CARDS = 6


def _section(
    found: Any,
    request: HttpRequest,
    title: str,
    *,
    about: frozenset[int] = frozenset(),
    query: str = "",
    wide: bool = False,
) -> Section | None:
    """Return the courses as cards; nothing where there is none."""
    courses = list(found.for_cards().in_order()[:CARDS])
    if not courses:
        return None
    shown = cards(courses, request, timezone.localdate(), about=about)
    url = address_above(shown[0].url)
    context = {"cards": shown, "list_url": f"{url}?{query}" if url and query else url}
    template = "learning/sections/wide.html" if wide else "learning/sections/section.html"
    return Section(title, "kurser", template, context)


def profile(request: HttpRequest, page: Any) -> Section | None:
    """The courses that lift what the profile asks for, and those an editor has chosen."""
    found = CoursePage.objects.visible_to(asker(request)).filter(belongs_to(page))
    return _section(found, request, _("Courses"), query=f"profil={page.slug}")


def competence(request: HttpRequest, obj: Any) -> Section | None:
    """The courses that lift the competence, with from which level to which."""
    found = CoursePage.objects.visible_to(asker(request)).filter(pk__in=_lifting({obj.pk}))
    return _section(found, request, _("Courses that lift the competence"), about=frozenset({obj.pk}))


def project(request: HttpRequest, page: Any) -> Section | None:
    """The courses that grew out of a project or a publication."""
    found = CoursePage.objects.visible_to(asker(request)).grown_out_of(page)
    return _section(found, request, _("Courses that grew out of it"), wide=True)


def home(request: HttpRequest, page: Any) -> Section | None:
    """The course in focus: of those with the mark, the one published last."""
    found = CoursePage.objects.visible_to(asker(request)).filter(featured=True).for_cards()
    courses = list(found.order_by("-last_published_at", "-id")[:1])
    if not courses:
        return None
    links = CompetenceLink.objects.filter(course=courses[0]).order_by("sort_order", "id")
    first = links.values_list("competence_id", flat=True)[:1]
    [card] = cards(courses, request, timezone.localdate(), about=frozenset(first))
    context = {"card": card, "list_url": address_above(card.url)}
    return Section(_("Course in focus"), "kursus-i-fokus", "learning/sections/home.html", context, beside=True)


def suggestions(request: HttpRequest, result: Any) -> Section | None:
    """The courses that close a gap in a person's own result: they begin at her level and lift above it.

    Nothing is stored or counted here; the result belongs to the person.
    """
    gaps = {gap.competence_uuid: gap for gap in result.gaps}
    links = CompetenceLink.objects.filter(competence__uuid__in=list(gaps)).select_related("competence")
    closing = {link for link in links if _closes(link, gaps[link.competence.uuid])}
    found = CoursePage.objects.visible_to(asker(request)).filter(pk__in={link.course_id for link in closing})
    courses = list(found.for_cards().in_order()[:CARDS])
    if not courses:
        return None
    about = frozenset(link.competence_id for link in closing)
    framed = request.resolver_match is not None and request.resolver_match.view_name == "assessment:embed"
    context = {"cards": cards(courses, request, timezone.localdate(), about=about), "framed": framed}
    return Section(_("Courses that can help you on"), "kurser", "learning/sections/suggestions.html", context)


def _closes(link: CompetenceLink, gap: Any) -> bool:
    return link.from_level <= (gap.from_level or link.from_level) < link.to_level


def _lifting(competence_ids: set[int]) -> set[int]:
    return set(CompetenceLink.objects.filter(competence__in=competence_ids).values_list("course_id", flat=True))


def register_sections() -> None:
    """Register all of them."""
    register("pages.home", "learning.featured", home, order=40)
    register("pages.project", "learning.grown", project, order=40)
    register("profiles.profile", "learning.courses", profile, order=40)
    register("assessment.result", "learning.suggestions", suggestions, order=40)
    register("profiles.competence", "learning.courses", competence, order=40)
