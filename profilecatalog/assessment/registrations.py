"""What self-assessment adds to the profile page, and what it does by the clock."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core import periodic
from portal.core.page_cache import ignore
from portal.core.sections import Section, register
from portal.organisations import guards
from portal.organisations.api import Municipality
from profilecatalog.assessment.enums import RoundStatus


def register_all() -> None:
    """Register everything."""
    from profilecatalog.assessment.models import Answer, Response, ResponseRelease, Round, UsedToken

    register("profiles.profile", "assessment", profile_section, order=10)
    # A stored page must not be outdated by an answer: it shows none, and the time would be written down.
    ignore(Round, Response, ResponseRelease, Answer, UsedToken)
    guards.register(guards.MIN_RESPONSES, "assessment", promised)
    periodic.register("assessment.close_rounds", dt.timedelta(days=1), _close_rounds)


def profile_section(request: HttpRequest, page: Any) -> Section | None:
    """Return the way to the form; the page frames it by its address, so that it is the same for every asker."""
    if not getattr(page, "live", False):
        return None
    url = reverse("assessment:assess", args=[page.slug])
    return Section(
        title=str(_("Where are you yourself?")),
        anchor="vurder-dig-selv",
        template="assessment/profile_section.html",
        # An action box, not a part of the text: the page puts it in its middle and not in its contents list.
        in_contents=False,
        context={
            "url": url,
            "link_text": str(_("Assess yourself")),
            "frame_url": f"{url}?ramme",
            "profile_title": page.title,
        },
    )


def promised(*, municipality: Municipality, before: int, after: int) -> str | None:
    """Return why the smallest group may not be lowered now: those who are answering were promised the higher number."""
    from profilecatalog.assessment.models import Round

    if not Round.objects.filter(municipality=municipality).exclude(status=RoundStatus.CLOSED).exists():
        return None
    text = _("A round is under way, and those who answer were promised at least %(before)s. Raise the number or wait.")
    return str(text) % {"before": before}


def _close_rounds() -> None:
    from profilecatalog.assessment.services import close_standing_rounds

    close_standing_rounds()
