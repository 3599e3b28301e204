"""Valid, coherent objects of the catalogue; published the way an editor publishes."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from portal.pages.api import HomePage
from profilecatalog.profiles.api import (
    Competence,
    CompetenceArea,
    CompetenceIndexPage,
    ProfileIndexPage,
    ProfilePage,
    Scale,
    ScaleLevel,
)
from profilecatalog.profiles.models import CompetenceLevelText, ProfileGroup, ProfileItem, ProfileTask

LEVEL_NAMES = ("Kender", "Kan", "Mestrer", "Udvikler")


class ScaleFactory(DjangoModelFactory[Scale]):
    """The scale of four steps; made once and found again."""

    class Meta:
        model = Scale
        django_get_or_create = ("key",)
        skip_postgeneration_save = True

    key = "trin4"
    name = "Fire trin"
    text_opening = "Jeg"

    @factory.post_generation
    def levels(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Give a new scale its levels."""
        if create and not self.levels.exists():
            self.levels = [ScaleLevel(number=n, name=name) for n, name in enumerate(extracted or LEVEL_NAMES, start=1)]
            self.save()


class AreaFactory(DjangoModelFactory[CompetenceArea]):
    """A competence area."""

    class Meta:
        model = CompetenceArea
        django_get_or_create = ("key",)
        skip_postgeneration_save = True

    key = "dialog"
    name = "Dialog og vejledning"


class CompetenceFactory(DjangoModelFactory[Competence]):
    """A published competence with a text for every level; `published=False` leaves it a draft."""

    class Meta:
        model = Competence
        skip_postgeneration_save = True

    key = factory.Sequence(lambda n: f"kompetence-{n}")
    name = factory.Sequence(lambda n: f"Kompetence {n}")
    slug = factory.SelfAttribute("key")
    kind = "skill"
    area = factory.SubFactory(AreaFactory)
    scale = factory.SubFactory(ScaleFactory)
    description = factory.LazyAttribute(lambda o: f"Beskrivelse af {o.name}.")
    live = False

    @factory.post_generation
    def published(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Write the texts and publish."""
        self.level_texts = [
            CompetenceLevelText(level_number=level.number, text=f"Jeg kan {self.name.lower()} på trin {level.number}.")
            for level in self.scale.levels.all()
        ]
        self.save()
        if extracted is not False:
            self.save_revision().publish()
            self.refresh_from_db()


def rewrite_competence(competence: Competence, *, level: int = 1, text: str, publish: bool = True) -> Competence:
    """Give a competence another text for one level, as an editor would, and return the fresh row."""
    stored: Any = Competence.objects.get(pk=competence.pk)
    draft = stored.latest_revision.as_object()
    for row in draft.level_texts.all():
        if row.level_number == level:
            row.text = text
            draft.level_texts.add(row)
    revision = draft.save_revision()
    if publish:
        revision.publish()
    return Competence.objects.get(pk=competence.pk)


def home_page() -> HomePage:
    """Return the home page that a migration makes."""
    return HomePage.objects.get()


def profile_index() -> ProfileIndexPage:
    """Return the list of profiles, made when it is not there."""
    found = ProfileIndexPage.objects.first()
    if found is None:
        found = home_page().add_child(instance=ProfileIndexPage(title="Profiler", slug="profiler", show_in_menus=True))
    return ProfileIndexPage.objects.get(pk=found.pk)


def competence_index() -> CompetenceIndexPage:
    """Return the list of competences, made when it is not there."""
    found = CompetenceIndexPage.objects.first()
    if found is None:
        page = CompetenceIndexPage(title="Kompetencer", slug="kompetencer", show_in_menus=True)
        found = home_page().add_child(instance=page)
    return CompetenceIndexPage.objects.get(pk=found.pk)


def item(competence: Competence, **values: Any) -> ProfileItem:
    """Return an unsaved item that asks for level 2 now and 3 in future, unless the values say otherwise."""
    given = {"importance": "essential", "now_level": 2, "future_level": 3, **values}
    return ProfileItem(competence=competence, **given)


def group(title: str, *items: ProfileItem) -> ProfileGroup:
    """Return an unsaved group with its items in order."""
    for position, row in enumerate(items):
        row.sort_order = position
    made = ProfileGroup(title=title)
    made.items = list(items)
    return made


class ProfilePageFactory(DjangoModelFactory[ProfilePage]):
    """A profile; `make` puts it into the tree and publishes it."""

    class Meta:
        model = ProfilePage
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Profil {n}")
    slug = factory.Sequence(lambda n: f"profil-{n}")
    kind = "specialist"
    sector = "Borgerservice"
    target_job = "Medarbejder i borgerservice"
    lead = factory.LazyAttribute(lambda o: f"Kort om {o.title}.")
    in_short = "<p>Kravet stiger frem mod 2028.</p>"
    future_year = 2028

    @classmethod
    def make(cls, *, groups: Any = None, published: bool = True, user: Any = None, **kwargs: Any) -> ProfilePage:
        """Make the page below the list of profiles, with one group unless `groups` are given; published or a draft."""
        page: Any = cls.build(live=False, **kwargs)
        page.tasks = [ProfileTask(text="Vejleder i selvbetjening", sort_order=0)]
        rows = groups if groups is not None else [group("Mødet med borgeren", item(CompetenceFactory.create()))]
        for position, row in enumerate(rows):
            row.sort_order = position
        page.groups = rows
        page = profile_index().add_child(instance=page)
        revision = page.save_revision(user=user)
        if published:
            revision.publish(user=user)
        return ProfilePage.objects.get(pk=page.pk)
