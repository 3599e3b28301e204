"""What search keeps that a person may wonder about: the words that were searched for, and nobody's."""

from django.utils.translation import gettext_lazy as _

from portal.core.personal_data import Fate, PersonalData

SEARCHES = PersonalData(
    key="search.usage",
    title=_("Searches, counted by week"),
    why=_(
        "So that editors see what people look for and do not find. Neither name, login, address nor time stands with them, "
        "and a search is kept only when it has been made often."
    ),
    how_long=_("A year. Searches that are made rarely are forgotten when the week ends."),
    erasing=_("They cannot be deleted, because nobody can tell which searches are yours."),
    fate=Fate.KEPT,
    order=90,
)
