"""The shape of a definition: which keys there are, of which type. Faults are collected, so that one run shows them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from portal.workflows.schema import After, Definition, Place, Scope, State, Transition, Use, Words

T = TypeVar("T")
_DEFINITION = {"key", "kind", "title", "states", "transitions", "applies"}
_STATE = {"key", "title", "start", "final"}
_TRANSITION = {
    "key",
    "title",
    "from",
    "to",
    "who",
    "guards",
    "effects",
    "comment_required",
    "grave",
    "after",
}
_SCOPE = {"municipality", "region", "party", "section"}
# A century is no deadline, and its moment may not exist.
_LONGEST = 36_500


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where, why, and the word that it is about."""

    place: Place
    reason: str
    near: str = ""


class ShapeError(ValueError):
    """The content has not the shape of a definition."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.reason for fault in faults))


def definition_from(content: dict[str, Any]) -> Definition:
    """Return the definition of a content.

    Raises:
        ShapeError: with everything that is wrong with its shape.
    """
    reader = _Reader()
    definition = reader.definition(content)
    if reader.faults:
        raise ShapeError(reader.faults)
    return definition


class _Reader:
    """Reads what is there and notes what is not; a missing part is replaced, so that reading can go on."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def definition(self, content: dict[str, Any]) -> Definition:
        self._known(content, _DEFINITION, ())
        return Definition(
            key=self._slug(content, ()),
            kind=self._get(content, "kind", str, ()),
            title=self._words(content, ()),
            states=self._tables(content, "states", self._state),
            transitions=self._tables(content, "transitions", self._transition),
            scopes=self._tables(content, "applies", self._scope),
        )

    def _state(self, row: dict[str, Any], place: Place) -> State:
        self._known(row, _STATE, place)
        return State(
            self._slug(row, place),
            self._words(row, place),
            self._flag(row, "start", place),
            self._flag(row, "final", place),
        )

    def _transition(self, row: dict[str, Any], place: Place) -> Transition:
        self._known(row, _TRANSITION, place)
        return Transition(
            key=self._slug(row, place),
            title=self._words(row, place),
            sources=self._texts(row, "from", place),
            target=self._get(row, "to", str, place),
            who=self._uses(row, "who", place),
            guards=self._uses(row, "guards", place),
            effects=self._uses(row, "effects", place),
            comment_required=self._flag(row, "comment_required", place),
            grave=self._flag(row, "grave", place),
            after=self._after(row, place),
        )

    def _scope(self, row: dict[str, Any], place: Place) -> Scope:
        self._known(row, _SCOPE, place)
        given = {name: row[name] for name in sorted(_SCOPE & set(row))}
        if len(given) != 1 or not all(isinstance(value, str) and value for value in given.values()):
            self._fault(place, f"a place is one of {', '.join(sorted(_SCOPE))}, with a text that is not empty")
            return Scope()
        return Scope(**given)

    def _after(self, row: dict[str, Any], place: Place) -> After | None:
        if "after" not in row:
            return None
        given = row["after"]
        fits = isinstance(given, dict) and given and set(given) <= {"days", "months"}
        if not fits or not all(type(n) is int and 0 < n <= _LONGEST for n in given.values()):
            self._fault(
                (*place, "after"), "'after' is written { days = 30 } or { months = 12 }, with whole numbers above 0"
            )
            return None
        return After(**given)

    def _words(self, row: dict[str, Any], place: Place) -> Words:
        given: Any = row.get("title")
        fits = isinstance(given, dict) and set(given) == {"da", "en"}
        if not fits or not all(isinstance(text, str) and text.strip() for text in given.values()):
            self._fault((*place, "title"), '\'title\' is written { da = "…", en = "…" }, with a text in both languages')
            return Words("", "")
        return Words(**given)

    def _uses(self, row: dict[str, Any], key: str, place: Place) -> tuple[Use, ...]:
        given = row.get(key, [])
        if not isinstance(given, list):
            self._fault((*place, key), f"{key!r} is a list")
            return ()
        return tuple(use for item in given if (use := self._use(item, (*place, key))) is not None)

    def _use(self, item: Any, place: Place) -> Use | None:
        if isinstance(item, str) and item:
            return Use(item, {})
        if isinstance(item, dict) and isinstance(item.get("name"), str) and item["name"]:
            return Use(item["name"], {key: value for key, value in item.items() if key != "name"})
        self._fault(place, 'a name is written "name" or { name = "name", parameter = … }')
        return None

    def _texts(self, row: dict[str, Any], key: str, place: Place) -> tuple[str, ...]:
        given = row.get(key)
        if isinstance(given, list) and given and all(isinstance(item, str) for item in given):
            return tuple(given)
        self._fault((*place, key), f"{key!r} is a list with at least one state")
        return ()

    def _tables(self, content: dict[str, Any], key: str, read: Callable[[dict[str, Any], Place], T]) -> tuple[T, ...]:
        rows = content.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._fault((key,), f"{key!r} is written as tables: [[{key}]]")
            return ()
        return tuple(read(row, (key, number)) for number, row in enumerate(rows))

    def _slug(self, row: dict[str, Any], place: Place) -> str:
        key = self._get(row, "key", str, place)
        if key and not (key.isascii() and key.replace("_", "").replace("-", "").isalnum() and len(key) <= 60):
            self._fault((*place, "key"), f"key {key!r} may hold letters a-z, digits, - and _, and 60 of them at most")
        return key

    def _get(self, row: dict[str, Any], key: str, kind: type[T], place: Place) -> T:
        value = row.get(key)
        if isinstance(value, kind) and value:
            return value
        self._fault((*place, key), f"{key!r} is missing" if key not in row else f"{key!r} must be a text")
        return kind()

    def _flag(self, row: dict[str, Any], key: str, place: Place) -> bool:
        value = row.get(key, False)
        if not isinstance(value, bool):
            self._fault((*place, key), f"{key!r} is true or false")
            return False
        return value

    def _known(self, row: dict[str, Any], names: set[str], place: Place) -> None:
        for unknown in sorted(set(row) - names):
            self._fault((*place, unknown), f"unknown key {unknown!r}; there are {', '.join(sorted(names))}")

    def _fault(self, place: Place, reason: str) -> None:
        self.faults.append(Fault(place, reason))
