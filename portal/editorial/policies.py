"""Which policy is for a page, and what it demands. The nearest wins; a page without one is published as Wagtail does it.

Nearest is the policy with the longest section that the page stands in, then the one that asks for more. Where two ask for
equally much, the kind of change counts before the publisher, a condition of the registry and the page type; after that the
key decides, so that the answer never depends on chance.
"""

import threading
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.models import Page, Site

from portal.editorial.models import Definition
from portal.editorial.registry import Moment, UnknownNameError, registry
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND, Match, PolicySpec
from portal.editorial.shape import spec_from
from portal.workflows.api import ParameterError

# What a match without any word of its own is: a policy for everything.
EVERYWHERE = (Match(),)
Rank = tuple[int, ...]
# A policy whose condition is gone with its extension: it must not open a page, and not be nearer than one that is whole.
_BROKEN: Rank = (-1,)


@dataclass(frozen=True, slots=True)
class Needed:
    """The parties (their keys) and the number of different persons whose approval a page needs."""

    parties: frozenset[str]
    people: int


@dataclass(frozen=True)
class InForce:
    """The definitions in force, read in one query."""

    policies: tuple[tuple[Definition, PolicySpec], ...]
    workflows: dict[str, Definition] = field(default_factory=dict)


class _Memo(threading.local):
    """What this thread has read in this request. A list of pages asks for each row, and the answer is the same table."""

    in_request = False
    found: InForce | None = None


_memo = _Memo()


def policy_for(page: Any, *, fresh: bool = False) -> Definition | None:
    """Return the policy for a page as it stands in memory, or None: nothing is demanded of it.

    `fresh` reads the policies anew; whoever decides about going live says so.
    """
    page = page.specific if type(page) is Page else page
    found = [
        (rank, policy.key, policy)
        for policy, spec in _in_force(fresh=fresh).policies
        for match in spec.matches or EVERYWHERE
        if (rank := _rank(match, page)) is not None
    ]
    return max(found, key=lambda each: each[:2])[2] if found else None


def is_bound_below(parent: Any, model: type[Any]) -> bool:
    """Tell whether a policy may be for a new page of this type below `parent`.

    Who publishes the page and what kind of change it is are not known yet, so a policy that asks for them counts: no button
    publishes it at once, and as a draft it shows what it needs.
    """
    return any(
        _is_of_type(match, model) and _lies_in(match, parent.url_path)
        for _policy, spec in _in_force().policies
        for match in spec.matches or EVERYWHERE
    )


def has_sections() -> bool:
    """Tell whether a policy asks where a page stands: otherwise a move changes nothing."""
    return any(match.section for _policy, spec in _in_force(fresh=True).policies for match in spec.matches)


def workflow_in_force(key: str) -> Definition | None:
    """Return the version of a workflow that new submissions begin under."""
    return _in_force().workflows.get(key)


def needed(policy: Definition, page: Any) -> Needed:
    """Return whose approval a version of a policy demands of the page as it stands in memory."""
    spec = spec_of(policy)
    publishers = publishers_of(page) if spec.approvals.publishers else frozenset()
    return Needed(frozenset(spec.approvals.parties) | publishers, spec.approvals.people)


def spec_of(policy: Definition) -> PolicySpec:
    """Return what a stored policy says."""
    spec = spec_from(policy.content)
    if not isinstance(spec, PolicySpec):
        raise TypeError(f"{policy} is no policy.")
    return spec


def _in_force(*, fresh: bool = False) -> InForce:
    if fresh or _memo.found is None:
        found = _read()
        if _memo.in_request:
            _memo.found = found
        return found
    return _memo.found


def _read() -> InForce:
    rows = list(Definition.objects.in_force().select_related("workflow").order_by("kind", "key"))
    return InForce(
        policies=tuple((row, spec_of(row)) for row in rows if row.kind == POLICY_KIND),
        workflows={row.key: row for row in rows if row.kind == WORKFLOW_KIND},
    )


def _rank(match: Match, page: Any) -> Rank | None:
    """Return how near a match is, larger for nearer; None where it does not hold. What costs a query is asked last."""
    if not _is_of_type(match, type(page)) or not _lies_in(match, page.url_path):
        return None
    if match.change and match.change != _change_of(page):
        return None
    if match.publisher and match.publisher not in publishers_of(page):
        return None
    try:
        if not all(_holds(match, number, page) for number in range(len(match.when))):
            return None
    except (UnknownNameError, ParameterError):
        return _BROKEN
    asks = (bool(match.change), bool(match.publisher), len(match.when), bool(match.page_type))
    return (match.section.count("/"), sum(asks), *asks)


def _change_of(page: Any) -> str:
    # A page type of another package may not be built on ours.
    return str(page.change_kind()) if hasattr(page, "change_kind") else ""


def publishers_of(page: Any) -> frozenset[str]:
    """Return who publishes a page: the draft says so, and the page that is live."""
    if not hasattr(page, "publisher_keys"):
        return frozenset()
    # Who publishes what is live has a say in whether she goes on doing so.
    live = type(page)._base_manager.filter(pk=page.pk, live=True).first() if page.pk else None
    return frozenset(page.publisher_keys()) | frozenset(live.publisher_keys() if live is not None else ())


def _holds(match: Match, number: int, page: Any) -> bool:
    use = match.when[number]
    entry = registry.find("condition", use.name)
    # The hash of the content is dear, and no condition needs it to tell whether a policy is for the page.
    moment = Moment(page=page, digest="", at=timezone.now())
    return bool(entry.what(moment, entry.given(use.given)))


def _is_of_type(match: Match, model: type[Any]) -> bool:
    if not match.page_type:
        return True
    try:
        return issubclass(model, apps.get_model(match.page_type))
    except LookupError:
        return False


def _lies_in(match: Match, url_path: str) -> bool:
    return not match.section or address(url_path).startswith(match.section)


def address(url_path: str) -> str:
    """Return where a page stands below the root of its site, or an empty text for one that stands below none."""
    for site in Site.get_site_root_paths():
        if url_path.startswith(site.root_path):
            return f"/{url_path[len(site.root_path) :]}"
    return ""


def _begin(**kwargs: Any) -> None:
    _memo.in_request, _memo.found = True, None


def _end(**kwargs: Any) -> None:
    _memo.in_request, _memo.found = False, None


def forget(**kwargs: Any) -> None:
    """Read the definitions anew the next time."""
    _memo.found = None


request_started.connect(_begin, dispatch_uid="editorial.policies.begin")
request_finished.connect(_end, dispatch_uid="editorial.policies.end")
post_save.connect(forget, sender=Definition, dispatch_uid="editorial.policies.saved")
post_delete.connect(forget, sender=Definition, dispatch_uid="editorial.policies.deleted")
