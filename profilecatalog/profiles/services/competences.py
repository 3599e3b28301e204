"""What publishing a competence demands and brings about."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit
from profilecatalog.profiles.documents import wording_hash
from profilecatalog.profiles.models import Competence, ProfileRelease
from profilecatalog.profiles.services.errors import CompetenceError, Problem
from profilecatalog.profiles.services.proposals import proposals_raise
from profilecatalog.profiles.services.resolve import read_words


def text_problems(competence: Competence) -> tuple[Problem, ...]:
    """Return what keeps a competence from being published: each level of its scale needs a text in the right form."""
    words = read_words(competence)
    opening = competence.scale.text_opening
    problems = []
    for level, text in zip(words.scale.levels, words.texts, strict=True):
        values = {"level": level.label, "opening": opening}
        if not text:
            problems.append(Problem(_("Write a text for the level %(level)s.") % values, "level_texts"))
        elif opening and not text.startswith(f"{opening} "):
            message = _("The text for the level %(level)s must begin with “%(opening)s”.") % values
            problems.append(Problem(message, "text", level.number))
    numbers = {level.number for level in words.scale.levels}
    if any(row.level_number not in numbers for row in competence.level_texts.all()):
        problems.append(Problem(_("One of the texts is for a level that the scale does not have."), "level_texts"))
    return tuple(problems)


def identity_problems(competence: Competence) -> tuple[Problem, ...]:
    """Return what may not change once a release names the competence: key, address and scale stand in it for ever."""
    release = ProfileRelease.objects.asking_for(competence.pk).order_by("-released_at", "-id").first()
    item = release.document.item_for(competence.uuid) if release else None
    if release is None or item is None:
        return ()
    was = {"key": item.competence_key, "slug": item.slug, "scale": release.document.scale.key}
    now = {"key": competence.key, "slug": competence.slug, "scale": competence.scale.key}
    message = _("This stands in a release and cannot be changed. Make a new competence instead.")
    return tuple(Problem(message, field) for field, value in was.items() if value != now[field])


@transaction.atomic
def competence_published(*, competence: Competence, actor: Any) -> None:
    """Follow a publication up inside its transaction: no profile changes, but its editors are asked.

    Raises:
        CompetenceError: a level lacks its text, or what a release names has changed; the publication is undone.
    """
    if problems := (*text_problems(competence), *identity_problems(competence)):
        raise CompetenceError(problems)
    words = read_words(competence)
    proposals_raise(
        actor=actor,
        competence=competence,
        wording=wording_hash(competence.name, competence.kind, competence.description, words.texts),
    )
    audit.record(actor=actor, action="competence.published", obj=competence)
