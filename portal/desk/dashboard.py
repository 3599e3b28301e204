"""What waits for an editor: the desk's own entries of the dashboard. Other packages register theirs at the same place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import DraftStateMixin, Page
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import get_snippet_models

from portal.core.formats import long_date
from portal.core.models import OutboxMessage, PageGovernance
from portal.core.models.outbox import OutboxState
from portal.core.scheduling import due_revisions
from portal.core.sections import Section

PLACE = "admin.dashboard"
TEMPLATE = "desk/admin/waiting_list.html"
# More than this many of one kind are a list to work through, not a reminder.
MOST = 10
# The worker comes by every minute; what is later than this did not go live because something refused it.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits, with the way to it."""

    title: str
    url: str
    note: str = ""


def _section(anchor: str, title: str, items: list[Waiting]) -> Section | None:
    return Section(title, anchor, TEMPLATE, {"items": items[:MOST], "more": len(items) > MOST}) if items else None


def reviews_due(request: HttpRequest, user: Any) -> Section | None:
    """Return the pages that the user looks after, or nobody, and that should have been read again by today."""
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    due = (
        PageGovernance.objects.filter(review_on__lte=localdate(), page__in=editable)
        # A page whose editor has left belongs to everybody again.
        .filter(Q(responsible=user) | Q(responsible__isnull=True) | Q(responsible__is_active=False))
        .select_related("page")
        .order_by("review_on", "pk")
    )
    items = [
        Waiting(
            row.page.get_admin_display_title(),
            reverse("wagtailadmin_pages:edit", args=[row.page_id]),
            _("to be read again by %(date)s") % {"date": long_date(row.review_on)} if row.review_on else "",
        )
        for row in due[: MOST + 1]
    ]
    return _section("reviews", _("Pages to read again"), items)


def overdue(request: HttpRequest, user: Any) -> Section | None:
    """Return what was planned for a time that has passed and still is not published: a rule refused it."""
    finder = AdminURLFinder(user)
    late = due_revisions().filter(approved_go_live_at__lt=now() - PATIENCE)[: MOST + 1]
    found = [(revision, finder.get_edit_url(revision.content_object)) for revision in late]
    items = [
        Waiting(revision.object_str, url, _("planned for %(date)s") % {"date": long_date(revision.approved_go_live_at)})
        for revision, url in found
        if url
    ]
    return _section("overdue", _("Planned, but not published"), items)


def dead_letters(request: HttpRequest, user: Any) -> Section | None:
    """Return one line on what the portal gave up sending, for those who may look."""
    if not user.has_perm("core.view_outboxmessage"):
        return None
    count = OutboxMessage.objects.filter(state=OutboxState.DEAD).count()
    if not count:
        return None
    title = ngettext("%(count)s message could not be sent", "%(count)s messages could not be sent", count)
    url = f"{reverse('outbox:index')}?state={OutboxState.DEAD}"
    return _section("dead-letters", _("Outgoing messages"), [Waiting(title % {"count": count}, url)])


def my_drafts(request: HttpRequest, user: Any) -> Section | None:
    """Return what the user has written and not yet published: pages and snippets."""
    pages = (
        Page.objects.filter(latest_revision__user=user, has_unpublished_changes=True)
        .select_related("latest_revision")
        .order_by("-latest_revision__created_at", "-pk")
    )
    items = [
        Waiting(
            page.get_admin_display_title(),
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            _("saved %(date)s") % {"date": long_date(page.latest_revision.created_at)},
        )
        for page in pages[: MOST + 1]
    ]
    return _section("drafts", _("My drafts"), [*items, *_snippet_drafts(user)])


def _snippet_drafts(user: Any) -> Iterator[Waiting]:
    finder = AdminURLFinder(user)
    for model in get_snippet_models():
        if not issubclass(model, DraftStateMixin):
            continue
        drafts = model.objects.filter(latest_revision__user=user, has_unpublished_changes=True).order_by("-pk")
        for draft in drafts[:MOST]:
            if url := finder.get_edit_url(draft):
                yield Waiting(str(draft), url, str(model._meta.verbose_name))
