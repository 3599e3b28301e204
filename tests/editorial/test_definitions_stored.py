"""Editorial definitions in the database: versions, retirement, what is shipped, and what is gone."""

import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Workflow, WorkflowTask

from portal.core.models.audit import AuditEntry
from portal.editorial import system_checks
from portal.editorial.models import Definition
from portal.editorial.reading import read
from portal.editorial.registry import EditorialRegistry, TaskType, registry
from portal.editorial.retiring import definition_restore, definition_retire
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND, Deadline, WorkflowSpec
from portal.editorial.storing import (
    definitions_export,
    definitions_import,
    definitions_install,
    shipped_files,
    stored_problems,
)
from portal.workflows.api import RetireError
from tests.editorial.definitions import BOTH, STEPS, bring, policy, step, workflow, written

pytestmark = pytest.mark.django_db


@pytest.mark.every_database
class TestVersions:
    def test_a_workflow_becomes_wagtails_rows_in_the_order_of_the_steps(self, tmp_path: Path) -> None:
        inner = (step("b1", BOTH, 'within = "b"'), step("b2", more='within = "b"'))
        body = (
            step("c")
            + step("b", '"parallel"', 'next = "c"')
            + step("a", more='start = true\nnext = "b"')
            + "".join(inner)
        )
        (row,) = bring(tmp_path, workflow(body=body))
        tasks = WorkflowTask.objects.filter(workflow=row.workflow).order_by("sort_order")
        assert [task.task.specific.key for task in tasks] == ["a", "b", "c"]
        assert [step.key for step in row.steps.get(key="b").inner_steps.order_by("position")] == ["b1", "b2"]
        assert row.steps.get(key="b1").parameters == {"parties": ["hk", "kl"]}
        assert row.workflow.active

    def test_skip_and_deadline_stand_in_the_row(self, tmp_path: Path) -> None:
        body = STEPS.replace(
            'next = "publish"', 'next = "publish"\nskip = [{ name = "tests.title_holds", word = "x" }]'
        )
        (row,) = bring(tmp_path, workflow(body=body))
        found = row.steps.get(key="approve")
        assert [(use.name, use.given) for use in found.skip_uses] == [("tests.title_holds", {"word": "x"})]
        assert found.deadline_spec == Deadline(days=14, remind=(7, 2), escalate=("administrator",))
        assert row.steps.get(key="look").deadline_spec is None

    def test_a_change_is_a_new_version_and_the_same_again_is_none(self, tmp_path: Path) -> None:
        (first,) = bring(tmp_path, workflow())
        (again,) = bring(tmp_path, "# other words for the reader\n" + workflow())
        (changed,) = bring(tmp_path, workflow().replace("days = 14", "days = 21"))
        assert again == first
        assert (first.version, changed.version) == (1, 2)
        assert first.steps.get(key="approve").deadline["days"] == 14
        first.workflow.refresh_from_db()
        assert (first.workflow.active, changed.workflow.active) == (False, True)
        entries = AuditEntry.objects.filter(action="editorial_definition.import")
        assert entries.count() == 2

    def test_a_dry_run_shows_the_difference_and_changes_nothing(self, tmp_path: Path) -> None:
        bring(tmp_path, workflow())
        (file,) = written(tmp_path, workflow().replace("days = 14", "days = 21"))
        out = StringIO()
        call_command("editorial_definitions", "import", str(file), "--dry-run", stdout=out)
        text = out.getvalue()
        assert "-deadline = { days = 14" in text
        assert "+deadline = { days = 21" in text
        assert Definition.objects.filter(key="trial").count() == 1
        assert Workflow.objects.filter(definition__key="trial").count() == 1

    def test_what_is_exported_comes_back_as_no_change(self, tmp_path: Path) -> None:
        hostile = workflow().replace('da = "Prøve"', r'da = "Et \"citat\", en \\ og \u007f ny\nlinje"')
        bring(
            tmp_path, hostile, policy(applies='section = "/om/"\nwhen = [{ name = "tests.title_holds", word = "x" }]')
        )
        call_command("editorial_definitions", "export", str(tmp_path / "out"), stdout=StringIO())
        files = sorted((tmp_path / "out").glob("*.toml"))
        assert {file.stem for file in files} == set(definitions_export())
        assert {"workflow-trial", "policy-trial"} <= {file.stem for file in files}
        assert not any(change.is_new for change in definitions_import(actor=None, files=files))

    def test_an_exported_file_is_the_same_content(self, tmp_path: Path) -> None:
        (row,) = bring(tmp_path, workflow())
        assert tomllib.loads(definitions_export(keys=["trial"])["workflow-trial"]) == row.content


@pytest.mark.every_database
class TestRetiring:
    def test_a_workflow_that_a_policy_needs_stays(self, tmp_path: Path) -> None:
        bring(tmp_path, workflow(), policy())
        with pytest.raises(RetireError, match="needed by the policy 'trial'"):
            definition_retire(actor=None, kind=WORKFLOW_KIND, key="trial")
        definition_retire(actor=None, kind=POLICY_KIND, key="trial")
        row = definition_retire(actor=None, kind=WORKFLOW_KIND, key="trial")
        row.workflow.refresh_from_db()
        assert not row.workflow.active
        assert not Definition.objects.in_force().filter(key="trial").exists()

    def test_what_is_retired_comes_back_only_by_name(self, tmp_path: Path) -> None:
        bring(tmp_path, workflow(), policy())
        definition_retire(actor=None, kind=POLICY_KIND, key="trial")
        (change,) = definitions_import(actor=None, files=written(tmp_path, policy(applies='section = "/om/"')))
        assert (change.version, change.is_retired) == (2, True)
        assert not Definition.objects.in_force().filter(kind=POLICY_KIND, key="trial").exists()
        assert definition_restore(actor=None, kind=POLICY_KIND, key="trial").version == 2
        assert AuditEntry.objects.filter(action="editorial_definition.restore").count() == 1

    def test_what_does_not_fit_any_more_is_not_restored(self, tmp_path: Path) -> None:
        bring(tmp_path, workflow(), policy("first"))
        definition_retire(actor=None, kind=POLICY_KIND, key="first")
        bring(tmp_path, policy("second"))
        with pytest.raises(RetireError, match="apply to the same pages"):
            definition_restore(actor=None, kind=POLICY_KIND, key="first")

    @pytest.mark.parametrize("act", ["retire", "restore"])
    def test_the_command_says_what_it_cannot_do(self, act: str) -> None:
        with pytest.raises(CommandError, match="no such definition: 'nothing'"):
            call_command("editorial_definitions", act, "policy", "nothing")


class TestWhatIsStored:
    def test_a_name_that_is_gone_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bring(tmp_path, workflow(), policy(applies='when = [{ name = "tests.title_holds", word = "x" }]'))
        kept = {name: entry for name, entry in registry._entries.items() if name[1] != "tests.title_holds"}
        monkeypatch.setattr(registry, "_entries", kept)
        found = [str(problem) for problem in stored_problems() if "tests.title_holds" in str(problem)]
        assert len(found) == 1
        assert found[0].startswith("trial 1 (database):1: unknown condition 'tests.title_holds'")
        warnings = system_checks.check_stored(None, databases=["default"])
        assert found[0] in [warning.msg for warning in warnings]
        with pytest.raises(CommandError, match=r"trial 1 \(database\)"):
            call_command("editorial_definitions", "check")

    def test_a_party_that_is_gone_is_told(self, tmp_path: Path) -> None:
        from portal.organisations.api import Party

        bring(tmp_path, workflow(), policy())
        Party.objects.filter(key="hk").delete()
        assert any("unknown party 'hk'" in problem.reason for problem in stored_problems())

    def test_a_database_without_parties_is_being_set_up(self, tmp_path: Path) -> None:
        from portal.organisations.api import Party

        Party.objects.all().delete()
        assert bring(tmp_path, workflow())


class TestShipped:
    def test_they_are_right_and_stored(self) -> None:
        assert system_checks.check_shipped(None) == []
        out = StringIO()
        call_command("editorial_definitions", "check", stdout=out)
        assert f"{len(shipped_files())} files" in out.getvalue()
        shipped = {(read(file.read_text("utf-8"), str(file)).name) for file in shipped_files()}
        assert shipped <= set(Definition.objects.values_list("kind", "key"))

    def test_installing_again_changes_nothing_and_brings_back_nothing_retired(self) -> None:
        before = list(Definition.objects.order_by("pk").values())
        definitions_install()
        assert list(Definition.objects.order_by("pk").values()) == before

    def test_a_wrong_shipped_file_is_an_error_of_the_system_check(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = written(
            tmp_path, workflow(), policy(approvals='parties = ["ds"]'), workflow("b").replace("days = 14", "")
        )
        monkeypatch.setattr(system_checks, "shipped_files", lambda: files)
        assert [error.id for error in system_checks.check_shipped(None)] == ["editorial.E001"]
        monkeypatch.setattr(system_checks, "shipped_files", lambda: files[:2])
        assert {error.id for error in system_checks.check_shipped(None)} == {"editorial.E002"}


def test_a_taken_name_is_refused_with_both_names() -> None:
    own = EditorialRegistry()
    own.task("a.name", TaskType())

    class Other(TaskType):
        pass

    with pytest.raises(ValueError, match=rf"The task 'a.name' of {__name__} is taken by portal\.editorial\.registry"):
        own.task("a.name", Other())


def test_titles_are_read_in_both_languages() -> None:
    spec = read(workflow(), "x.toml").spec
    assert isinstance(spec, WorkflowSpec)
    assert (str(spec.title), [step.key for step in spec.steps]) == ("Prøve", ["look", "approve", "publish"])
