"""Definitions in the database: import with a dry run, export, versions. A bad file changes nothing."""

import difflib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections, transaction

from portal.core import audit
from portal.workflows.files import BadDefinitionError, Problem, read_each
from portal.workflows.models import CaseDefinition
from portal.workflows.reading import read, unknown_names
from portal.workflows.retiring import place_name, uncovered
from portal.workflows.schema import Definition, Scope
from portal.workflows.shape import definition_from
from portal.workflows.toml import write

# Below the folder of the app whose cases they are about.
FOLDER = Path("data") / "workflows"


@dataclass(frozen=True, slots=True)
class Change:
    """What importing one file does: `version` is the new one, or the present one where nothing changes."""

    key: str
    version: int
    is_new: bool
    diff: str
    is_retired: bool = False


def shipped_files(folder: Path = FOLDER) -> list[Path]:
    """Return the definition files of the installed apps."""
    return [file for config in apps.get_app_configs() for file in sorted((Path(config.path) / folder).glob("*.toml"))]


def digest(content: dict[str, Any]) -> str:
    """Return the hash of a content, the same for the same content however it was written."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def definitions_import(*, actor: Any, files: Iterable[Path], dry_run: bool = False) -> list[Change]:
    """Store each file whose content is new as the next version of its key; all of them, or none.

    Raises:
        BadDefinitionError: a file is refused, or two definitions claim the same place.
    """
    loaded = read_all(files)
    # Imports and retirements follow each other: each looks at what the other leaves in force.
    list(CaseDefinition.objects.select_for_update().order_by("pk").values_list("pk"))
    _refuse_rivals(loaded)
    _refuse_gaps(loaded)
    changes = [_import(actor, content, dry_run=dry_run) for _file, _definition, content in loaded]
    return sorted(changes, key=lambda change: change.key)


def read_all(files: Iterable[Path]) -> list[tuple[Path, Definition, dict[str, Any]]]:
    """Read files and collect the faults of all of them.

    Raises:
        BadDefinitionError: with every fault.
    """
    return [(file, definition, content) for file, (definition, content) in read_each(files, read)]


def _refuse_rivals(loaded: list[tuple[Path, Definition, dict[str, Any]]]) -> None:
    """Refuse two keys that would both apply to one place: which of them does must not depend on chance."""
    new = {definition.key for _file, definition, _content in loaded}
    stored = [row.read() for row in CaseDefinition.objects.in_force().exclude(key__in=new)]
    claims: dict[tuple[str, Scope], str] = {}
    for definition in stored:
        claims.update({(definition.kind, scope): definition.key for scope in definition.scopes or (Scope(),)})
    problems = []
    for file, definition, _content in loaded:
        for scope in definition.scopes or (Scope(),):
            rival = claims.setdefault((definition.kind, scope), definition.key)
            if rival != definition.key or _twice(loaded, definition.key):
                problems.append(Problem(str(file), 1, f"{definition.key!r} and {rival!r} apply to the same place"))
    if problems:
        raise BadDefinitionError(problems)


def _refuse_gaps(loaded: list[tuple[Path, Definition, dict[str, Any]]]) -> None:
    """Refuse a version that leaves a place where none applies any more: what begins there by itself would fail later."""
    new = {definition.key: definition for _file, definition, _content in loaded}
    before = {row.key: row.read() for row in CaseDefinition.objects.in_force().order_by("key")}
    # News of a retired definition is stored and changes nothing yet.
    retired = CaseDefinition.objects.newest().filter(retired_at__isnull=False).values_list("key", flat=True)
    after = {**before, **{key: definition for key, definition in new.items() if key not in set(retired)}}
    problems = []
    for file, definition, _content in loaded:
        if (old := before.get(definition.key)) is None:
            continue
        bare = uncovered(old, [each for each in after.values() if each.kind == old.kind])
        reasons = [f"no definition of {old.kind!r} would apply to {place_name(place)} any more" for place in bare]
        problems += [Problem(str(file), 1, reason) for reason in reasons]
    if problems:
        raise BadDefinitionError(problems)


def _twice(loaded: list[tuple[Path, Definition, dict[str, Any]]], key: str) -> bool:
    return sum(definition.key == key for _file, definition, _content in loaded) > 1


def _import(actor: Any, content: dict[str, Any], *, dry_run: bool) -> Change:
    key, sha256 = content["key"], digest(content)
    last = CaseDefinition.objects.filter(key=key).order_by("-version").first()
    if last is not None and last.sha256 == sha256:
        return Change(key, last.version, False, "", last.retired_at is not None)
    version = last.version + 1 if last else 1
    diff = difference(key, version, last.content if last else None, content)
    if not dry_run:
        row = CaseDefinition.objects.create(
            key=key,
            version=version,
            kind=content["kind"],
            content=content,
            sha256=sha256,
            # A definition stays retired until somebody takes it back: an upgrade's import brings news of it, not itself.
            retired_at=last.retired_at if last else None,
        )
        audit.record(actor=actor, action="workflow_definition.import", obj=row, after={"sha256": sha256})
    return Change(key, version, True, diff, last is not None and last.retired_at is not None)


def difference(key: str, version: int, before: dict[str, Any] | None, content: dict[str, Any]) -> str:
    """Return what a version changes, as a unified diff of the files."""
    old, new = (write(each).splitlines() if each else [] for each in (before, content))
    return "\n".join(difflib.unified_diff(old, new, f"{key} {version - 1}", f"{key} {version}", lineterm=""))


def definitions_export(*, keys: Iterable[str] = ()) -> dict[str, str]:
    """Return the definitions in force as files, by key; the given ones, or all."""
    rows = CaseDefinition.objects.in_force().order_by("key")
    wanted = set(keys)
    return {row.key: write(row.content) for row in rows if not wanted or row.key in wanted}


def definitions_install(*, using: str = "default") -> None:
    """Store the shipped definitions that the database does not know at all.

    Runs after each migration. A key that is there is left alone: an upgrade changes no running process by itself, and never
    what a municipality has made of it. `manage.py workflow_definitions import` brings the news, and shows them first.
    """
    if CaseDefinition._meta.db_table not in connections[using].introspection.table_names():
        return
    known = set(CaseDefinition.objects.using(using).values_list("key", flat=True))
    for _file, definition, content in read_all(shipped_files()):
        if definition.key not in known:
            CaseDefinition.objects.using(using).create(
                key=definition.key, version=1, kind=definition.kind, content=content, sha256=digest(content)
            )


def stored_problems() -> list[Problem]:
    """Return what stored definitions name and the registry no longer knows: an extension was taken away.

    Asked about are those under which cases begin or go on; what nobody waits for may name what it likes.
    """
    rows = CaseDefinition.objects.at_work().order_by("key", "version")
    return [
        Problem(f"{row.key} {row.version} (database)", 1, fault.reason)
        for row in rows
        for fault in unknown_names(definition_from(row.content))
    ]
