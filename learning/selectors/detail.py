"""A course's page: facts, what it lifts, why it exists and when it is held."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.formats import ects, price
from learning.models import CoursePage, CourseRun
from learning.selectors.cards import Lift, lifts, list_url
from learning.selectors.relations import profiles_of
from portal.core import page_cache
from portal.core.formats import at_clock, long_date
from portal.core.visibility import asker, pages_visible_to
from portal.seats.api import Offering, SignUpState
from profilecatalog.profiles.api import CompetenceIndexPage, ProfilePage, ProfileRelease


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the facts box; the fields are those of the component facts."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class LiftRow:
    """What the course lifts, with the way to the competence."""

    lift: Lift
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    """A step of the chain, or a card; the fields are those of the components chain and card."""

    title: str
    text: str = ""
    url: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A course run in the table."""

    where: str
    period: str
    deadline: str
    seats: str
    status: str
    status_kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class CourseScreen:
    """Everything on the page."""

    facts: tuple[Fact, ...]
    meta: tuple[str, ...]
    lifts: tuple[LiftRow, ...]
    outcomes: tuple[str, ...]
    chain: tuple[Link, ...]
    profiles: tuple[Link, ...]
    runs: tuple[RunRow, ...]
    list_url: str


def course_screen(page: CoursePage, request: HttpRequest, today: dt.date) -> CourseScreen:
    """Return the page as it is now, also for a draft that has no row yet."""
    related = profiles_of(page, asker(request))
    return CourseScreen(
        facts=_facts(page),
        meta=tuple(part for part in (ects(page.ects), page.provider.name) if part),
        lifts=_lift_rows(page, request),
        outcomes=tuple(outcome.text for outcome in page.outcomes.all()),
        chain=_chain(page, related, request),
        profiles=tuple(_profile_card(profile, release, request) for profile, release in related),
        runs=_runs(page, request, today),
        list_url=list_url(request),
    )


def _facts(page: CoursePage) -> tuple[Fact, ...]:
    facts = [
        Fact(_("Target audience"), page.audience),
        Fact(_("Duration"), page.duration),
        Fact(_("ECTS points"), ects(page.ects)),
        Fact(_("Formally qualifying"), _("Yes") if page.qualifying else _("No")),
        Fact(_("Prerequisites"), page.prerequisites),
        Fact(_("Exam"), page.exam_form),
        Fact(_("Price per participant"), price(page.price_dkk)),
        Fact(_("Admission"), page.order_of_admission),
        Fact(_("Provider"), page.provider.name, page.provider.url),
    ]
    return tuple(fact for fact in facts if fact.value)


def _lift_rows(page: CoursePage, request: HttpRequest) -> tuple[LiftRow, ...]:
    links = list(page.competence_links.all().select_related("competence"))
    index = CompetenceIndexPage.objects.visible_to(asker(request)).order_by("path").first() if links else None
    return tuple(
        LiftRow(lift, index.competence_url(link.competence.slug, request) if index and link.competence.live else "")
        for link, lift in zip(links, lifts(links), strict=True)
    )


def _profile_card(profile: ProfilePage, release: ProfileRelease | None, request: HttpRequest) -> Link:
    text = _("Profile, release %(number)s") % {"number": release.number} if release else _("Profile")
    return Link(profile.title, text, profile.get_url(request) or "")


def _chain(page: CoursePage, related: Any, request: HttpRequest) -> tuple[Link, ...]:
    """Return how the course came about; nothing when neither project nor publication is known."""
    sources = ((_("Project"), page.project), (_("Publication"), page.publication))
    wanted = [source.pk for _title, source in sources if source is not None]
    shown = (
        set(pages_visible_to(asker(request)).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    )
    steps = []
    for title, source in sources:
        if source is not None and source.pk in shown:
            steps.append(Link(title, source.lead, source.get_url(request) or "", source.title))
    if not steps:
        return ()
    if related:
        profile, release = related[0]
        card = _profile_card(profile, release, request)
        steps.append(Link(_("Profile"), card.text, card.url, card.title))
    count = len(page.competence_links.all())
    text = ngettext("It lifts %(count)s competence.", "It lifts %(count)s competences.", count) % {"count": count}
    steps.append(Link(_("Course"), f"{page.title}. {text}" if count else page.title))
    return tuple(steps)


def _runs(page: CoursePage, request: HttpRequest, today: dt.date) -> tuple[RunRow, ...]:
    found: Any = CourseRun.objects.filter(course_id=page.runs_of_id)
    coming = list(found.filter(ends__gte=today).for_list().in_order())
    now = timezone.now()
    for run in coming:
        if run.offering.deadline is not None and run.offering.deadline > now:
            page_cache.expires_at(request, run.offering.deadline)
    return tuple(_run(run, today) for run in coming)


def _run(run: CourseRun, today: dt.date) -> RunRow:
    deadline = run.offering.deadline
    status, kind = _status(run, today)
    return RunRow(
        where=run.where,
        period=run.period,
        deadline=f"{long_date(deadline)} {at_clock(deadline)}" if deadline else _("No deadline"),
        seats=_seats(run.offering),
        status=status,
        status_kind=kind,
        reason=run.cancel_reason,
    )


def _seats(offering: Offering) -> str:
    if offering.capacity is None:
        return _("No limit")
    return ngettext("%(count)s seat", "%(count)s seats", offering.capacity) % {"count": offering.capacity}


def _status(run: CourseRun, today: dt.date) -> tuple[str, str]:
    if run.cancelled:
        return _("Called off"), "off"
    if run.starts <= today:
        return _("Has begun"), "off"
    if run.offering.state_at(timezone.now()) is SignUpState.CLOSED:
        return _("The deadline has passed"), "off"
    return "", ""
