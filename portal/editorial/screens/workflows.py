"""The workflows and policies in force, and what an emergency publication would skip."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.editorial.models import Definition, Submission
from portal.editorial.policies import policy_for, spec_of
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND, Match, PolicySpec
from portal.editorial.screens import standing
from portal.editorial.screens.picture import Picture, picture


@dataclass(frozen=True, slots=True)
class WorkflowCard:
    """One workflow in force; `drains` counts what runs under older versions."""

    key: str
    title: str
    version: int
    picture: Picture
    running: int
    drains: int


@dataclass(frozen=True, slots=True)
class PolicyCard:
    """One policy in force."""

    key: str
    title: str
    version: int
    workflow: str
    pages: tuple[str, ...]
    demands: str


@dataclass(frozen=True, slots=True)
class WorkflowsScreen:
    """Everything in force."""

    workflows: tuple[WorkflowCard, ...]
    policies: tuple[PolicyCard, ...]


def workflows_screen() -> WorkflowsScreen:
    """Return what is in force today."""
    rows = list(Definition.objects.in_force().order_by("kind", "key"))
    workflows = tuple(_workflow(row) for row in rows if row.kind == WORKFLOW_KIND)
    titles = {card.key: card.title for card in workflows}
    policies = tuple(_policy(row, titles) for row in rows if row.kind == POLICY_KIND)
    return WorkflowsScreen(workflows, policies)


def _workflow(row: Definition) -> WorkflowCard:
    spec = standing.workflow_spec(row)
    running = Submission.objects.running().filter(definition__key=row.key).values_list("definition_id", flat=True)
    under = list(running)
    now = under.count(row.pk)
    return WorkflowCard(row.key, str(spec.title), row.version, picture(spec), now, len(under) - now)


def _policy(row: Definition, titles: dict[str, str]) -> PolicyCard:
    spec = spec_of(row)
    pages = tuple(_pages(match) for match in spec.matches) or (_("All pages"),)
    title = titles.get(spec.workflow, spec.workflow)
    return PolicyCard(row.key, str(spec.title), row.version, title, pages, _demands(spec))


def _pages(match: Match) -> str:
    """Return which pages a match is for, as a list of what must hold."""
    said = [
        _page_type(match.page_type),
        _("below %(section)s") % {"section": match.section} if match.section else "",
        _("published by %(party)s") % {"party": match.publisher.upper()} if match.publisher else "",
        _("change: %(change)s") % {"change": _change(match)} if match.change else "",
        *(use.name for use in match.when),
    ]
    return ", ".join(text for text in said if text) or _("All pages")


def _page_type(label: str) -> str:
    model = _model(label)
    return str(model._meta.verbose_name) if model is not None else label


def _change(match: Match) -> str:
    model = _model(match.page_type)
    return str(model.change_labels().get(match.change, match.change)) if model is not None else match.change


def _model(label: str) -> Any | None:
    """Return the page type, unless the package that brought it is gone."""
    try:
        return apps.get_model(label) if label else None
    except (LookupError, ValueError):
        return None


def _demands(spec: PolicySpec) -> str:
    approvals = spec.approvals
    names = standing.party_names(approvals.parties)
    said = [standing.and_list([names.get(key, key) for key in approvals.parties])]
    if approvals.publishers:
        said.append(_("the parties that publish the page"))
    if approvals.people:
        people = ngettext("%(count)s person", "%(count)s persons", approvals.people) % {"count": approvals.people}
        said.append(_("%(people)s in all") % {"people": people})
    return ", ".join(text for text in said if text) or _("nobody's approval")


@dataclass(frozen=True, slots=True)
class EmergencyScreen:
    """What would be skipped for one page."""

    title: str
    policy: str
    demand: str
    running_url: str
    back_url: str


def emergency_screen(page: Any) -> EmergencyScreen:
    """Return what publishing this page in an emergency means."""
    draft = page.get_latest_revision_as_object()
    policy = policy_for(draft) or policy_for(page)
    running = Submission.objects.running().of_page(page).first()
    return EmergencyScreen(
        title=draft.get_admin_display_title(),
        policy=str(spec_of(policy).title) if policy else "",
        demand=standing.demand(policy, draft) if policy else "",
        running_url=reverse("editorial:submission", args=[running.uuid]) if running else "",
        back_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
    )
