"""Definitions out of use: nothing begins under them, what is under way ends; and what is stored still has its names."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.core.models import AuditEntry
from portal.workflows.api import (
    BadDefinitionError,
    CaseDefinition,
    NoDefinitionError,
    RetireError,
    Scope,
    case_start,
    case_transition,
    definition_for,
    definition_restore,
    definition_retire,
    definitions_import,
    registry,
)
from portal.workflows.registry import Kind
from portal.workflows.storing import definitions_install
from tests.factories.accounts import editor
from tests.workflows.processes import KIND, by, process, store, thing

pytestmark = pytest.mark.django_db
ODENSE = '[[applies]]\nmunicipality = "461"\n'
PLACE = Scope(municipality="461")


@pytest.fixture
def two(tmp_path: Path) -> None:
    store(tmp_path, process("everywhere"), process("odense", more=ODENSE))


def command(*args: str) -> str:
    out = StringIO()
    call_command("workflow_definitions", *args, stdout=out)
    return out.getvalue()


def test_nothing_begins_under_it_and_what_is_under_way_ends(two: None) -> None:
    case = case_start(actor=None, kind=KIND, subject=thing(), place=PLACE)
    hk = editor()
    row = definition_retire(actor=hk, key="odense")
    assert definition_for(KIND, PLACE).key == "everywhere"
    with pytest.raises(NoDefinitionError, match="retired"):
        case_start(actor=None, kind=KIND, subject=hk, definition=row)
    case_transition(asker=by(hk), case=case, transition="begin", expected=1)
    case.refresh_from_db()
    assert (case.state, case.definition.key) == ("open", "odense")
    assert AuditEntry.objects.get(action="workflow_definition.retire").actor == hk


def test_the_last_one_that_applies_stays(two: None, tmp_path: Path) -> None:
    with pytest.raises(RetireError, match=r"last definition of 'tests\.thing' that applies to everywhere else"):
        definition_retire(actor=None, key="everywhere")
    store(tmp_path, process("everywhere-two", more=ODENSE.replace("461", "101")))
    with pytest.raises(RetireError):
        definition_retire(actor=None, key="everywhere")
    assert not CaseDefinition.objects.filter(retired_at__isnull=False).exists()


def test_one_for_a_section_goes_when_a_wider_one_is_there(tmp_path: Path) -> None:
    wide, narrow = (f'[[applies]]\nsection = "{path}"\n' for path in ("/nyt/", "/nyt/hk/"))
    store(tmp_path, process("wide", more=wide), process("narrow", more=narrow))
    definition_retire(actor=None, key="narrow")
    with pytest.raises(RetireError, match="section '/nyt/'"):
        definition_retire(actor=None, key="wide")


@pytest.mark.parametrize("key", ["odense", "unknown"])
def test_it_is_retired_once(two: None, key: str) -> None:
    definition_retire(actor=None, key="odense")
    with pytest.raises(RetireError):
        definition_retire(actor=None, key=key)


def test_an_upgrade_brings_news_of_a_retired_one_and_not_itself(two: None, tmp_path: Path) -> None:
    definition_retire(actor=None, key="odense")
    definitions_install()
    store(tmp_path, process("odense", more=ODENSE).replace("Ny", "Helt ny"))
    latest = CaseDefinition.objects.newest().get(key="odense")
    assert (latest.version, latest.retired_at is not None) == (2, True)
    assert definition_for(KIND, PLACE).key == "everywhere"
    definition_restore(actor=None, key="odense")
    assert definition_for(KIND, PLACE) == latest


def test_it_does_not_come_back_to_a_place_that_is_taken(two: None, tmp_path: Path) -> None:
    definition_retire(actor=None, key="odense")
    store(tmp_path, process("odense-new", more=ODENSE))
    with pytest.raises(RetireError, match="'odense-new' applies to municipality '461' now"):
        definition_restore(actor=None, key="odense")
    with pytest.raises(RetireError, match="in force already"):
        definition_restore(actor=None, key="odense-new")


def test_an_import_leaves_no_place_without_a_definition(two: None, tmp_path: Path) -> None:
    with pytest.raises(BadDefinitionError, match="would apply to everywhere else any more"):
        store(tmp_path, process("everywhere", more='[[applies]]\nparty = "hk"\n'))
    registry.kind("tests.other", origin=__name__)
    with pytest.raises(BadDefinitionError, match=r"no definition of 'tests\.thing'"):
        store(tmp_path, process("everywhere").replace(KIND, "tests.other"))
    store(tmp_path, process("everywhere", more='[[applies]]\nparty = "hk"\n'), process("second"))
    assert definition_for(KIND).key == "second"


def test_the_command_retires_restores_and_lists_what_drains(two: None, tmp_path: Path) -> None:
    case_start(actor=None, kind=KIND, subject=thing(), place=PLACE)
    store(tmp_path, process("odense", more=ODENSE).replace("Ny", "Helt ny"))
    assert "Nothing new begins" in command("retire", "odense")
    listed = command("list")
    assert "odense 2 (retired): tests.thing, municipality '461'; 1 open cases, 1 of them under older versions" in listed
    assert "everywhere 1: tests.thing, everywhere; 0 open cases" in listed
    assert "odense: unchanged, version 2, retired" in command("import", str(tmp_path / "0.toml"))
    assert "in force again, version 2" in command("restore", "odense")
    with pytest.raises(CommandError, match="last definition"):
        command("retire", "everywhere")


class TestStored:
    @pytest.fixture(autouse=True)
    def _taken_away(self, tmp_path: Path) -> None:
        """A definition in force names a guard, and the package with the guard is gone."""
        registry.guard("tests.passing")(lambda happening, none: "")
        guarded = process(more=ODENSE).replace('to = "open"\n', 'to = "open"\nguards = ["tests.passing"]\n')
        store(tmp_path, process("everywhere"), guarded)
        registry._entries.pop((Kind.GUARD, "tests.passing"))

    def warnings(self) -> list[str]:
        err = StringIO()
        call_command("check", databases=["default"], stderr=err, stdout=StringIO())
        return [line for line in err.getvalue().splitlines() if "workflows.W001" in line]

    def test_the_check_of_the_database_names_it_and_lets_migrations_go_on(self) -> None:
        (line,) = self.warnings()
        assert "trial 1 (database)" in line
        assert "unknown guard 'tests.passing'" in line
        call_command("migrate", verbosity=0)

    def test_it_is_quiet_once_nothing_begins_or_goes_on_under_it(self) -> None:
        case = case_start(actor=None, kind=KIND, subject=thing(), place=PLACE)
        definition_retire(actor=None, key="trial")
        assert len(self.warnings()) == 1
        case.delete()
        assert self.warnings() == []
        with pytest.raises(BadDefinitionError):
            definitions_import(actor=None, files=[Path("/does/not/exist.toml")])


class TestKinds:
    """What a package relies on in every definition of its cases."""

    @pytest.fixture(autouse=True)
    def _demanding(self) -> None:
        registry.kind("tests.demanding", origin=__name__, states=["open"], ways=["close"], ends=["done"])

    def refused(self, tmp_path: Path, more: str, **changes: str) -> str:
        text = process(body=process()[process().index("[[states]]") :] + more).replace(KIND, "tests.demanding")
        for old, new in changes.items():
            text = text.replace(f'key = "{old}"', f'key = "{new}"').replace(f'"{old}"', f'"{new}"')
        with pytest.raises(BadDefinitionError) as error:
            store(tmp_path, text)
        return str(error.value)

    def close(self, **given: str) -> str:
        values = {"from": '["new", "open"]', "to": '"done"', "who": '["portal"]', **given}
        lines = "\n".join(f"{key} = {value}" for key, value in values.items())
        return f'\n[[transitions]]\nkey = "close"\ntitle = {{ da = "Luk", en = "Close" }}\n{lines}\n'

    def test_a_definition_that_gives_it_is_taken(self, tmp_path: Path) -> None:
        text = process().replace(KIND, "tests.demanding") + self.close()
        (tmp_path / "fits.toml").write_text(text, encoding="utf-8")
        assert definitions_import(actor=None, files=[tmp_path / "fits.toml"])[0].is_new

    def test_what_is_missing_is_named(self, tmp_path: Path) -> None:
        assert "need a transition 'close'" in self.refused(tmp_path, "")
        assert "must lead out of 'open'" in self.refused(tmp_path, self.close(**{"from": '["new"]'}))
        assert 'its who needs "portal"' in self.refused(tmp_path, self.close(who='["link"]'))
        for question in ({"guards": '["another_person"]'}, {"comment_required": "true"}):
            assert "no guard, comment or day" in self.refused(tmp_path, self.close(**question))
        assert "need a state 'open'" in self.refused(tmp_path, self.close(), open="under-way")
        assert "not in 'over'" in self.refused(tmp_path, self.close(), done="over")

    def test_an_unknown_kind_is_refused_at_its_line(self, tmp_path: Path) -> None:
        with pytest.raises(
            BadDefinitionError, match=r"0\.toml:2: unknown kind 'tests\.thnig'; there are: .*tests\.thing"
        ):
            store(tmp_path, process().replace(KIND, "tests.thnig"))

    def test_a_kind_has_one_owner(self) -> None:
        with pytest.raises(ValueError, match="is taken by"):
            registry.kind("tests.demanding", origin="another.package")
