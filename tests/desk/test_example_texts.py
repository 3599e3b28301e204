"""The example content is whole: every file parses, every reference resolves, and every text was written for its place."""

import csv
import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "portal" / "desk" / "example"
FACTS = ROOT / "portal" / "organisations" / "facts" / "municipalities.csv"
FILES = (
    "answers",
    "areas",
    "articles",
    "competences",
    "contacts",
    "courses",
    "events",
    "organisations",
    "pages",
    "profiles",
    "projects",
    "scale",
    "search",
    "site",
)
# What may be named in a "kind:key" reference, and where its keys are written.
KEYED = {
    "area": ("areas", "area"),
    "article": ("articles", "article"),
    "competence": ("competences", "competence"),
    "contact": ("contacts", "contact"),
    "provider": ("courses", "provider"),
    "course": ("courses", "course"),
    "event": ("events", "event"),
    "page": ("pages", "page"),
    "profile": ("profiles", "profile"),
    "project": ("projects", "project"),
    "publication": ("projects", "publication"),
    "synonym": ("search", "synonym"),
    "promotion": ("search", "promotion"),
    "index": ("site", "index"),
}
PARTIES = {"hk", "kl", "ds"}
LEVELS = range(1, 5)
CLOCK = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")
LEVEL_START = re.compile(r"Jeg (?:kan|ved)[ ,]")
CPR_LIKE = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")

Row = dict[str, Any]


@cache
def content(name: str) -> Row:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def rows(kind: str) -> list[Row]:
    file, table = KEYED[kind]
    found: list[Row] = content(file)[table]
    return found


def keys(kind: str) -> set[str]:
    return {row["key"] for row in rows(kind)}


@cache
def region_by_code() -> dict[str, str]:
    with FACTS.open(encoding="utf-8") as lines:
        return {row["code"]: row["region_code"] for row in csv.DictReader(lines)}


def profile_items(profile: Row) -> list[Row]:
    return [item for group in profile["groups"] for item in group["items"]]


def texts(value: Any) -> Iterator[str]:
    """Every string of a file, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def values_of(value: Any, field: str) -> Iterator[Any]:
    """Every value that stands under a field of that name, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == field:
                yield inner
            yield from values_of(inner, field)
    elif isinstance(value, list):
        for inner in value:
            yield from values_of(inner, field)


def bare(text: str, name: str) -> str:
    """A level text without its competence's name and the words it is made of: what a template would leave behind."""
    left = text.casefold().replace(name.casefold(), " ")
    for word in re.findall(r"\w{4,}", name.casefold()):
        left = re.sub(rf"\b{word}\w*", " ", left)
    return re.sub(r"\W+", " ", left).strip()


def same_when_bare(competences: list[Row]) -> list[tuple[str, str]]:
    """The pairs of level texts that say the same once the names are gone."""
    written = [(bare(text, c["name"]), f"{c['key']} {n}") for c in competences for n, text in enumerate(c["levels"], 1)]
    return [(a, b) for (left, a), (right, b) in itertools.combinations(written, 2) if left == right]


def test_every_file_is_read_and_none_is_forgotten() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(FILES)
    assert all(content(name) for name in FILES)


@pytest.mark.parametrize("kind", KEYED)
def test_keys_are_unique_and_can_stand_in_an_address(kind: str) -> None:
    found = [row["key"] for row in rows(kind)]
    assert [key for key, times in Counter(found).items() if times > 1] == []
    assert [key for key in found if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", key)] == []


@pytest.mark.parametrize("kind", ["competence", "profile", "course", "event", "article", "page", "project"])
def test_no_two_of_a_kind_have_the_same_title(kind: str) -> None:
    titles = Counter((row.get("title") or row["name"]).casefold() for row in rows(kind))
    assert [title for title, times in titles.items() if times > 1] == []


def test_the_scale_has_four_described_levels() -> None:
    scale = content("scale")
    assert scale["key"] == "trin4"
    assert [(level["number"], level["name"]) for level in scale["level"]] == [
        (1, "Kender"),
        (2, "Kan"),
        (3, "Mestrer"),
        (4, "Udvikler"),
    ]
    assert all(len(level["description"]) > 40 for level in scale["level"])


def test_the_catalogue_is_rich_enough() -> None:
    assert len(rows("competence")) >= 25
    assert 5 <= len(rows("area")) <= 6
    assert len(rows("profile")) >= 6
    assert (len(rows("course")), len(rows("article")), len(rows("contact"))) == (6, 6, 8)
    assert (len(rows("project")), len(rows("publication"))) == (2, 2)


@pytest.mark.parametrize("competence", rows("competence"), ids=lambda row: row["key"])
def test_a_competence_is_described_and_has_four_level_texts(competence: Row) -> None:
    assert competence["kind"] in {"knowledge", "skill", "competence", "attitude"}
    assert competence["area"] in keys("area")
    assert 40 <= len(competence["description"]) <= 400
    assert len(competence["levels"]) == len(LEVELS)
    for text in competence["levels"]:
        assert LEVEL_START.match(text), text
        assert 40 <= len(text) <= 180, text
        assert text.endswith("."), text


def test_level_texts_are_written_and_not_made_from_a_template() -> None:
    assert same_when_bare(rows("competence")) == []


def test_the_template_check_sees_a_template() -> None:
    templated = [
        {"key": "a", "name": "Møder", "levels": ["Jeg kan hjælpe med møder i hverdagen."]},
        {"key": "b", "name": "Budget", "levels": ["Jeg kan hjælpe med budget i hverdagen."]},
    ]
    assert same_when_bare(templated) == [("a 1", "b 1")]


def test_no_sentence_stands_in_two_competences() -> None:
    sentences = Counter(
        sentence.casefold()
        for competence in rows("competence")
        for text in [competence["description"], *competence["levels"]]
        for sentence in re.split(r"(?<=[.!?])\s+", text)
    )
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


@pytest.mark.parametrize("profile", rows("profile"), ids=lambda row: row["key"])
def test_a_profile_is_whole(profile: Row) -> None:
    asked = [item["competence"] for item in profile_items(profile)]
    assert profile["kind"] in {"base", "specialist"}
    assert set(profile["publishers"]) <= PARTIES
    assert ("ds" in profile["publishers"]) == profile["key"].startswith("jobcenter")
    assert profile["release_change"] in {"clarified", "changed"}
    assert 2028 <= profile["future_year"] <= 2030
    assert 7 <= len(asked) == len(set(asked)) <= 11
    assert set(asked) <= keys("competence")
    assert set(profile["builds_on"]) <= keys("profile") - {profile["key"]}
    assert {step["profile"] for step in profile["next_steps"]} <= keys("profile") - {profile["key"]}
    assert all(
        profile[part] for part in ("tasks", "questions", "voices", "sources", "lead", "in_short", "release_reason")
    )
    assert re.fullmatch(r"(?:<p>[^<]+</p>){1,2}", profile["in_short"])


@pytest.mark.parametrize("profile", rows("profile"), ids=lambda row: row["key"])
def test_a_requirement_is_one_of_the_three_kinds(profile: Row) -> None:
    for item in profile_items(profile):
        assert item["importance"] in {"essential", "important", "useful"}
        levels = [item[horizon] for horizon in ("now", "future") if horizon in item]
        assert levels
        assert set(levels) <= set(LEVELS)
        assert (item.get("future_year") or profile["future_year"]) >= 2028
        for team in (item[name] for name in ("team_now", "team_future") if name in item):
            assert team["kind"] in {"min_count", "min_share"}
            assert team["level"] in LEVELS
            assert 1 <= team["amount"] <= (100 if team["kind"] == "min_share" else 10)


@pytest.mark.parametrize("profile", [row for row in rows("profile") if "earlier" in row], ids=lambda row: row["key"])
def test_an_earlier_release_differs_from_the_present_one(profile: Row) -> None:
    earlier, items = profile["earlier"], {item["competence"]: item for item in profile_items(profile)}
    assert earlier["days_ago"] > 0
    assert earlier["release_reason"]
    assert set(earlier["without"]) <= set(items)
    for item in earlier["items"]:
        present = items[item["competence"]]
        assert any(item[horizon] != present[horizon] for horizon in ("now", "future"))


def test_profiles_show_every_kind_of_requirement() -> None:
    items = [item for profile in rows("profile") for item in profile_items(profile)]
    both = [item for item in items if "now" in item and "future" in item]
    assert any(item["now"] < item["future"] for item in both)
    assert any(item["now"] == item["future"] for item in both)
    assert any(item["now"] > item["future"] for item in both)
    assert any("now" not in item for item in items)
    teams = [item[name] for item in items for name in ("team_now", "team_future") if name in item]
    assert {team["kind"] for team in teams} == {"min_count", "min_share"}
    assert {item["competence"] for item in items} == keys("competence")


@pytest.mark.parametrize("course", rows("course"), ids=lambda row: row["key"])
def test_a_course_says_what_people_ask_for(course: Row) -> None:
    assert course["provider"] in keys("provider")
    assert set(course["profiles"]) <= keys("profile")
    assert set(course["grew_out_of"]) <= keys("project") | keys("publication")
    assert isinstance(course["price_dkk"], int)
    assert ("ects" in course) == course["qualifying"]
    assert len(course["outcome"]) >= 3
    fields = ("lead", "audience", "content", "prerequisites", "duration", "exam_form", "order_of_admission")
    assert all(course[name] for name in fields)
    for link in course["competences"]:
        assert link["competence"] in keys("competence")
        assert 1 <= link["from"] < link["to"] <= 4
        assert link["counts_for"] in {"nothing", "evidence", "documented"}
    for run in course["runs"]:
        assert run["municipality"] in region_by_code()
        assert run["days"] >= 1
        assert run["seats"] > 0
        assert 0 <= run["deadline_days_before"] < run["start_in_days"]


def event_dates(event: Row) -> list[Row]:
    """A single meeting is its own only occurrence; an occurrence inherits what it does not say."""
    return [event | part for part in event.get("occurrences", [event])]


@pytest.mark.parametrize("event", rows("event"), ids=lambda row: row["key"])
def test_an_event_can_be_held(event: Row) -> None:
    assert event["type"] in {"afterwork", "theme_day", "webinar", "conference"}
    assert event["contact"] in keys("contact")
    assert set(event["profiles"]) <= keys("profile")
    assert set(event.get("competences", [])) <= keys("competence")
    assert all(event[name] for name in ("title", "lead", "body", "themes", "organiser"))
    for date in event_dates(event):
        assert date["online"] == ("municipality" not in date) == ("address" not in date)
        assert date["online"] or date["municipality"] in region_by_code()
        assert CLOCK.fullmatch(date["start"])
        assert CLOCK.fullmatch(date["end"])
        assert minutes(date["start"]) < minutes(date["end"])
        assert date.get("weekday", 1) in range(1, 8)
    clocks = [minutes(part["time"]) for part in event.get("programme", [])]
    assert clocks == sorted(clocks)
    assert all(minutes(event["start"]) <= clock < minutes(event["end"]) for clock in clocks)


def minutes(clock: str) -> int:
    hour, minute = clock.split(".")
    return int(hour) * 60 + int(minute)


def test_thirty_events_in_all_regions_past_soon_and_through_the_year() -> None:
    events = rows("event")
    dates = [date for event in events for date in event_dates(event)]
    days = sorted(date["in_days"] for date in dates)
    regions = Counter(region_by_code()[date["municipality"]] for date in dates if "municipality" in date)
    assert len(events) == 30
    assert set(regions) == set(region_by_code().values())
    assert min(regions.values()) >= 3
    assert {event["type"] for event in events} == {"afterwork", "theme_day", "webinar", "conference"}
    assert len([day for day in days if 0 <= day <= 2]) >= 2
    assert 0 in days
    assert -40 <= days[0] < 0
    assert 330 <= days[-1] <= 360
    assert sum(event.get("cancelled", False) for event in events) == 1
    assert sum("occurrences" in event for event in events) == 1


def test_a_past_event_stays_in_the_past_and_a_coming_one_ahead() -> None:
    """The weekday moves a date up to six days forward, which must not carry it over the loading day."""
    for event in rows("event"):
        for date in event_dates(event):
            assert date["in_days"] >= 0 or date["in_days"] + 6 < 0, event["key"]


@pytest.mark.parametrize("kind", ["article", "page", "project", "publication"])
def test_a_text_page_has_a_lead_and_a_body_of_known_blocks(kind: str) -> None:
    fields = {
        "heading": {"text"},
        "paragraph": {"html"},
        "quote": {"quote", "who"},
        "notice": {"heading", "html"},
        "links": {"heading", "links"},
    }
    for row in rows(kind):
        assert row["lead"]
        assert row["body"]
        for block in row["body"]:
            assert set(block) == fields[block["type"]] | {"type"}, row["key"]


def test_references_between_the_texts_resolve() -> None:
    known = {f"{kind}:{key}" for kind in KEYED for key in keys(kind)}
    site, files = content("site"), [content(name) for name in FILES]
    named = [link["page"] for link in itertools.chain.from_iterable(links(file) for file in files)]
    named += [*values_of(site, "target"), *values_of(site, "link")]
    assert named
    assert [name for name in named if name not in known] == []
    for kind in ("article", "project", "publication"):
        assert all(set(row["profiles"]) <= keys("profile") for row in rows(kind))
    assert all(set(row.get("publications", [])) <= keys("publication") for row in rows("project"))
    assert all(set(row.get("contacts", [])) <= keys("contact") for row in rows("page"))
    assert site["home"]["featured_course"] in keys("course")
    assert set(site["home"]["featured_profiles"]) <= keys("profile")


def links(file: Row) -> Iterator[Row]:
    """The links of the "links" blocks of a file."""
    for found in values_of(file, "body"):
        for block in found:
            if isinstance(block, dict) and block["type"] == "links":
                yield from block["links"]


def test_contacts_are_functions_at_reserved_addresses() -> None:
    for contact in rows("contact"):
        assert re.fullmatch(r"[a-z]+@[a-z]+\.example", contact["email"])
        assert contact.get("party", "hk") in PARTIES
        assert contact.get("municipality", "0101") in region_by_code()
        assert contact.get("region_of", "0101") in region_by_code()
    addresses = [found for name in FILES for text in texts(content(name)) for found in re.findall(r"\S+@\S+\w", text)]
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_three_hundred_answers_in_five_municipalities_with_one_round_closed() -> None:
    answers = content("answers")
    rounds = answers["round"]
    shares = [part for one in rounds for part in one["responses"]]
    (closed,) = (one for one in rounds if one["state"] == "closed")
    assert sum(part["count"] for part in shares) == answers["total"] == 300
    assert len({one["municipality"] for one in rounds}) == len(rounds) == 5
    assert {one["municipality"] for one in rounds} <= set(region_by_code())
    assert min(part["count"] for part in closed["responses"]) >= 16
    assert closed["opened_days_ago"] > closed["closed_days_ago"] > 0
    asked = {row["key"]: {item["competence"] for item in profile_items(row)} for row in rows("profile")}
    assert {part["profile"] for part in shares} <= set(answers["mean"]) <= set(asked)
    for profile, means in answers["mean"].items():
        assert set(means) - {"default"} <= asked[profile]
        assert all(1 <= mean <= 4 for mean in means.values())


@pytest.mark.parametrize("name", FILES)
def test_nothing_looks_like_a_cpr_number_or_a_broken_text(name: str) -> None:
    source = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert CPR_LIKE.findall(source) == []
    assert source.startswith("# Eksempelindhold.")
    for text in texts(content(name)):
        assert text == text.strip() != ""
        assert "  " not in text, text
        assert " ," not in text, text
        assert not re.search(r"(?i)lorem|todo|xxx", text), text
