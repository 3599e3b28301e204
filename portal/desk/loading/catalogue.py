"""Scale, areas, competences and profiles; a profile that has an earlier release gets it first, with its own date."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.desk.loading.context import Loading, Row, read
from profilecatalog.profiles.api import (
    AreaInput,
    Competence,
    CompetenceArea,
    CompetenceInput,
    FrameworkInput,
    GroupInput,
    ItemInput,
    LevelInput,
    NextStepInput,
    ProfileIndexPage,
    ProfileInput,
    ProfilePage,
    ProfileRelease,
    Scale,
    ScaleInput,
    SourceInput,
    TeamInput,
    VoiceInput,
    load_framework,
)

# Half the day's releases would otherwise carry the minute of the loading; an example may say that it is a week old.
RELEASED_DAYS_AGO = 6


def load_catalogue(loading: Loading) -> None:
    """Load what the catalogue has not seen yet."""
    parent = loading.find("index:profiles")
    if not isinstance(parent, ProfileIndexPage):
        return
    rows = [row for row in read("profiles")["profile"] if loading.wants(f"profile:{row['key']}")]
    framework = _vocabulary(loading)
    earlier = [_earlier(row) for row in rows if "earlier" in row]
    load_framework(replace(framework, profiles=_first_releases(rows, earlier)), parent=parent, actor=None)
    _date_releases(rows)
    load_framework(FrameworkInput(profiles=tuple(_profile(row) for row in rows)), parent=parent, actor=None)
    _date_latest(rows)
    _remember(loading, framework, rows)


def _vocabulary(loading: Loading) -> FrameworkInput:
    """Return scale, areas and competences that are not loaded yet."""
    scale = read("scale")
    scales = (_scale(scale),) if loading.wants(f"scale:{scale['key']}") else ()
    areas = tuple(
        AreaInput(row["key"], row["name"], row["description"], 10 * number)
        for number, row in enumerate(read("areas")["area"], start=1)
        if loading.wants(f"area:{row['key']}")
    )
    competences = tuple(
        _competence(row, scale["key"])
        for row in read("competences")["competence"]
        if loading.wants(f"competence:{row['key']}")
    )
    return FrameworkInput(scales=scales, areas=areas, competences=competences)


def _scale(row: Row) -> ScaleInput:
    levels = tuple(LevelInput(level["number"], level["name"], level["description"]) for level in row["level"])
    return ScaleInput(row["key"], row["name"], levels, row["description"], text_opening="Jeg")


def _competence(row: Row, scale: str) -> CompetenceInput:
    return CompetenceInput(
        key=row["key"],
        name=row["name"],
        kind=row["kind"],
        area=row["area"],
        scale=scale,
        level_texts=tuple(row["levels"]),
        description=row["description"],
        slug=row["key"],
    )


def _profile(row: Row) -> ProfileInput:
    return ProfileInput(
        key=row["key"],
        slug=row["key"],
        title=row["title"],
        kind=row["kind"],
        sector=row["sector"],
        target_job=row["target_job"],
        lead=row["lead"],
        in_short=row["in_short"],
        future_year=row["future_year"],
        publishers=tuple(row["publishers"]),
        tasks=tuple(row["tasks"]),
        questions=tuple(row["questions"]),
        voices=tuple(VoiceInput(voice["quote"], voice["who"]) for voice in row["voices"]),
        sources=tuple(SourceInput(s["title"], s.get("url", ""), s.get("note", "")) for s in row["sources"]),
        builds_on=tuple(row["builds_on"]),
        next_steps=tuple(NextStepInput(step["profile"], step["note"]) for step in row["next_steps"]),
        groups=tuple(_group(group) for group in row["groups"]),
        release_change=row["release_change"],
        release_reason=row["release_reason"],
    )


def _group(row: Row) -> GroupInput:
    return GroupInput(row["title"], tuple(_item(item) for item in row["items"]))


def _item(row: Row) -> ItemInput:
    return ItemInput(
        competence=row["competence"],
        importance=row["importance"],
        now=row.get("now"),
        future=row.get("future"),
        future_year=row.get("future_year"),
        team_now=_team(row.get("team_now")),
        team_future=_team(row.get("team_future")),
    )


def _team(row: Row | None) -> TeamInput | None:
    return TeamInput(row["kind"], row["amount"], row["level"]) if row else None


def _earlier(row: Row) -> ProfileInput:
    """Return the first release of a profile that has a second one: without what came later, with the levels of then."""
    then = row["earlier"]
    levels = {item["competence"]: item for item in then.get("items", [])}
    profile = _profile(row)
    groups = tuple(
        replace(
            group,
            items=tuple(
                replace(item, now=levels[item.competence]["now"], future=levels[item.competence]["future"])
                if item.competence in levels
                else item
                for item in group.items
                if item.competence not in then.get("without", [])
            ),
        )
        for group in profile.groups
    )
    return replace(profile, groups=groups, release_change="", release_reason=then["release_reason"])


def _first_releases(rows: list[Row], earlier: list[ProfileInput]) -> tuple[ProfileInput, ...]:
    older = {profile.key: profile for profile in earlier}
    return tuple(older.get(row["key"]) or _profile(row) for row in rows)


def _date_releases(rows: list[Row]) -> None:
    """Date the first releases as the file says; they have not been shown to anybody yet."""
    for row in rows:
        days = row["earlier"]["days_ago"] if "earlier" in row else RELEASED_DAYS_AGO
        _date(row["key"], days)


def _date_latest(rows: list[Row]) -> None:
    for row in rows:
        if "earlier" in row:
            _date(row["key"], RELEASED_DAYS_AGO)


def _date(key: str, days_ago: int) -> None:
    latest = ProfileRelease.objects.filter(profile__key=key).order_by("-number").values_list("pk", flat=True)[:1]
    moment = timezone.now() - timedelta(days=days_ago)
    ProfileRelease.objects.filter(pk__in=list(latest)).update(released_at=moment)


def _remember(loading: Loading, framework: FrameworkInput, rows: list[Row]) -> None:
    kinds: list[tuple[str, Any, list[str]]] = [
        ("scale", Scale, [scale.key for scale in framework.scales]),
        ("area", CompetenceArea, [area.key for area in framework.areas]),
        ("competence", Competence, [competence.key for competence in framework.competences]),
        ("profile", ProfilePage, [row["key"] for row in rows]),
    ]
    for kind, model, keys in kinds:
        stored = {obj.key: obj for obj in model.objects.filter(key__in=keys)}
        for key in keys:
            loading.remember(f"{kind}:{key}", stored[key])
        loading.say(f"{kind}: {len(keys)}")
