"""Freeze a release: the same transaction as publishing, on every path.

Called by the receiver of Wagtail's `page_published`, which every path of publishing sends from within its action. What is
raised here undoes the publishing, since `BasePage.publish` and the admin's middleware hold a transaction around it.
"""

from typing import Any

from django.db import transaction

from portal.core import audit
from portal.core.failpoints import failpoint
from profilecatalog.profiles.documents import ReleaseDocument
from profilecatalog.profiles.enums import ReleaseChange
from profilecatalog.profiles.models import Competence, ProfilePage, ProfileRelease, ReleasedItem
from profilecatalog.profiles.services.changes import choice_problems, is_other_content, marked
from profilecatalog.profiles.services.errors import Problem, ReleaseError
from profilecatalog.profiles.services.proposals import proposals_settle
from profilecatalog.profiles.services.resolve import resolve


def release_problems(*, page: ProfilePage) -> tuple[Problem, ...]:
    """Return what a release of the page, as it stands in memory, would be refused for."""
    return _examine(page)[2]


def _examine(page: ProfilePage) -> tuple[ProfileRelease | None, ReleaseDocument, tuple[Problem, ...]]:
    resolution = resolve(page)
    latest = ProfileRelease.objects.of([page.pk]).first() if page.pk else None
    previous = latest.document if latest else None
    choice = choice_problems(previous, resolution.document, page.release_change, page.release_reason)
    return latest, resolution.document, (*resolution.problems, *choice)


@transaction.atomic
def release_freeze(*, page: ProfilePage, actor: Any, revision: Any = None) -> ProfileRelease:
    """Freeze what a published page says, and return its newest release: a new one only for other content.

    The page's row has been written in this transaction, so its lock keeps a second publication of the same page waiting
    until the number is taken. The editor's choice is used up with the release and emptied on the row and its revision.

    Raises:
        ReleaseError: the content is not complete, or the choice for the new release is missing or untrue.
    """
    hold_competences(page)
    latest, document, problems = _examine(page)
    if problems:
        raise ReleaseError(problems)
    release = latest
    if release is None or is_other_content(release.document, document):
        release = _release_create(page, actor, latest, document)
    _empty_choice(page, revision)
    audit.record(
        actor=actor,
        action="profile.published",
        obj=page,
        before={"release": latest.number} if latest else None,
        after={"release": release.number, "change": release.change, "sha256": release.sha256},
    )
    return release


def hold_competences(*pages: ProfilePage) -> None:
    """Lock what is read: a competence published at this moment either stands in the release or asks for the next one."""
    ids = {item.competence_id for page in pages for group in page.groups.all() for item in group.items.all()}
    list(Competence.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def _release_create(
    page: ProfilePage, actor: Any, latest: ProfileRelease | None, document: ReleaseDocument
) -> ProfileRelease:
    change = page.release_change if latest else ReleaseChange.FIRST.value
    document = marked(latest.document if latest else None, document, change)
    release = ProfileRelease.objects.create(
        profile=page,
        number=latest.number + 1 if latest else 1,
        released_by=actor,
        change=change,
        reason=page.release_reason.strip(),
        content=document.content,
        sha256=document.sha256,
        changes=document.changes,
    )
    failpoint("profiles.release.frozen")
    _index(release, document)
    proposals_settle(release=release, actor=actor)
    return release


def _index(release: ProfileRelease, document: ReleaseDocument) -> None:
    ids = dict(
        Competence.objects.filter(uuid__in=[i.competence_uuid for i in document.items]).values_list("uuid", "pk")
    )
    ReleasedItem.objects.bulk_create(
        ReleasedItem(release=release, competence_id=ids[i.competence_uuid], item_uuid=i.uuid, wording=i.wording)
        for i in document.items
    )


def _empty_choice(page: ProfilePage, revision: Any) -> None:
    if not page.release_change and not page.release_reason:
        return
    page.release_change = page.release_reason = ""
    ProfilePage.objects.filter(pk=page.pk).update(release_change="", release_reason="")
    if revision is not None:
        revision.content = {**revision.content, "release_change": "", "release_reason": ""}
        type(revision).objects.filter(pk=revision.pk).update(content=revision.content)


@transaction.atomic
def profile_remove(*, page: ProfilePage, actor: Any) -> None:
    """Delete a profile with its releases: for example content only; an editor unpublishes instead.

    Raises:
        ProtectedError: answers point to one of the releases.
    """
    audit.record(actor=actor, action="profile.removed", obj=page)
    page.releases.all().delete()
    page.delete()
