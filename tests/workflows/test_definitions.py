"""Definitions: refused with the line and the reason, stored as versions, written back as they were."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.workflows.api import (
    BadDefinitionError,
    CaseDefinition,
    NoDefinitionError,
    Scope,
    definition_for,
    definitions_export,
    definitions_import,
)
from portal.workflows.reading import read
from portal.workflows.storing import shipped_files
from tests.workflows.processes import BODY, KIND, process, store

pytestmark = pytest.mark.django_db

BAD = {
    "two starts": (
        ('title = { da = "Åben", en = "Open" }', 'title = { da = "Åben", en = "Open" }\nstart = true'),
        "start",
        "one state only",
    ),
    "no start": (("start = true", "start = false"), "[[states]]", "no state has start"),
    "no end": (("final = true", "final = false"), "[[states]]", "no state has final"),
    "unknown state": (('to = "open"', 'to = "opne"'), 'to = "opne"', "unknown state 'opne'"),
    "unknown source": (('from = ["open"]', 'from = ["opne"]'), 'from = ["opne"]', "unknown state 'opne'"),
    "unknown predicate": (('}, "link"]', '}, "lnik"]'), '"lnik"', "unknown predicate 'lnik'; there are: "),
    "unknown effect": (('name = "mail"', 'name = "mial"'), '"mial"', "unknown effect 'mial'"),
    "unknown guard": (("comment_required = true", 'guards = ["patience"]'), '"patience"', "unknown guard 'patience'"),
    "unknown parameter": (("needs =", "need ="), "who =", "unknown parameter 'need'"),
    "wrong type": (('needs = "contacts.change_contactcard"', "needs = 3"), "who =", "'needs' must be a text"),
    "wrong value": (('needs = "contacts.change_contactcard"', 'needs = "change"'), "who =", "app.action_model"),
    "missing parameter": ((', text = "Sagen er slut."', ""), "effects =", "parameter 'text' is missing"),
    "nobody may": (
        (
            'who = [{ name = "right", needs = "contacts.change_contactcard" }]\n\n[[transitions]]\nkey = "finish"',
            '\n[[transitions]]\nkey = "finish"',
        ),
        "[[transitions]]",
        "nobody may make",
    ),
    "leaves the end": (
        ('from = ["new"]\nto = "done"', 'from = ["new", "done"]\nto = "done"'),
        '"done"]',
        "leaves the final state",
    ),
    "comment by itself": (("after = { days = 30 }", "after = { days = 30 }\ncomment_required = true"), None, ""),
    "no time": (("days = 30", "days = 0"), "after =", "whole numbers above 0"),
    "truth is no number": (("days = 30", "days = true"), "after =", "whole numbers above 0"),
    "one language": (
        ('title = { da = "Begynd", en = "Begin" }', 'title = { da = "Begynd" }'),
        'title = { da = "Begynd" }',
        "both languages",
    ),
    "unknown key": (('to = "open"', 'to = "open"\nthen = "x"'), "then =", "unknown key 'then'"),
    "two keys": (('key = "finish"', 'key = "begin"'), None, "two transitions"),
    "no toml": (('to = "open"', 'to = "open'), 'to = "open', "not valid TOML"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_definition_is_refused_with_line_and_reason_and_changes_nothing(name: str, tmp_path: Path) -> None:
    (old, new), near, reason = BAD[name]
    text = process().replace(old, new, 1)
    assert text != process(), "the example must be a change"
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(process("another", more='applies = [{ party = "hk" }]\n'), encoding="utf-8")
    bad.write_text(text, encoding="utf-8")
    before = CaseDefinition.objects.count()
    with pytest.raises(BadDefinitionError) as caught:
        definitions_import(actor=None, files=[good, bad])
    assert CaseDefinition.objects.count() == before
    problems = caught.value.problems
    assert {problem.file for problem in problems} == {str(bad)}
    if reason:
        found = [problem for problem in problems if reason in problem.reason]
        assert found, [str(problem) for problem in problems]
        if near:
            assert near in text.splitlines()[found[0].line - 1], str(found[0])


def states(*keys: str) -> str:
    return "".join(
        f'[[states]]\nkey = "{key}"\ntitle = {{ da = "{key}", en = "{key}" }}\n{more}\n'
        for key, more in map(split, keys)
    )


def split(word: str) -> tuple[str, str]:
    key, _space, flag = word.partition(" ")
    return key, f"{flag} = true" if flag else ""


def way(source: str, target: str) -> str:
    title = 'title = { da = "x", en = "x" }'
    ends = f'from = ["{source}"]\nto = "{target}"\nwho = ["link"]\n'
    return f'[[transitions]]\nkey = "{source}-{target}"\n{title}\n{ends}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (states("a start", "b", "c final") + way("a", "b") + way("a", "c"), "'b' is a dead end"),
        (
            states("a start", "b", "c", "d final") + way("a", "b") + way("b", "c") + way("c", "b") + way("a", "d"),
            "circle without exit",
        ),
        (states("a start", "b", "c final") + way("a", "c") + way("b", "c"), "no case ever reaches the state 'b'"),
    ],
)
def test_a_case_can_always_get_everywhere_and_end(body: str, reason: str) -> None:
    with pytest.raises(BadDefinitionError, match=reason):
        read(process(body=body), "x.toml")


def test_all_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = process().replace('to = "open"', 'to = "opne"').replace('"link"]', '"lnik"]')
    with pytest.raises(BadDefinitionError) as caught:
        read(text, "x.toml")
    lines = [problem.line for problem in caught.value.problems]
    assert len(lines) == 2
    assert lines == sorted(lines)


def test_the_shipped_definitions_are_right_and_stored() -> None:
    out = StringIO()
    call_command("workflow_definitions", "check", stdout=out)
    assert f"{len(shipped_files())} files" in out.getvalue()
    assert definition_for("contacts.card").key == "contact-card"


def test_a_change_is_a_new_version_and_the_same_again_is_none(tmp_path: Path) -> None:
    first = store(tmp_path, process())[0]
    again = store(tmp_path, "# other words for the reader\n" + process())[0]
    changed = store(tmp_path, process().replace("days = 30", "days = 60"))[0]
    assert again == first
    assert (first.version, changed.version) == (1, 2)
    first.refresh_from_db()
    assert first.read().transition("forget").after.days == 30


def test_a_dry_run_shows_the_difference_and_changes_nothing(tmp_path: Path) -> None:
    store(tmp_path, process())
    file = tmp_path / "0.toml"
    file.write_text(process().replace("days = 30", "days = 60"), encoding="utf-8")
    out = StringIO()
    call_command("workflow_definitions", "import", str(file), "--dry-run", stdout=out)
    assert "-after = { days = 30 }" in out.getvalue()
    assert "+after = { days = 60 }" in out.getvalue()
    assert CaseDefinition.objects.get(kind=KIND).version == 1


def test_what_is_exported_comes_back_as_no_change(tmp_path: Path) -> None:
    hostile = process().replace("Sagen er slut.", 'Et \\"citat\\", en \\\\ og \\u007f ny\\nlinje')
    store(tmp_path, hostile)
    call_command("workflow_definitions", "export", str(tmp_path / "out"), stdout=StringIO())
    files = sorted((tmp_path / "out").glob("*.toml"))
    assert {file.stem for file in files} == set(definitions_export())
    assert not any(change.is_new for change in definitions_import(actor=None, files=files))


def test_the_command_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(process().replace('to = "open"', 'to = "opne"'), encoding="utf-8")
    line = file.read_text("utf-8").splitlines().index('to = "opne"') + 1
    with pytest.raises(CommandError, match=rf"bad\.toml:{line}: .*'opne'[\s\S]*Nothing has been changed"):
        call_command("workflow_definitions", "import", str(file))


class TestPolicy:
    def test_the_nearest_definition_applies_and_the_default_comes_last(self, tmp_path: Path) -> None:
        claims = {
            "everywhere": "",
            "of-hk": 'applies = [{ party = "hk" }]\n',
            "of-fyn": 'applies = [{ region = "syddanmark" }]\n',
            "of-odense": 'applies = [{ municipality = "461" }, { municipality = "479" }]\n',
            "of-news": 'applies = [{ section = "/nyheder" }]\n',
            "of-odd-news": 'applies = [{ section = "/nyheder/sjov/" }]\n',
        }
        store(tmp_path, *(process(key, more=more) for key, more in claims.items()))

        def found(**place: str) -> str:
            return definition_for(KIND, Scope(**place)).key

        assert found() == found(municipality="101") == "everywhere"
        assert found(party="hk") == "of-hk"
        assert found(party="hk", region="syddanmark") == "of-fyn"
        assert found(party="hk", region="syddanmark", municipality="479") == "of-odense"
        assert found(municipality="461", section="/nyheder/2026/") == "of-news"
        assert found(section="/nyheder/sjov") == "of-odd-news"
        assert found(section="/nyhederne/") == "everywhere"

    def test_two_claims_to_one_place_are_refused(self, tmp_path: Path) -> None:
        store(tmp_path, process("one", more='applies = [{ municipality = "461" }]\n'))
        with pytest.raises(BadDefinitionError, match="'two' and 'one' apply to the same place"):
            store(tmp_path, process("two", more='applies = [{ municipality = "461" }]\n'))
        assert not CaseDefinition.objects.filter(key="two").exists()

    def test_where_none_applies_it_is_said(self) -> None:
        with pytest.raises(NoDefinitionError):
            definition_for(KIND)


def test_the_example_body_is_itself_right() -> None:
    assert read(process(), "x.toml")[0].start.key == "new"
    assert "comment_required" in BODY
