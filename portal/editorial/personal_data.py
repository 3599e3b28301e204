"""What the editorial workflows know about a person: what she sent in, wrote, answered, and published past a policy."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import TaskState

from portal.core.personal_data import Erasure, Fate, PersonalData, Sheet, scrub_rows, sheet
from portal.editorial.models import ExceptionalPublication, StepState, Submission, Submitter, Vote


def export_approvals(person: Any) -> Iterable[Sheet]:
    """Return what she answered, sent in and published."""
    votes = Vote.objects.filter(user=person).select_related("state__workflow_state__submission__page")
    yield sheet(
        "answers_to_pages",
        _("What you approved or returned"),
        votes.order_by("at", "id"),
        ("at", _("Time"), "at"),
        ("page", _("Page"), lambda vote: vote.state.workflow_state.submission.page.title),
        ("seat", _("For"), lambda vote: "" if vote.seat.startswith("person:") else vote.seat),
        ("answer", _("Answer"), lambda vote: str(vote.get_answer_display())),
        ("who", _("Shown as"), "who"),
        ("comment", _("Comment"), "comment"),
        ("content", _("Hash of the text"), "digest"),
    )
    yield sheet(
        "sent_in",
        _("Pages that you sent in for approval"),
        Submitter.objects.filter(user=person).select_related("submission__page").order_by("at", "id"),
        ("at", _("Time"), "at"),
        ("page", _("Page"), lambda row: row.submission.page.title),
        ("round", _("Round"), "round"),
        ("who", _("Shown as"), "who"),
    )
    yield sheet(
        "written",
        _("Pages sent in whose latest change was yours"),
        Submission.objects.filter(author=person).select_related("page").order_by("created_at", "id"),
        ("at", _("Time"), "created_at"),
        ("page", _("Page"), lambda row: row.page.title),
    )
    yield sheet(
        "emergencies",
        _("Pages that you published past a policy"),
        ExceptionalPublication.objects.filter(actor=person).select_related("page").order_by("at", "id"),
        ("at", _("Time"), "at"),
        ("page", _("Page"), lambda row: row.page.title),
        ("who", _("Shown as"), "who"),
        ("reason", _("Reason"), "reason"),
    )


def erase_approvals(erasure: Erasure) -> None:
    """Take her out: the answers stay and keep counting, as those of one and the same person whom nobody knows."""
    person, traces = erasure.person, erasure.traces
    hers = Vote.objects.filter(Q(user=person) | Q(person=person.uuid))
    mark = uuid.uuid4()
    keys = list(hers.values_list("pk", flat=True))
    scrub_rows(Vote.objects.all(), traces, "who", "comment", about_her=Q(pk__in=keys))
    # A step that ended by an answer has its words as well, and the step that it is part of.
    answered = StepState.steps.filter(votes__in=keys).values_list("pk", "parent_id")
    states = {pk for pair in answered for pk in pair if pk is not None}
    scrub_rows(TaskState.objects.all(), traces, "comment", about_her=Q(pk__in=states))
    hers_now = Vote.objects.filter(pk__in=keys)
    hers_now.filter(seat=f"person:{person.uuid}").update(seat=f"person:{mark}")
    hers_now.update(user=None, person=mark)
    scrub_rows(Submitter.objects.all(), traces, "who", about_her=Q(user=person))
    Submitter.objects.filter(user=person).update(user=None)
    Submission.objects.filter(author=person).update(author=None)
    scrub_rows(ExceptionalPublication.objects.all(), traces, "who", "reason", about_her=Q(actor=person))
    ExceptionalPublication.objects.filter(actor=person).update(actor=None)


EDITORIAL = (
    PersonalData(
        key="editorial.approvals",
        title=_("Your approvals"),
        why=_("Whoever reads a page must be able to rely on that those who must approve it have done so."),
        how_long=_("As long as the page."),
        erasing=_(
            "The answers stay, because what is published rests on them. Your name is replaced by “deleted user”, and "
            "what ties them together is a random mark instead of you."
        ),
        fate=Fate.ANONYMISED,
        order=21,
        covers=(
            "editorial.Vote.user",
            "editorial.Submitter.user",
            "editorial.Submission.author",
            "editorial.ExceptionalPublication.actor",
            # Texts of pages and of files, as in the pages' versions: they name no person as such.
            "editorial.Definition.content",
            "editorial.ReadContent.content",
            "editorial.ReadContent.parts",
            "editorial.Step.parameters",
            "editorial.Step.skip",
            "editorial.Step.deadline",
            "editorial.StepState.findings",
        ),
        export=export_approvals,
        erase=erase_approvals,
    ),
)
