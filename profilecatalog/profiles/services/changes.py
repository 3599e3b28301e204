"""Compare a would-be release with the one before: marks per item, and whether "only clarified" is true."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from profilecatalog.profiles.documents import ReleaseDocument, ReleaseItem, RetiredItem
from profilecatalog.profiles.enums import Mark, ReleaseChange
from profilecatalog.profiles.services.errors import Problem


@dataclass(frozen=True)
class Comparison:
    """Which item of the release before each new item continues, and which are gone."""

    before: dict[ReleaseItem, ReleaseItem]
    gone: tuple[ReleaseItem, ...]

    def of(self, item: ReleaseItem) -> ReleaseItem | None:
        """Return what the item was."""
        return self.before.get(item)


def compare(previous: ReleaseDocument, current: ReleaseDocument) -> Comparison:
    """Match items by identity, and then by competence what was taken out in one place and put back in another."""
    old = {item.uuid: item for item in previous.items}
    pairs = {item: old.pop(item.uuid) for item in current.items if item.uuid in old}
    moved = {item.competence_uuid: item for item in old.values()}
    for item in current.items:
        if item not in pairs and item.competence_uuid in moved:
            pairs[item] = moved.pop(item.competence_uuid)
            old.pop(pairs[item].uuid)
    return Comparison(pairs, tuple(old.values()))


def is_other_content(previous: ReleaseDocument | None, current: ReleaseDocument) -> bool:
    """Tell whether a release of `current` would say anything that the one before does not."""
    return previous is None or previous.sha256 != current.sha256


def marked(previous: ReleaseDocument | None, current: ReleaseDocument, change: str) -> ReleaseDocument:
    """Return the document with a mark on each item and the list of what is gone."""
    if previous is None:
        return current
    comparison = compare(previous, current)
    marks = {str(item.uuid): _mark(comparison.of(item), item, change) for item in current.items}
    retired = [RetiredItem(item.uuid, item.competence_uuid, item.name) for item in comparison.gone]
    retired += [
        RetiredItem(was.uuid, was.competence_uuid, was.name, item.name)
        for item, was in comparison.before.items()
        if was.competence_uuid != item.competence_uuid
    ]
    return replace(current.with_changes({"marks": marks}), retired=tuple(retired))


def _mark(was: ReleaseItem | None, item: ReleaseItem, change: str) -> str:
    if was is None:
        return Mark.NEW.value
    if was.competence_uuid != item.competence_uuid:
        return Mark.REPLACED.value
    if _demand(was) != _demand(item):
        return Mark.CHANGED.value
    if was.wording != item.wording:
        return Mark.CLARIFIED.value if change == ReleaseChange.CLARIFIED else Mark.CHANGED.value
    return Mark.UNCHANGED.value


def _demand(item: ReleaseItem) -> tuple[object, ...]:
    return (item.importance, item.requirements)


def changes_substance(previous: ReleaseDocument, current: ReleaseDocument) -> bool:
    """Tell whether a requirement, an importance, the scale, the set of competences, the kind or who publishes it differs."""
    if (previous.kind, set(previous.publishers)) != (current.kind, set(current.publishers)):
        return True
    comparison = compare(previous, current)
    if comparison.gone or len(comparison.before) != len(current.items) or previous.scale != current.scale:
        return True
    return any(
        was.competence_uuid != item.competence_uuid or _demand(was) != _demand(item)
        for item, was in comparison.before.items()
    )


def choice_problems(
    previous: ReleaseDocument | None, current: ReleaseDocument, change: str, reason: str
) -> tuple[Problem, ...]:
    """Return what is wrong with the editor's choice for a new release; nothing for a first or an unchanged one."""
    if previous is None or not is_other_content(previous, current):
        return ()
    problems = []
    if change not in (ReleaseChange.CLARIFIED, ReleaseChange.CHANGED):
        text = _("The content differs from the latest release. Choose whether it is only clarified or changed.")
        problems.append(Problem(text, "release_change"))
    elif change == ReleaseChange.CLARIFIED and changes_substance(previous, current):
        text = _(
            "A requirement, an importance, the set of competences, the kind of profile or a publisher has changed. Choose "
            "“Changed content”."
        )
        problems.append(Problem(text, "release_change"))
    if not reason.strip():
        problems.append(Problem(_("Write what is new and why, in one to three sentences."), "release_reason"))
    return tuple(problems)
