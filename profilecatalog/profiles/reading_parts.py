"""How a profile is read by those who approve it: the resolved words, competence by competence.

A competence's text belongs to what is approved, though it stands in no field of the page: the parts follow the would-be
release and not the form.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.editorial.compare import OWN_FIELDS, Part, field_parts, schedule_parts
from portal.editorial.plain_text import plain
from profilecatalog.profiles.documents import ReleaseDocument, ReleaseGroup, ReleaseItem, Requirement
from profilecatalog.profiles.enums import CompetenceKind, Horizon, Importance
from profilecatalog.profiles.pages import ProfilePage
from profilecatalog.profiles.screens.rows import team_notes
from profilecatalog.profiles.services.resolve import resolve

_BEFORE = ("title", "lead", "kind", "future_year", "sector", "target_job", "in_short")
_AFTER = (*OWN_FIELDS[1:], "release_change", "release_reason")


def draft_parts(page: ProfilePage) -> Iterator[Part]:
    """Yield what would be released, then what the editor says about the release."""
    yield from _parts(page, resolve(page).document)


def released_parts(page: ProfilePage) -> Iterator[Part]:
    """Yield what the public reads: the words of the latest release, whatever the competences say today."""
    releases = page.shown_releases()
    yield from _parts(page, releases[0].document if releases else resolve(page).document)


def _parts(page: ProfilePage, document: ReleaseDocument) -> Iterator[Part]:
    yield from field_parts(page, _BEFORE)
    yield from _rows("tasks", document.tasks)
    yield from _rows("publishers", document.publishers)
    for group in document.groups:
        yield from _group(group, document)
    yield from _rows("questions", document.questions)
    yield from _rows("voices", (f"{voice.quote}\n{voice.who}" for voice in document.voices))
    sources = ((source.title, source.url, source.note) for source in document.sources)
    yield from _rows("sources", ("\n".join(filter(None, texts)) for texts in sources))
    yield from _rows("builds_on", (ref.title for ref in document.builds_on))
    yield from _rows("next_steps", ("\n".join(filter(None, (ref.title, ref.note))) for ref in document.next_steps))
    yield from field_parts(page, _AFTER)
    yield from schedule_parts(page)


def _rows(name: str, texts: Iterable[str]) -> Iterator[Part]:
    if text := "\n".join(texts):
        rows: Any = ProfilePage._meta.get_field(name).related_model
        yield Part(name, capfirst(str(rows._meta.verbose_name_plural)), text, name)


def _group(group: ReleaseGroup, document: ReleaseDocument) -> Iterator[Part]:
    yield Part(f"group:{group.uuid}", _("Group"), group.title, "groups")
    for item in group.items:
        yield Part(f"item:{item.uuid}", f"{group.title}: {item.name}", _item(item, document), "groups")


def _item(item: ReleaseItem, document: ReleaseDocument) -> str:
    asked = [_requirement(each, document) for each in item.requirements if each.is_personal]
    kinds = f"{CompetenceKind(item.kind).label}, {Importance(item.importance).label}"
    texts = (f"{level.label}: {text}" for level, text in zip(document.scale.levels, item.level_texts, strict=False))
    return "\n".join([item.name, kinds, plain(item.description), *asked, *team_notes(item), *texts])


def _requirement(asked: Requirement, document: ReleaseDocument) -> str:
    when = str(Horizon(asked.horizon).label) + (f" ({asked.year})" if asked.year else "")
    return f"{when}: {document.scale.level(asked.level).label}"
