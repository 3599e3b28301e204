"""The one door to the audit trail. Call it inside the transaction of the change, never after it."""

from collections.abc import Iterable
from typing import Any

from portal.core.models.audit import AuditEntry

SYSTEM = "system"


def _key(obj: Any) -> str:
    return str(getattr(obj, "uuid", None) or getattr(obj, "translation_key", None) or obj.pk)


def _municipality(obj: Any) -> str:
    """Return the code of the municipality that an object belongs to, or is; the ground knows no such model."""
    own = obj if obj._meta.model_name == "municipality" else getattr(obj, "municipality", None)
    return str(getattr(own, "code", ""))


def record(
    *, actor: Any, action: str, obj: Any, before: Any = None, after: Any = None, on_behalf_of: str = ""
) -> AuditEntry:
    """Record an act.

    `actor` is a user, or None for the worker and commands. `before` and `after` are JSON values: what changed, not the
    whole row. Never call it for anonymous answers (docs: house decision on answers).
    """
    entry = _entry(actor, action, obj, before, after, on_behalf_of)
    entry.save()
    return entry


def record_all(*, actor: Any, action: str, changes: Iterable[tuple[Any, Any, Any]]) -> None:
    """Record the same act on many objects, given with before and after, in few queries."""
    entries = [_entry(actor, action, obj, before, after) for obj, before, after in changes]
    AuditEntry.objects.bulk_create(entries, batch_size=500)


def _entry(actor: Any, action: str, obj: Any, before: Any, after: Any, on_behalf_of: str = "") -> AuditEntry:
    return AuditEntry(
        actor=actor,
        actor_label=str(actor)[:120] if actor is not None else SYSTEM,
        on_behalf_of=on_behalf_of,
        action=action,
        object_type=obj._meta.label_lower,
        object_key=_key(obj),
        object_label=str(obj)[:255],
        municipality=_municipality(obj),
        before=before,
        after=after,
    )


def relabel(objects: Iterable[Any], label: str) -> None:
    """Keep what happened to these objects and forget what they were called: the label of a role is a person's name."""
    keys: dict[str, list[str]] = {}
    for obj in objects:
        keys.setdefault(obj._meta.label_lower, []).append(_key(obj))
    for kind, some in keys.items():
        AuditEntry.objects.filter(object_type=kind, object_key__in=some).update(object_label=label)
