"""The gate of publishing: what the ground asks about a page (see `portal.core.publication`)."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Workflow

from portal.editorial.content import digest_of
from portal.editorial.engine import content_changed, route_changed
from portal.editorial.errors import NotApprovedError
from portal.editorial.locking import page_locked
from portal.editorial.models import Definition, ExceptionalPublication, Submission
from portal.editorial.policies import has_sections, is_bound_below, policy_for, spec_of, workflow_in_force
from portal.editorial.required import missing


class EditorialGate:
    """Policies and approvals decide."""

    def workflow_for(self, page: Any) -> Workflow | None:
        """Return the workflow of the page's policy."""
        policy = policy_for(page)
        definition = workflow_in_force(policy.content["workflow"]) if policy is not None else None
        return definition.workflow if definition is not None else None

    def is_bound(self, page: Any) -> bool:
        """Tell whether a policy is for the page."""
        return policy_for(page) is not None

    def is_bound_below(self, parent: Any, model: type[Any]) -> bool:
        """Tell whether a policy would be for a new page of this type here."""
        return is_bound_below(parent, model)

    def content_saved(self, page: Any) -> None:
        """Compare the words with those that were sent in, if the page was."""
        running = Submission.objects.running().filter(page_id=page.pk)
        if not running.exists():
            return
        page_locked(page.pk)
        # Read after the lock: a vote may have ended it meanwhile.
        submission = running.select_related("workflow_state", "policy").first()
        if submission is None:
            return
        draft = page.latest_revision.as_object()
        digest = digest_of(draft)
        if digest != submission.digest:
            content_changed(submission, page, draft, digest, page.latest_revision.user)

    def before_sending(self, page: Any, user: Any) -> bool:
        """Give up a returned submission whose page would go another way now; tell whether it did."""
        submission = Submission.objects.running().filter(page_id=page.pk).select_related("workflow_state").first()
        if submission is None or not route_changed(submission, page):
            return False
        submission.workflow_state.cancel(user=user)
        return True

    def mark(self, page: Any) -> str:
        """Return the hash of what a bound page says."""
        return digest_of(page) if policy_for(page, fresh=True) is not None else ""

    @transaction.atomic
    def saved_as_public(self, page: Any, before: Any, mark: str) -> None:
        """Refuse a bound page that nobody has approved in exactly this content, and use its approval up.

        Every publication counts, of the same revision too: autosave may have written over it, and a profile's competences
        may say something else by now. A row that is written without a publication must say what it said.

        Raises:
            NotApprovedError: no approved submission and no recorded exception names this content.
        """
        policy = policy_for(page, fresh=True)
        if policy is None or (page.alias_of_id is not None and _is_bound_alike(page, policy)):
            return
        if not _is_published(page, before):
            if digest_of(page) != mark:
                raise NotApprovedError
            return
        draft = page.live_revision.as_object() if page.live_revision_id else page
        draft.hold_content()
        digest = digest_of(draft)
        used = _exception(page, digest) or _approved(page, draft, digest)
        if used is None:
            raise NotApprovedError
        used.used_at = timezone.now()
        used.save(update_fields=["used_at"])


def _is_bound_alike(alias: Any, policy: Definition) -> bool:
    """Tell whether the source that an alias mirrors is under the same policy, so that its approvals are the alias's."""
    source = policy_for(alias.alias_of.specific, fresh=True)
    return source is not None and source.key == policy.key


def page_moving(sender: Any, instance: Any, url_path_before: str, url_path_after: str, **kwargs: Any) -> None:
    """Refuse to move what is live to where another policy is for it: nobody there has approved it.

    Raises:
        NotApprovedError: a page below, or the page itself, would be public under a policy that it has not met.
    """
    if url_path_before == url_path_after or not has_sections():
        return
    for page in instance.get_descendants(inclusive=True).live().specific():
        before = policy_for(page, fresh=True)
        page.url_path = url_path_after + page.url_path[len(url_path_before) :]
        after = policy_for(page, fresh=True)
        if after is not None and (before is None or before.key != after.key):
            words = _(
                "“%(title)s” is live and would come under “%(policy)s”. Take it down first, and send it in there."
            )
            raise NotApprovedError(words % {"title": page.title, "policy": spec_of(after).title})


def _is_published(page: Any, before: Any) -> bool:
    # Each of Wagtail's paths of publishing sets the time anew.
    now = (page.live_revision_id, page.last_published_at)
    return not before.live or now != (before.live_revision_id, before.last_published_at)


def _exception(page: Any, digest: str) -> ExceptionalPublication | None:
    return ExceptionalPublication.objects.filter(page_id=page.pk, digest=digest, used_at=None).order_by("-pk").first()


def _approved(page: Any, draft: Any, digest: str) -> Submission | None:
    for submission in Submission.objects.ready().of_page(page).select_related("policy"):
        if not route_changed(submission, draft) and not missing(submission, draft, digest):
            found: Submission = submission
            return found
    return None
