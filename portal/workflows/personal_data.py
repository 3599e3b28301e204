"""What the workflows know about a person: the steps that she has taken in cases."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.personal_data import Erasure, Fate, PersonalData, Sheet, scrub_rows, sheet
from portal.workflows.models import Step


def export_steps(person: Any) -> Iterable[Sheet]:
    """Return her steps."""
    steps = Step.objects.filter(actor=person).select_related("case").order_by("at", "id")
    yield sheet(
        "case_steps",
        _("Steps that you took in cases"),
        steps,
        ("at", _("Time"), "at"),
        ("case", _("Case"), lambda step: str(step.case.uuid)),
        ("kind", _("Kind of case"), lambda step: step.case.kind),
        ("from", _("From"), "source"),
        ("to", _("To"), "target"),
        ("who", _("Shown as"), "who"),
        ("comment", _("Comment"), "comment"),
    )


def erase_steps(erasure: Erasure) -> None:
    """Take her out of the history: the steps stay, since what came after builds on them."""
    scrub_rows(Step.objects.all(), erasure.traces, "who", "comment", about_her=Q(actor=erasure.person))
    Step.objects.filter(actor=erasure.person).update(actor=None)


WORKFLOWS = (
    PersonalData(
        key="workflows.steps",
        title=_("Your steps in cases"),
        why=_("Whoever looks at a case must be able to see how it came to where it is."),
        how_long=_("As long as the thing that the case is about."),
        erasing=_("The steps stay, because others build on them. Your name is replaced by “deleted user”."),
        fate=Fate.ANONYMISED,
        order=20,
        # The content of a definition names rights and shared mailboxes, and no person.
        covers=("workflows.Step.actor", "workflows.CaseDefinition.content"),
        export=export_steps,
        erase=erase_steps,
    ),
)
