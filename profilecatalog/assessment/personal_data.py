"""What self-assessment knows about persons: nothing, and that has a price which must be said."""

from django.utils.translation import gettext_lazy as _

from portal.core.personal_data import Fate, PersonalData

ASSESSMENT = PersonalData(
    key="assessment.anonymous",
    title=_("Anonymous self-assessments"),
    why=_(
        "The answers are counted together with those of others. No name, no address and no exact time stands with them."
    ),
    how_long=_("As long as the totals are used."),
    erasing=_("They cannot be deleted later, because nobody can tell which answers are yours."),
    fate=Fate.KEPT,
    order=90,
)
