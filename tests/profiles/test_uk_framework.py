"""Real input that nobody here wrote: the UK government's capability framework, through the services of an editor's save.

How it is mapped, and why: a *role* becomes a profile, its *role levels* (career steps) become groups in it, and each
required skill an item of its group. One profile per role level would tear a career apart into 205 pages; a group per step
keeps it on one page, at the price that a skill stands in several groups (`ReleaseDocument.needs` counts it once). The
framework knows no future, no importance and no kind of competence: "important" and "skill" stand for them. Skills without
level descriptions stay drafts; roles without required skills become profiles without items.
"""

import csv
import datetime as dt
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Revision

from portal.core.models import AuditEntry
from profilecatalog.assessment.api import PublishedAggregate, Response, close_standing_rounds
from profilecatalog.profiles.api import (
    AreaInput,
    Competence,
    CompetenceInput,
    FrameworkInput,
    GroupInput,
    ItemInput,
    LevelInput,
    ProfileInput,
    ProfilePage,
    ProfileRelease,
    ScaleInput,
    load_framework,
)
from tests.assessment.pages import draw, embed_url, filled
from tests.factories.assessment import embed_key, municipality
from tests.factories.profiles import competence_index, profile_index
from tests.support import services

pytestmark = [pytest.mark.django_db, pytest.mark.shared]

FOLDER = services.ROOT.parent / "shared" / "data" / "frameworks" / "uk_gdad"
LEVELS = ("Awareness", "Working", "Practitioner", "Expert")


def _rows(name: str) -> list[dict[str, str]]:
    with Path(FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _competence(row: dict[str, str]) -> CompetenceInput:
    texts = tuple(row[level.lower()].strip() for level in LEVELS)
    return CompetenceInput(
        key=f"uk-{slugify(row['skill'])}",
        name=row["skill"],
        kind="skill",
        area="uk-skills",
        scale="uk-gdad",
        level_texts=texts,
        description=row["description"].strip(),
    )


def _groups(role: str, requirements: list[dict[str, str]]) -> tuple[GroupInput, ...]:
    steps: dict[str, list[ItemInput]] = {}
    for row in requirements:
        if row["role"] == role:
            title = f"{row['role_level']} ({row['role_type']})" if row["role_type"] else row["role_level"]
            now = LEVELS.index(row["skill_level"]) + 1
            steps.setdefault(title, []).append(ItemInput(competence=f"uk-{slugify(row['skill'])}", now=now))
    return tuple(GroupInput(title, tuple(items), key=slugify(title)) for title, items in steps.items())


@lru_cache(maxsize=1)
def framework() -> FrameworkInput:
    requirements = _rows("role_skills.csv")
    return FrameworkInput(
        scales=(
            ScaleInput("uk-gdad", "Skill levels", tuple(LevelInput(n, name) for n, name in enumerate(LEVELS, start=1))),
        ),
        areas=(AreaInput("uk-skills", "Skills"),),
        competences=tuple(_competence(row) for row in _rows("skills.csv")),
        profiles=tuple(
            ProfileInput(
                key=f"uk-{slugify(row['role'])}",
                title=row["role"],
                sector=row["role_family"],
                lead=row["description"].split("\n", 1)[0].strip()[:400],
                groups=_groups(row["role"], requirements),
            )
            for row in _rows("roles.csv")
        ),
    )


def _counts() -> dict[str, int]:
    models: tuple[Any, ...] = (Competence, ProfilePage, ProfileRelease, Revision, AuditEntry)
    return {model.__name__: model.objects.count() for model in models}


def test_every_role_becomes_a_profile_with_a_frozen_release_and_a_page_that_answers(client: Client) -> None:
    competence_index()
    report = load_framework(framework(), parent=profile_index(), actor=None)
    kinds = Counter(key.split(":", 1)[0] for key in report.created)
    assert kinds == {"scale": 1, "area": 1, "competence": 188, "profile": 52}
    assert (report.updated, report.unchanged) == ((), ())

    releases = list(ProfileRelease.objects.latest_of_each().select_related("profile"))
    assert len(releases) == 52
    asked = Counter(
        (release.profile.title, group.title, item.name, LEVELS[(item.now or 0) - 1])
        for release in releases
        for group in release.document.groups
        for item in group.items
    )
    wanted = Counter(
        (
            r["role"],
            f"{r['role_level']} ({r['role_type']})" if r["role_type"] else r["role_level"],
            r["skill"],
            r["skill_level"],
        )
        for r in _rows("role_skills.csv")
    )
    assert asked == wanted
    assert asked.total() == 1781

    # What has no level descriptions cannot be published, and nothing asks for it.
    without = {row["skill"] for row in _rows("skills.csv") if not all(row[level.lower()].strip() for level in LEVELS)}
    drafts = set(Competence.objects.filter(live=False).values_list("name", flat=True))
    assert drafts == without
    assert len(report.drafts) == len(without) > 0

    for release in releases:
        response = client.get(release.profile.url)
        assert response.status_code == 200, release.profile.title
        assert release.document.title in response.content.decode()

    before = _counts()
    again = load_framework(framework(), parent=profile_index(), actor=None)
    assert (again.created, again.updated) == ((), ())
    assert len(again.unchanged) == 1 + 1 + 188 + 52
    assert _counts() == before

    _assess_and_close(next(release for release in releases if len(release.document.needs) >= 5))


def _assess_and_close(release: ProfileRelease) -> None:
    """Send the widget of one of the roles ten times and close the round of its quarter."""
    where = municipality()
    url = embed_url(release.profile, embed_key(where))
    for number in range(10):
        answers = [str(1 + (number + place) % 4) for place, _need in enumerate(release.document.needs)]
        sent = Client().post(url, filled(release, *answers, token=draw(url)))
        assert sent.status_code == 200
    assert Response.objects.filter(response_releases__release=release).count() == 10
    assert [closed.round.municipality for closed in close_standing_rounds(timezone.now() + dt.timedelta(days=100))] == [
        where
    ]
    totals = PublishedAggregate.objects.filter(round__municipality=where)
    assert totals.count() == len(release.document.needs)
    assert {total.n for total in totals} == {10}
