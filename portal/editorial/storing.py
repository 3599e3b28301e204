"""Definitions in the database: import with a dry run, export, versions. A bad file changes nothing.

What is shipped is stored after each migration (`post_migrate`) where the database does not know it at all.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from portal.core import audit
from portal.editorial import materialising
from portal.editorial.covering import misfits
from portal.editorial.models import Definition
from portal.editorial.naming import unknown_names, unknown_rows
from portal.editorial.reading import Loaded, read_all
from portal.editorial.schema import WORKFLOW_KIND, WorkflowSpec
from portal.editorial.shape import Spec, spec_from
from portal.workflows import api as workflows
from portal.workflows.api import BadDefinitionError, Change, Problem, difference, digest, write

# Below the folder of the app whose pages they are about.
FOLDER = Path("data") / "editorial"
# Workflows before the policies that name them.
_SHORT = {WORKFLOW_KIND: "workflow"}


def shipped_files() -> list[Path]:
    """Return the definition files of the installed apps."""
    return workflows.shipped_files(FOLDER)


@transaction.atomic
def definitions_import(*, actor: Any, files: Iterable[Path], dry_run: bool = False) -> list[Change]:
    """Store each file whose content is new as the next version of its key; all of them, or none.

    What runs goes on under the version that it began with. A retired definition stays retired until it is restored.

    Raises:
        BadDefinitionError: a file is refused, or what would be in force does not fit together.
    """
    loaded = read_all(list(files))
    lock()
    if problems := [*_missing_rows(loaded), *_misfits(loaded)]:
        raise BadDefinitionError(problems)
    return [_import(actor, each, dry_run=dry_run) for each in sorted(loaded, key=_workflows_first)]


def lock() -> None:
    """Let imports and retirements follow each other: each looks at what the other leaves in force."""
    list(Definition.objects.select_for_update().order_by("pk").values_list("pk"))


def latest(kind: str, key: str) -> Definition | None:
    """Return the newest version of a definition, retired or not."""
    found: Definition | None = Definition.objects.filter(kind=kind, key=key).order_by("-version").first()
    return found


def store(loaded: Loaded, version: int, retired_at: Any = None) -> Definition:
    """Store a version. A workflow's becomes Wagtail's rows too, and only the newest is offered there."""
    kind, key = loaded.name
    spec = loaded.spec
    definition = Definition.objects.create(
        kind=kind,
        key=key,
        version=version,
        content=loaded.content,
        sha256=digest(loaded.content),
        retired_at=retired_at,
        workflow=materialising.workflow_row(spec, version) if isinstance(spec, WorkflowSpec) else None,
    )
    if isinstance(spec, WorkflowSpec):
        materialising.steps_create(definition, spec)
        materialising.only_active(definition)
    return definition


def file_name(row: Definition) -> str:
    """Return the name of a definition's file: a workflow and a policy may have the same key."""
    return f"{_SHORT.get(row.kind, 'policy')}-{row.key}"


def definitions_export(*, keys: Iterable[str] = ()) -> dict[str, str]:
    """Return the definitions in force as files, by the name of the file; those with the given keys, or all."""
    wanted = set(keys)
    rows = Definition.objects.in_force().order_by("kind", "key")
    return {file_name(row): write(row.content) for row in rows if not wanted or row.key in wanted}


def definitions_install(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Store the shipped definitions that the database does not know at all.

    A key that is there is left alone: an upgrade changes no process that somebody works in, and never what a municipality
    has made of it. What would not fit beside that (a policy for pages that another is already for) is stored as retired, for
    those who run the portal to restore. Parties are not asked about: they come after the first migration.
    """
    if using != DEFAULT_DB_ALIAS or Definition._meta.db_table not in connections[using].introspection.table_names():
        return
    with transaction.atomic(using=using):
        known = set(Definition.objects.values_list("kind", "key"))
        for each in sorted(read_all(shipped_files()), key=_workflows_first):
            if each.name not in known:
                store(each, 1, timezone.now() if _misfits([each]) else None)


def stored_problems() -> list[Problem]:
    """Return what the definitions in force name and what is not there any more: an extension, a party, a page type.

    Older versions count as long as something runs under them.
    """
    rows = list(Definition.objects.at_work().order_by("kind", "key", "version"))
    specs = {row: spec_from(row.content) for row in rows}
    found = [
        Problem(f"{row} (database)", 1, fault.reason)
        for row, spec in specs.items()
        for fault in (*unknown_names(spec, row.content), *unknown_rows(spec, row.content))
    ]
    names = {id(specs[row]): str(row) for row in Definition.objects.in_force().order_by("kind", "key") if row in specs}
    in_force = {id(spec): spec for row, spec in specs.items() if id(spec) in names}
    unfit = misfits(in_force.values())
    return found + [Problem(f"{names[id(each.spec)]} (database)", 1, each.reason) for each in unfit]


def _workflows_first(each: Loaded) -> tuple[bool, str]:
    return (not isinstance(each.spec, WorkflowSpec), each.spec.key)


def _missing_rows(loaded: list[Loaded]) -> list[Problem]:
    return [
        each.problem(fault.place, fault.reason, fault.near)
        for each in loaded
        for fault in unknown_rows(each.spec, each.content)
    ]


def _misfits(loaded: list[Loaded]) -> list[Problem]:
    """Return what would not fit together, told at the files that are being read."""
    new = {each.name: each for each in loaded}
    retired = {(row.kind, row.key) for row in Definition.objects.newest() if row.retired_at is not None}
    stays: list[Spec] = [
        spec_from(row.content)
        for row in Definition.objects.in_force().order_by("kind", "key")
        if name_of(row) not in new
    ]
    at = {id(each.spec): each for each in loaded}
    # News of a retired definition is stored and changes nothing yet.
    comes = [each.spec for each in loaded if each.name not in retired]
    found = [(at.get(id(misfit.spec)), misfit) for misfit in misfits([*stays, *comes])]
    return [each.problem(misfit.place, misfit.reason) for each, misfit in found if each is not None]


def name_of(row: Definition) -> tuple[str, str]:
    """Return kind and key: what versions are counted for."""
    return row.kind, row.key


def _import(actor: Any, loaded: Loaded, *, dry_run: bool) -> Change:
    kind, key = loaded.name
    sha256, last = digest(loaded.content), latest(kind, key)
    is_retired = last is not None and last.retired_at is not None
    if last is not None and last.sha256 == sha256:
        return Change(key, last.version, False, "", is_retired)
    version = last.version + 1 if last else 1
    diff = difference(key, version, last.content if last else None, loaded.content)
    if not dry_run:
        row = store(loaded, version, last.retired_at if last else None)
        audit.record(actor=actor, action="editorial_definition.import", obj=row, after={"sha256": sha256})
    return Change(key, version, True, diff, is_retired)
