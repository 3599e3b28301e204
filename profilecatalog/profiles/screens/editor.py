"""What the editors see beside their forms and on the dashboard: releases, waiting proposals, who asks for a competence."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.permissions import page_permission_policy

from profilecatalog.profiles.models import ProfileRelease, ReleaseProposal
from profilecatalog.profiles.screens.competence import asking_rows

LATEST = 5


@dataclass(frozen=True)
class ProposalRow:
    """One question "new release?"."""

    profile: str
    competence: str
    raised_at: datetime
    postponed_until: date | None
    decide_url: str
    edit_url: str


def _row(proposal: ReleaseProposal) -> ProposalRow:
    return ProposalRow(
        profile=proposal.profile.get_admin_display_title(),
        competence=proposal.competence.name,
        raised_at=proposal.raised_at,
        postponed_until=proposal.postponed_until,
        decide_url=reverse("profiles_admin:proposal", args=[proposal.uuid]),
        edit_url=reverse("wagtailadmin_pages:edit", args=[proposal.profile_id]),
    )


@dataclass(frozen=True)
class AnsweredRow:
    """One question that has been settled."""

    competence: str
    status: str
    decided_at: datetime | None
    url: str


def proposals_for(user: Any) -> tuple[ProposalRow, ...]:
    """Return the questions that wait today for a user, oldest first: those about profiles that she may edit."""
    editable = page_permission_policy.instances_user_has_permission_for(user, "change").values("pk")
    waiting: Any = ReleaseProposal.objects.due(timezone.localdate())
    rows = waiting.filter(profile__in=editable).select_related("profile", "competence").oldest_first()
    return tuple(_row(proposal) for proposal in rows)


def _answered(proposal: ReleaseProposal) -> AnsweredRow:
    return AnsweredRow(
        competence=proposal.competence.name,
        status=str(proposal.get_status_display()),
        decided_at=proposal.decided_at,
        url=reverse("profiles_admin:proposal", args=[proposal.uuid]),
    )


def editor_releases(page: Any) -> dict[str, Any]:
    """Return a profile's releases and questions, for the panel in its form; of the settled ones the latest."""
    waiting: Any = ReleaseProposal.objects.open().filter(profile=page.pk)
    settled: Any = ReleaseProposal.objects.settled().filter(profile=page.pk).select_related("competence")
    releases = ProfileRelease.objects.of([page.pk])
    return {
        "answered": tuple(_answered(row) for row in settled.latest_first()[:LATEST]),
        "proposals": tuple(_row(row) for row in waiting.select_related("profile", "competence").oldest_first()),
        "releases": tuple((release, page.release_url(release.number)) for release in releases),
    }


def editor_asked_by(competence: Any) -> dict[str, Any]:
    """Return who asks for a competence, for the panel in its form."""
    return {"rows": asking_rows(competence, None)}
