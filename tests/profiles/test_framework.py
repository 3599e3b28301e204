"""Loading a framework: all or nothing, matched by key, and a second time nothing."""

import dataclasses as dc
from typing import Any

import pytest
from wagtail.models import Revision

from portal.core.models import AuditEntry
from profilecatalog.profiles.api import (
    AreaInput,
    Competence,
    CompetenceInput,
    FrameworkError,
    FrameworkInput,
    FrameworkReport,
    GroupInput,
    ItemInput,
    LevelInput,
    NextStepInput,
    ProfileInput,
    ProfilePage,
    ProfileRelease,
    ReleaseError,
    ScaleInput,
    SourceInput,
    TeamInput,
    VoiceInput,
    latest_release,
    load_framework,
)
from profilecatalog.profiles.models import ReleaseProposal, Scale
from tests.factories.profiles import LEVEL_NAMES, profile_index

pytestmark = pytest.mark.django_db


def competence(key: str, **given: Any) -> CompetenceInput:
    texts = tuple(f"Jeg kan {key} på trin {n}." for n in (1, 2, 3, 4))
    own = {"key": key, "name": key.title(), "kind": "skill", "area": "dialog", "scale": "trin4", "level_texts": texts}
    return CompetenceInput(**{**own, **given})


BASE = ProfileInput(
    key="basis",
    title="Økonomi og løn",
    kind="base",
    future_year=2028,
    groups=(GroupInput("Sagen", (ItemInput("sag", now=2, future=3, team_future=TeamInput("min_share", 20, 4)),)),),
    release_change="changed",
    release_reason="Første udgave.",
)
TOP = ProfileInput(
    key="top",
    title="Jobcenter",
    future_year=2028,
    groups=(GroupInput("Mødet", (ItemInput("dialog", "essential", now=3), ItemInput("sag", now=2))),),
    publishers=("hk", "kl"),
    tasks=("Vejleder",),
    questions=("Hvad så?",),
    voices=(VoiceInput("Det virker.", "Teamleder"),),
    sources=(SourceInput("Forvaltningsloven", note="Rammen."),),
    builds_on=("basis",),
    next_steps=(NextStepInput("basis", "Tilbage."),),
    release_change="changed",
    release_reason="Nyt indhold.",
)
FRAMEWORK = FrameworkInput(
    scales=(
        ScaleInput(
            "trin4", "Fire trin", tuple(LevelInput(n, name) for n, name in enumerate(LEVEL_NAMES, 1)), "", "Jeg"
        ),
    ),
    areas=(AreaInput("dialog", "Dialog"),),
    competences=(competence("dialog"), competence("sag")),
    # The one that builds on the other comes first: order must not matter.
    profiles=(TOP, BASE),
)


def load(framework: FrameworkInput = FRAMEWORK) -> FrameworkReport:
    return load_framework(framework, parent=profile_index(), actor=None)


def rows() -> dict[str, int]:
    models: tuple[Any, ...] = (Competence, ProfilePage, ProfileRelease, Revision, AuditEntry, ReleaseProposal)
    return {model.__name__: model.objects.count() for model in models}


def test_a_framework_becomes_published_competences_and_profiles_that_name_each_other() -> None:
    report = load()
    assert len(report.created) == 1 + 1 + 2 + 2
    top = latest_release(ProfilePage.objects.get(key="top"))
    assert top is not None
    document = top.document
    assert (document.publishers, document.tasks, document.voices[0].who) == (
        ("HK Kommunal", "KL – Kommunernes Landsforening"),
        ("Vejleder",),
        "Teamleder",
    )
    assert [(ref.title, ref.note) for ref in (*document.builds_on, *document.next_steps)] == [
        ("Økonomi og løn", ""),
        ("Økonomi og løn", "Tilbage."),
    ]
    assert [(item.competence_key, item.now, item.importance) for item in document.items] == [
        ("dialog", 3, "essential"),
        ("sag", 2, "important"),
    ]
    assert ProfilePage.objects.get(key="basis").slug == "oekonomi-og-loen"


def test_the_same_again_changes_nothing() -> None:
    load()
    before = rows()
    report = load()
    assert (report.created, report.updated) == ((), ())
    assert rows() == before


def test_a_changed_profile_becomes_a_second_release_and_keeps_its_items() -> None:
    load()
    first = latest_release(ProfilePage.objects.get(key="top"))
    groups = (GroupInput("Samtalen", (ItemInput("dialog", "essential", now=4), ItemInput("sag", now=2))),)
    report = load(dc.replace(FRAMEWORK, profiles=(dc.replace(TOP, groups=groups), BASE)))
    assert report.updated == ("profile:top",)
    second = latest_release(ProfilePage.objects.get(key="top"))
    assert first is not None
    assert second is not None
    assert (second.number, second.reason) == (2, "Nyt indhold.")
    assert [item.uuid for item in second.document.items] == [item.uuid for item in first.document.items]
    assert [item.mark for item in second.document.items] == ["changed", "unchanged"]


def test_a_changed_competence_asks_the_profiles_and_changes_none() -> None:
    load()
    changed = competence("sag", description="Nu med flere ord.")
    report = load(dc.replace(FRAMEWORK, competences=(competence("dialog"), changed)))
    assert report.updated == ("competence:sag",)
    assert ProfileRelease.objects.count() == 2
    assert {proposal.profile.key for proposal in ReleaseProposal.objects.all()} == {"basis", "top"}


def test_an_edit_in_a_draft_is_left_alone() -> None:
    load()
    draft: Any = ProfilePage.objects.get(key="top").get_latest_revision_as_object()
    draft.title = "Redaktørens kladde"
    draft.save_revision()
    load()
    assert ProfilePage.objects.get(key="top").get_latest_revision_as_object().title == "Redaktørens kladde"


def test_a_competence_without_all_its_texts_stays_a_draft() -> None:
    half = competence("halv", level_texts=("Jeg kan lidt.", "", "", ""))
    report = load(dc.replace(FRAMEWORK, competences=(*FRAMEWORK.competences, half)))
    assert report.drafts == ("competence:halv",)
    assert not Competence.objects.get(key="halv").live


@pytest.mark.parametrize(
    "broken",
    [
        dc.replace(FRAMEWORK, competences=(competence("dialog"), competence("dialog"))),
        dc.replace(FRAMEWORK, competences=(competence("dialog", scale="findes-ikke"), competence("sag"))),
        dc.replace(FRAMEWORK, competences=(competence("dialog", kind="talent"), competence("sag"))),
        dc.replace(FRAMEWORK, profiles=(TOP,)),
        dc.replace(FRAMEWORK, profiles=(dc.replace(BASE, publishers=("ingen",)),)),
        dc.replace(FRAMEWORK, scales=(ScaleInput("trin4", "Huller", (LevelInput(1, "En"), LevelInput(3, "Tre"))),)),
    ],
)
def test_a_framework_that_contradicts_itself_writes_nothing(broken: FrameworkInput) -> None:
    before = rows()
    with pytest.raises(FrameworkError):
        load(broken)
    assert rows() == before
    assert not Scale.objects.exists()


def test_a_profile_that_cannot_be_released_takes_everything_back() -> None:
    too_high = dc.replace(BASE, groups=(GroupInput("Sagen", (ItemInput("sag", now=5),)),))
    before = rows()
    with pytest.raises(ReleaseError):
        load(dc.replace(FRAMEWORK, profiles=(TOP, too_high)))
    assert rows() == before


def test_a_scale_in_use_is_not_changed_by_a_framework() -> None:
    load()
    renamed = dc.replace(FRAMEWORK.scales[0], name="Andet navn")
    with pytest.raises(FrameworkError):
        load(dc.replace(FRAMEWORK, scales=(renamed,)))
    assert Scale.objects.get().name == "Fire trin"
