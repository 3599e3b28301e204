"""Editorial definitions: refused with the line and the reason, and nothing changed."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Workflow

from portal.editorial.models import Definition, Step
from portal.editorial.reading import read
from portal.editorial.registry import registry
from portal.editorial.schema import WORKFLOW_KIND
from portal.editorial.storing import (
    definitions_import,
)
from portal.workflows.api import BadDefinitionError
from tests.editorial.definitions import BOTH, ONE, STEPS, bring, policy, step, workflow, written
from tests.support.services import ROOT

pytestmark = pytest.mark.django_db

# What is replaced in the good workflow, what stands on the line that is named, and what is said about it.
BAD_WORKFLOWS = {
    "no toml": (('key = "trial"', 'key = "trial'), 'key = "trial', "not valid TOML"),
    "two starts": (('key = "publish"', 'key = "publish"\nstart = true'), "start = true", "begins with one step"),
    "no start": (("start = true\n", ""), "[[steps]]", "no step has start = true"),
    "next is not there": (('next = "approve"', 'next = "aprove"'), 'next = "aprove"', "'aprove' does not exist"),
    "a circle": (
        ('key = "publish"', 'key = "publish"\nnext = "approve"'),
        'next = "approve"',
        "circle: approve → publish",
    ),
    "a circle of one": (('next = "publish"', 'next = "approve"'), 'next = "approve"', "in a circle: approve → approve"),
    "never reached": (('next = "publish"\n', ""), "[[steps]]", "ever reaches the step 'publish'"),
    "a step twice": (('key = "look"', 'key = "approve"'), 'key = "approve"', "two steps have the key 'approve'"),
    "unknown task": (
        ('"tests.automatic"', '"tests.atuomatic"'),
        '"tests.atuomatic"',
        "unknown task 'tests.atuomatic'; ",
    ),
    "unknown condition": (
        ("start = true", 'start = true\nskip = ["tests.never"]'),
        "skip =",
        "condition 'tests.never'",
    ),
    "bad parameter": (("parties = [", "party = ["), "task =", "unknown parameter 'party'"),
    "wrong type": (('parties = ["hk", "kl"]', 'parties = "hk"'), "task =", "must be a list of texts"),
    "missing parameter": ((BOTH, '"panel"'), "task =", "parameter 'approvals' is missing"),
    "no such party": (('["hk", "kl"]', '["hk", "lk"]'), "task =", "step 'approve': unknown party 'lk'; there are: "),
    "no such role": (('"administrator"', '"admin"'), "escalate", "unknown role 'admin'; there are: "),
    "no such role in a parameter": (
        ('"tests.automatic"', '{ name = "tests.automatic", role = "admin" }'),
        "task =",
        "unknown role 'admin'",
    ),
    "no such page type in a parameter": (
        ('"tests.automatic"', '{ name = "tests.automatic", page_type = "profiles.Profile" }'),
        "task =",
        "there is no page type 'profiles.Profile'",
    ),
    "section without strokes in a parameter": (
        ('"tests.automatic"', '{ name = "tests.automatic", section = "profiler" }'),
        "task =",
        "with a stroke at both ends",
    ),
    "no such group": (
        ("days = 14", 'days = 14\nsubstitutes = ["hk=Ingen"]'),
        "substitutes =",
        "there is no group 'Ingen'",
    ),
    "substitute for a party that is not asked": (
        ("days = 14", 'days = 14\nsubstitutes = ["ds=Ingen"]'),
        "substitutes =",
        "'ds' has no seat; there are: hk, kl",
    ),
    "substitute of nobody": (("days = 14", 'days = 14\nsubstitutes = ["hk"]'), "substitutes =", "is not written"),
    "no days": (("days = 14", "days = 0"), "days = 0", "'days' is a whole number from 1"),
    "a truth is no number": (("days = 14", "days = true"), "days = true", "'days' is a whole number"),
    "reminder before the beginning": (("[7, 2]", "[14]"), "remind =", "within 'days'"),
    "unknown key": (("remind =", "reminds ="), "reminds =", "unknown key 'reminds'"),
    "one language": (
        ('title = { da = "Prøve", en = "Trial" }', 'title = { da = "Prøve" }'),
        "title =",
        "both languages",
    ),
    "no task": (('task = "tests.automatic"\n', ""), "[[steps]]", "'task' is missing"),
    "inside nothing": (
        ('key = "publish"', 'key = "publish"\nwithin = "side"'),
        'within = "side"',
        "is to stand within 'side', which does not exist",
    ),
    "inside what holds nothing": (
        ('next = "publish"\n', 'next = "publish"\n', 'key = "publish"', 'key = "publish"\nwithin = "look"'),
        "",
        "stands inside another",
    ),
    "wrong kind": ((f'kind = "{WORKFLOW_KIND}"', 'kind = "editorial.flow"'), "kind =", "'kind' is"),
}


@pytest.mark.parametrize("name", sorted(BAD_WORKFLOWS))
def test_a_bad_workflow_is_refused_with_line_and_reason_and_changes_nothing(name: str, tmp_path: Path) -> None:
    changes, near, reason = BAD_WORKFLOWS[name]
    text = workflow()
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        text = text.replace(old, new, 1)
    assert text != workflow(), "the example must be a change"
    good, bad = written(tmp_path, workflow("another"), text)
    before = (Definition.objects.count(), Workflow.objects.count(), Step.objects.count())
    with pytest.raises(BadDefinitionError) as caught:
        definitions_import(actor=None, files=[good, bad])
    assert (Definition.objects.count(), Workflow.objects.count(), Step.objects.count()) == before
    assert {problem.file for problem in caught.value.problems} == {str(bad)}
    found = [problem for problem in caught.value.problems if reason in problem.reason]
    assert found, caught.value.problems
    if near:
        assert near in text.splitlines()[found[0].line - 1], str(found[0])


def parallel(*inner: str, task: str = '"parallel"', more: str = "") -> str:
    return workflow(body=step("side", task, f"start = true\n{more}") + "".join(inner))


INSIDE = 'within = "side"'
BAD_PARALLELS = {
    "no step": (parallel(), "holds no step"),
    "one step": (parallel(step("a", more=INSIDE)), "holds one step only"),
    "another in it": (
        parallel(step("a", more=INSIDE), step("b", '"parallel"', INSIDE)),
        "step 'b' runs steps side by side inside another that does",
    ),
    "a step in a step in it": (
        parallel(step("a", more=INSIDE), step("b", more=INSIDE), step("c", more='within = "b"')),
        "stands within 'b', which stands within another step itself",
    ),
    "a task that holds no steps": (
        parallel(step("a", more=INSIDE), step("b", more=INSIDE), task='"tests.automatic"'),
        "whose task 'tests.automatic' holds no steps",
    ),
    "a next of its own": (
        parallel(step("a", more=f'{INSIDE}\nnext = "side"'), step("b", more=INSIDE)),
        "has no 'next' of its own",
    ),
    "a start of its own": (
        parallel(step("a", more=f"{INSIDE}\nstart = true"), step("b", more=INSIDE)),
        "has no 'start' of its own",
    ),
    "nothing at all": (workflow(body=""), "the workflow is empty"),
}


@pytest.mark.parametrize("name", sorted(BAD_PARALLELS))
def test_what_runs_side_by_side_must_make_sense(name: str) -> None:
    text, reason = BAD_PARALLELS[name]
    with pytest.raises(BadDefinitionError, match=reason):
        read(text, "x.toml")


BAD_POLICIES = {
    "unknown workflow": (policy(of="other"), "workflow =", "unknown workflow 'other'; there are: "),
    "unknown party": (policy(approvals='parties = ["lk"]'), "parties =", "unknown party 'lk'"),
    "unknown publisher": (policy(applies='publisher = "lk"'), "publisher =", "unknown party 'lk'"),
    "no page type": (policy(applies='page_type = "accounts.User"'), "page_type =", "no page type 'accounts.User'"),
    "foreign page type": (
        policy(applies='page_type = "wagtailcore.Page"'),
        "page_type =",
        "is not built on the base page",
    ),
    "unknown page type": (policy(applies='page_type = "Profile"'), "page_type =", "no page type 'Profile'"),
    "section": (policy(applies='section = "profiler/"'), "section =", "with a stroke at both ends"),
    "empty section": (policy(applies='section = ""'), "section =", "'section' must be a text"),
    "unknown condition": (policy(applies='when = ["tests.never"]'), "when =", "unknown condition 'tests.never'"),
    "bad condition": (policy(applies='when = [{ name = "tests.title_holds" }]'), "when =", "'word' is missing"),
    "no number": (policy(approvals='people = "two"'), "people =", "'people' is a whole number"),
    "no truth": (policy(approvals="publishers = 1"), "publishers =", "'publishers' is true or false"),
    "unknown key": (policy(applies='type = "profiles.ProfilePage"'), "type =", "unknown key 'type'"),
    "a party twice": (policy(approvals='parties = ["hk", "hk"]'), "parties =", "names something twice"),
    "no workflow": (policy().replace('workflow = "trial"\n', ""), "kind =", "'workflow' is missing"),
    "too many people": (policy(approvals="people = 3"), "approvals", "demands the approval of 3 different persons"),
    "publishers": (policy(approvals="publishers = true"), "approvals", "the parties that publish the page"),
    "a party that the workflow does not ask": (policy(approvals='parties = ["ds"]'), "approvals", "the party 'ds'"),
}


@pytest.mark.parametrize("name", sorted(BAD_POLICIES))
def test_a_bad_policy_is_refused_with_line_and_reason_and_changes_nothing(name: str, tmp_path: Path) -> None:
    text, near, reason = BAD_POLICIES[name]
    files = written(tmp_path, workflow(), text)
    before = Definition.objects.count()
    with pytest.raises(BadDefinitionError) as caught:
        definitions_import(actor=None, files=files)
    assert Definition.objects.count() == before
    found = [problem for problem in caught.value.problems if reason in problem.reason and problem.file == str(files[1])]
    assert found, caught.value.problems
    assert near in text.splitlines()[found[0].line - 1], str(found[0])


class TestNoHumanApprovalWhereAPolicyDemandsIt:
    AUTOMATIC = workflow(body=step("look", more='start = true\nnext = "publish"') + step("publish"))

    def test_a_policy_for_a_workflow_without_people(self, tmp_path: Path) -> None:
        with pytest.raises(
            BadDefinitionError, match="demands the approval of the party 'hk', and the workflow 'trial'"
        ):
            bring(tmp_path, self.AUTOMATIC, policy())

    def test_a_new_version_of_a_workflow_that_a_policy_in_force_needs(self, tmp_path: Path) -> None:
        bring(tmp_path, workflow(), policy())
        with pytest.raises(
            BadDefinitionError, match=r"0\.toml:\d+: the policy 'trial' demands the approval of the party 'hk'"
        ):
            bring(tmp_path, self.AUTOMATIC)
        assert Definition.objects.filter(kind=WORKFLOW_KIND, key="trial").count() == 1

    def test_a_step_that_may_be_skipped_brings_nothing_for_sure(self, tmp_path: Path) -> None:
        skipped = STEPS.replace(
            'next = "publish"', 'next = "publish"\nskip = [{ name = "tests.title_holds", word = "x" }]'
        )
        with pytest.raises(BadDefinitionError, match="may be skipped brings nothing"):
            bring(tmp_path, workflow(body=skipped), policy())

    def test_what_stands_in_a_parallel_step_that_may_be_skipped_brings_nothing_either(self, tmp_path: Path) -> None:
        inner = (step("a", BOTH, INSIDE), step("b", more=INSIDE))
        skip = 'skip = [{ name = "tests.title_holds", word = "x" }]'
        with pytest.raises(BadDefinitionError, match="is not sure to bring it"):
            bring(tmp_path, parallel(*inner, more=skip), policy())
        assert len(bring(tmp_path, parallel(*inner), policy())) == 2

    def test_the_same_person_in_two_steps_is_one_person(self, tmp_path: Path) -> None:
        twice = step("a", ONE, 'start = true\nnext = "b"') + step("b", ONE)
        with pytest.raises(BadDefinitionError, match="2 different persons"):
            bring(tmp_path, workflow(body=twice), policy(approvals="people = 2"))
        assert len(bring(tmp_path, workflow(body=twice), policy(approvals="people = 1"))) == 2

    def test_a_file_that_mends_both_at_once_is_taken(self, tmp_path: Path) -> None:
        bring(tmp_path, workflow(), policy())
        assert len(bring(tmp_path, self.AUTOMATIC, policy(approvals=""))) == 2


class TestTwoPoliciesForOnePlace:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("", ""),
            ('section = "/om/"', 'section = "/om/"'),
            ('page_type = "profiles.ProfilePage"', 'page_type = "profiles.profilepage"'),
            (
                'when = ["tests.plain", { name = "tests.title_holds", word = "x" }]',
                'when = [{ name = "tests.title_holds", word = "x" }, "tests.plain"]',
            ),
        ],
    )
    def test_are_refused_together_and_against_what_is_in_force(self, one: str, other: str, tmp_path: Path) -> None:
        first, second = policy("first", one), policy("second", other)
        with pytest.raises(BadDefinitionError, match="'second' and 'first' apply to the same pages"):
            bring(tmp_path, workflow(), first, second)
        bring(tmp_path, workflow(), first)
        with pytest.raises(BadDefinitionError, match="apply to the same pages"):
            bring(tmp_path, second)

    def test_a_narrower_one_is_no_rival(self, tmp_path: Path) -> None:
        assert bring(tmp_path, workflow(), policy("first"), policy("second", 'section = "/om/"'))

    def test_one_key_in_two_files_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadDefinitionError, match=r"the workflow 'trial' stands in .*0\.toml as well"):
            bring(tmp_path, workflow(), workflow())


@registry.condition("tests.plain")
def _plain(moment: Any, given: Any) -> bool:
    return True


def test_all_faults_of_all_files_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = workflow().replace("[7, 2]", "[99]").replace("days = 14", "days = 14\nwhy = 1")
    files = written(tmp_path, text, policy(approvals="people = -1", applies='section = "om"'))
    with pytest.raises(BadDefinitionError) as caught:
        definitions_import(actor=None, files=files)
    found = [(Path(problem.file).name, problem.line) for problem in caught.value.problems]
    assert [name for name, _line in found] == ["0.toml", "0.toml", "1.toml", "1.toml"]
    assert found == sorted(found)


class TestJson:
    def test_a_json_file_says_the_same(self, tmp_path: Path) -> None:
        bring(tmp_path, workflow())
        file = tmp_path / "trial.json"
        file.write_text(json.dumps(tomllib.loads(workflow()), indent=1, ensure_ascii=False), encoding="utf-8")
        assert [change.is_new for change in definitions_import(actor=None, files=[file])] == [False]

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ('"days": 14', '"days": 0', "'days' is a whole number"),
            ('"hk"', '"lk"', "unknown party 'lk'"),
            ('"next": "approve"', '"next": "aprove"', "'aprove' does not exist"),
            ('"days": 14', '"days": 14, "days": 15', "'days' stands twice"),
            ('"days": 14', '"days": 14,,', "not valid JSON"),
        ],
    )
    def test_a_fault_is_told_with_its_line(self, old: str, new: str, reason: str, tmp_path: Path) -> None:
        text = json.dumps(tomllib.loads(workflow()), indent=1).replace(old, new, 1)
        file = tmp_path / "trial.json"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadDefinitionError) as caught:
            definitions_import(actor=None, files=[file])
        problem = next(each for each in caught.value.problems if reason in each.reason)
        if "twice" not in reason:
            assert new in text.splitlines()[problem.line - 1]

    @pytest.mark.parametrize("text", ["[]", "3", "null", "[" * 100_000])
    def test_what_is_no_definition_is_refused(self, text: str) -> None:
        with pytest.raises(BadDefinitionError):
            read(text, "x.json")


def test_the_examples_of_the_documents_can_be_imported(tmp_path: Path) -> None:
    Group.objects.create(name="Vikarer i HK")
    text = (ROOT / "docs" / "editorial-workflows.md").read_text("utf-8")
    examples = [block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if block.startswith("kind =")]
    changes = definitions_import(actor=None, files=written(tmp_path, *examples))
    assert [(change.key, change.version) for change in changes] == [("news-read-by-others", 1), ("news", 1)]


def test_every_name_of_the_registry_is_told_in_the_documents() -> None:
    text = (ROOT / "docs" / "editorial-workflows.md").read_text("utf-8")
    entries = [registry.find(kind, name) for kind in ("task", "condition", "check") for name in registry.names(kind)]
    ours = {entry.name for entry in entries if not entry.origin.startswith("tests")}
    assert [name for name in sorted(ours) if f"`{name}`" not in text] == []
