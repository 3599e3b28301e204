"""The registry: who knows what about a person, how it is exported, what erasing does to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.core.personal_data.sheets import Sheet
from portal.core.personal_data.traces import Traces


class Fate(models.TextChoices):
    """What erasing does to a kind of data."""

    DELETED = "deleted", _("Is deleted")
    ANONYMISED = "anonymised", _("Stays without your name")
    KEPT = "kept", _("Stays")


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure: whose data go, who stands in her place where a row must name somebody, and what to look for in texts."""

    person: Any
    successor: Any
    traces: Traces


def _no_sheets(person: Any) -> Iterable[Sheet]:
    return ()


def _nothing_to_do(erasure: Erasure) -> None:
    return None


def _no_names(person: Any) -> Iterable[str]:
    return ()


def _no_files(person: Any) -> Iterable[tuple[str, bytes]]:
    return ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of data, in words for the person and as functions for the portal.

    `covers` names the columns that this registration reaches, as "app.Model.field": a test compares them with all columns
    that can hold a link to a person.
    """

    key: str
    title: Any
    # For the person: why the portal has it, how long, and what erasing does (or why something must stay).
    why: Any
    how_long: Any
    erasing: Any
    fate: Fate
    # Lower ones are erased first; the account itself goes last.
    order: int
    covers: tuple[str, ...] = ()
    export: Callable[[Any], Iterable[Sheet]] = _no_sheets
    erase: Callable[[Erasure], None] = _nothing_to_do
    # Words that stand for the person and for nobody else: addresses, identities at outside logins.
    identifiers: Callable[[Any], Iterable[str]] = _no_names
    # Names of the person that others may share.
    names: Callable[[Any], Iterable[str]] = _no_names
    files: Callable[[Any], Iterable[tuple[str, bytes]]] = _no_files


_registry: dict[str, PersonalData] = {}


def register(*entries: PersonalData) -> None:
    """Add kinds of data; call it from `AppConfig.ready`.

    Raises:
        ValueError: the key is taken by another kind.
    """
    for entry in entries:
        if _registry.get(entry.key, entry) != entry:
            raise ValueError(f"Personal data {entry.key!r} is registered already.")
        _registry[entry.key] = entry


def registrations() -> list[PersonalData]:
    """Return all kinds of data in the order in which they are erased."""
    return sorted(_registry.values(), key=lambda entry: (entry.order, entry.key))


def export(person: Any) -> list[tuple[PersonalData, list[Sheet]]]:
    """Return everything that is known about a person; a kind of which there is nothing has no rows, but is there."""
    return [(entry, list(entry.export(person))) for entry in registrations()]


@transaction.atomic
def erase(*, person: Any, successor: Any) -> None:
    """Erase a person everywhere, or, if one app fails, nowhere.

    `successor` is the nameless user who stands where a row cannot be without one.
    """
    # What stands for her must be known before the first row that says so is gone.
    erasure = Erasure(person, successor, traces_of(person))
    for entry in registrations():
        entry.erase(erasure)


def traces_of(person: Any) -> Traces:
    """Return the words that stand for a person, as all apps know them."""
    return Traces.of(
        identifiers=(word for entry in registrations() for word in entry.identifiers(person)),
        names=(name for entry in registrations() for name in entry.names(person)),
    )
