"""The profiles of a framework: pages made first, so that they can name each other, and then filled and published."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wagtail.models import Page

from portal.editorial.api import publish_imported
from portal.organisations.api import Party
from profilecatalog.profiles.frameworks import GroupInput, ItemInput, ProfileInput, TeamInput
from profilecatalog.profiles.models import (
    BuildsOn,
    Competence,
    DialogueQuestion,
    NextStep,
    ProfileGroup,
    ProfileIndexPage,
    ProfileItem,
    ProfilePage,
    ProfilePublisher,
    ProfileSource,
    ProfileTask,
    Voice,
)
from profilecatalog.profiles.slugs import danish_slug

# Groups and items of a framework have no key; their identity is derived, so that a second run finds them again.
_NAMESPACE = uuid.UUID("3f0c2f0e-9a52-5b6c-8e0d-6d0f5a1c7b11")
_OWN = ("title", "kind", "sector", "target_job", "lead", "in_short", "future_year")

State = dict[str, Any]


class ProfileLoader:
    """Bring profile pages in line with their input."""

    def __init__(self, profiles: Iterable[ProfileInput], parent: ProfileIndexPage, actor: Any) -> None:
        self.profiles = tuple(profiles)
        # A fresh row: treebeard counts children on the object that it is given.
        self.parent = Page.objects.get(pk=parent.pk)
        self.actor = actor
        self.competences: Mapping[str, int] = dict(Competence.objects.values_list("key", "pk"))
        self.parties: Mapping[str, int] = dict(Party.objects.values_list("key", "pk"))
        self.written: list[ProfilePage] = []
        self.pages: dict[str, ProfilePage] = {page.key: page for page in self._stored()}

    def load(self) -> Iterator[tuple[str, str]]:
        """Load every profile and yield its key and what was done."""
        known = {key: _stored_state(page) for key, page in self.pages.items()}
        new = [self._create(wanted) for wanted in self.profiles if wanted.key not in self.pages]
        self.pages |= {page.key: page for page in new}
        for wanted in self.profiles:
            if known.get(wanted.key) == _wanted_state(wanted):
                yield wanted.key, "unchanged"
                continue
            self._publish(self.pages[wanted.key], wanted)
            self.written.append(self.pages[wanted.key])
            yield wanted.key, "updated" if wanted.key in known else "created"

    def _stored(self) -> Iterable[ProfilePage]:
        keys = [wanted.key for wanted in self.profiles]
        keys += [key for wanted in self.profiles for key in _linked(wanted)]
        return ProfilePage.objects.filter(key__in=keys, alias_of=None).prefetch_related(
            "tasks", "questions", "voices", "sources", "publishers__party", "builds_on__profile", "next_steps__profile",
            "groups__items__competence",
        )  # fmt: skip

    def _create(self, wanted: ProfileInput) -> ProfilePage:
        slug = wanted.slug or danish_slug(wanted.title)
        page = ProfilePage(key=wanted.key, title=wanted.title, slug=slug, kind=wanted.kind, live=False)
        page.owner = self.actor
        made: ProfilePage = self.parent.add_child(instance=page)
        return made

    def _publish(self, page: ProfilePage, wanted: ProfileInput) -> None:
        for name in _OWN:
            setattr(page, name, getattr(wanted, name))
        page.release_change, page.release_reason = wanted.release_change, wanted.release_reason
        for name, rows in {**self._children(wanted), "groups": self._groups(page, wanted)}.items():
            setattr(page, name, _in_order(rows))
        revision = page.save_revision(user=self.actor)
        publish_imported(page=page, revision=revision, actor=self.actor)

    def _children(self, wanted: ProfileInput) -> dict[str, list[Any]]:
        return {
            "tasks": [ProfileTask(text=text) for text in wanted.tasks],
            "questions": [DialogueQuestion(text=text) for text in wanted.questions],
            "voices": [Voice(quote=voice.quote, who=voice.who) for voice in wanted.voices],
            "sources": [ProfileSource(title=s.title, url=s.url, note=s.note) for s in wanted.sources],
            "publishers": [ProfilePublisher(party_id=self.parties[key]) for key in wanted.publishers],
            "builds_on": [BuildsOn(profile=self.pages[key]) for key in wanted.builds_on],
            "next_steps": [NextStep(profile=self.pages[step.profile], note=step.note) for step in wanted.next_steps],
        }

    def _groups(self, page: ProfilePage, wanted: ProfileInput) -> list[ProfileGroup]:
        old_groups = {group.uuid: group for group in page.groups.all()}
        groups = []
        for position, given in enumerate(wanted.groups):
            identity = _group_uuid(wanted, given, position)
            old = old_groups.get(identity)
            old_items = {item.uuid: item.pk for item in old.items.all()} if old else {}
            items = [self._item(_item_uuid(wanted, given, item), item, old_items) for item in given.items]
            own = {"pk": old.pk if old else None, "uuid": identity, "title": given.title}
            groups.append(ProfileGroup(**own, items=_in_order(items)))
        return groups

    def _item(self, identity: uuid.UUID, given: ItemInput, old: Mapping[uuid.UUID, int]) -> ProfileItem:
        return ProfileItem(
            pk=old.get(identity),
            uuid=identity,
            competence_id=self.competences[given.competence],
            importance=given.importance,
            now_level=given.now,
            future_level=given.future,
            future_year=given.future_year,
            **_team("now", given.team_now),
            **_team("future", given.team_future),
        )


def _in_order(rows: Iterable[Any]) -> list[Any]:
    ordered = list(rows)
    for position, row in enumerate(ordered):
        row.sort_order = position
    return ordered


def _team(horizon: str, given: TeamInput | None) -> dict[str, Any]:
    values = (given.kind, given.amount, given.level) if given else ("", None, None)
    return {f"{horizon}_team_{name}": value for name, value in zip(("kind", "amount", "level"), values, strict=True)}


def _linked(wanted: ProfileInput) -> list[str]:
    return [*wanted.builds_on, *(step.profile for step in wanted.next_steps)]


def _group_uuid(profile: ProfileInput, group: GroupInput, position: int) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, f"group/{profile.key}/{group.key or position}")


def _item_uuid(profile: ProfileInput, group: GroupInput, item: ItemInput) -> uuid.UUID:
    # Without a key the group does not count: an item that moves to another heading stays who it is.
    return uuid.uuid5(_NAMESPACE, f"item/{profile.key}/{group.key}/{item.competence}")


def _wanted_state(wanted: ProfileInput) -> State:
    return {
        **{name: getattr(wanted, name) for name in _OWN},
        "tasks": list(wanted.tasks),
        "questions": list(wanted.questions),
        "voices": [(voice.quote, voice.who) for voice in wanted.voices],
        "sources": [(source.title, source.url, source.note) for source in wanted.sources],
        "publishers": list(wanted.publishers),
        "builds_on": list(wanted.builds_on),
        "next_steps": [(step.profile, step.note) for step in wanted.next_steps],
        "groups": [
            (
                _group_uuid(wanted, group, position),
                group.title,
                [(_item_uuid(wanted, group, item), item.competence, *_asked(item)) for item in group.items],
            )
            for position, group in enumerate(wanted.groups)
        ],
    }


def _asked(item: ItemInput) -> tuple[Any, ...]:
    teams = (*_team("now", item.team_now).values(), *_team("future", item.team_future).values())
    return (item.importance, item.now, item.future, item.future_year, *teams)


def _stored_state(page: Any) -> State:
    return {
        **{name: getattr(page, name) for name in _OWN},
        "tasks": [row.text for row in page.tasks.all()],
        "questions": [row.text for row in page.questions.all()],
        "voices": [(row.quote, row.who) for row in page.voices.all()],
        "sources": [(row.title, row.url, row.note) for row in page.sources.all()],
        "publishers": [row.party.key for row in page.publishers.all()],
        "builds_on": [row.profile.key for row in page.builds_on.all()],
        "next_steps": [(row.profile.key, row.note) for row in page.next_steps.all()],
        "groups": [
            (group.uuid, group.title, [_stored_item(item) for item in group.items.all()]) for group in page.groups.all()
        ],
    }


def _stored_item(item: ProfileItem) -> tuple[Any, ...]:
    teams = (
        getattr(item, f"{horizon}_team_{name}") for horizon in ("now", "future") for name in ("kind", "amount", "level")
    )
    return (
        item.uuid,
        item.competence.key,
        item.importance,
        item.now_level,
        item.future_level,
        item.future_year,
        *teams,
    )
