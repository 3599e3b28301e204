"""The form of a release: one question per competence, and on the public page where the person works."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.organisations.api import Municipality, RegionGroup
from profilecatalog.assessment.answers import Given, levels_of
from profilecatalog.assessment.enums import AnswerKind
from profilecatalog.profiles.api import CompetenceNeed, ReleaseDocument

TOKEN = "token"  # noqa: S105 - the name of a field
MUNICIPALITY = "municipality"


class TamperedFormError(Exception):
    """What was sent cannot have come from our form."""


def field_name(competence: UUID) -> str:
    """Return the name of a competence's field."""
    return f"c-{competence}"


class AssessmentForm(forms.Form):
    """Built from the release, never from live competences: people answer the words that are stored as a hash."""

    def __init__(
        self, data: Any = None, *, document: ReleaseDocument, regions: Sequence[RegionGroup] | None = None
    ) -> None:
        super().__init__(data)
        self.document = document
        self.municipalities: Mapping[str, Municipality] = {}
        if regions is not None:
            self.municipalities = {m.code: m for region in regions for m in region.municipalities}
            self.fields[MUNICIPALITY] = _municipality_field(regions)
        for need in document.needs:
            self.fields[field_name(need.item.competence_uuid)] = _question_field(document, need)

    def refuse_foreign_input(self) -> None:
        """Tell a mistake from tampering: our page can leave a question open, and nothing else.

        Raises:
            TamperedFormError: an unknown field, one sent twice, or a value that the page did not offer.
        """
        sent = dict(self.data.lists()) if hasattr(self.data, "lists") else {}
        if set(sent) - {TOKEN, *self.fields} or any(len(values) != 1 for values in sent.values()):
            raise TamperedFormError
        for name, errors in self.errors.as_data().items():
            if any(error.code != "required" for error in errors) and not self._left_meanwhile(name):
                raise TamperedFormError

    def _left_meanwhile(self, name: str) -> bool:
        """Tell whether the municipality was offered when the page was opened and takes no part any more."""
        return name == MUNICIPALITY and Municipality.objects.filter(code=self.data.get(MUNICIPALITY, "")).exists()

    @property
    def answers(self) -> dict[UUID, Given]:
        """Return the answers of a valid form by competence."""
        levels = levels_of(self.document)
        uuids = (need.item.competence_uuid for need in self.document.needs)
        return {uuid: Given.from_value(self.cleaned_data[field_name(uuid)], levels) for uuid in uuids}

    @property
    def chosen_municipality(self) -> Municipality | None:
        """Return where the person said she works, if she did."""
        return self.municipalities.get(self.cleaned_data.get(MUNICIPALITY, ""))


def _municipality_field(regions: Sequence[RegionGroup]) -> forms.ChoiceField:
    groups = [(region.region.name, [(m.code, m.name) for m in region.municipalities]) for region in regions]
    return forms.ChoiceField(
        label=gettext_lazy("Where do you work?"),
        choices=[("", gettext_lazy("I would rather not say")), *[group for group in groups if group[1]]],
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "This municipality does not gather answers at the moment. Choose another one, or “I would rather not say”."
            )
        },
        help_text=gettext_lazy(
            "Your answer then counts in your municipality's totals. Nobody can see which answer is yours."
        ),
    )


def _question_field(document: ReleaseDocument, need: CompetenceNeed) -> forms.ChoiceField:
    missing = _("%(name)s: choose what fits best, or “Don't know”.") % {"name": need.item.name}
    return forms.ChoiceField(
        label=need.item.name,
        choices=[(str(number), str(number)) for number in range(1, levels_of(document) + 1)]
        + [(kind.value, kind.label) for kind in (AnswerKind.NOT_RELEVANT, AnswerKind.DONT_KNOW)],
        widget=forms.RadioSelect,
        error_messages={"required": missing},
    )
