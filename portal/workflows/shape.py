"""The shape of a definition: which keys there are, of which type. Faults are collected, so that one run shows them all."""

from typing import Any

from portal.workflows.files import Fault, ShapeError
from portal.workflows.reader import Reader
from portal.workflows.schema import After, Definition, Place, Scope, State, Transition

__all__ = ["Fault", "ShapeError", "definition_from"]
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
    "due",
    "asks_day",
}
# What `due` may say: on the day that was chosen on the way into the state.
_GIVEN = "given"
_SCOPE = {"municipality", "region", "party", "section"}
# A century is no deadline, and its moment may not exist.
_LONGEST = 36_500


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


class _Reader(Reader):
    """Reads the definition of a case workflow."""

    def definition(self, content: dict[str, Any]) -> Definition:
        self.known(content, _DEFINITION, ())
        return Definition(
            key=self.slug(content, ()),
            kind=self.get(content, "kind", str, ()),
            title=self.words(content, ()),
            states=self.tables(content, "states", self._state),
            transitions=self.tables(content, "transitions", self._transition),
            scopes=self.tables(content, "applies", self._scope),
        )

    def _state(self, row: dict[str, Any], place: Place) -> State:
        self.known(row, _STATE, place)
        return State(
            self.slug(row, place),
            self.words(row, place),
            self.flag(row, "start", place),
            self.flag(row, "final", place),
        )

    def _transition(self, row: dict[str, Any], place: Place) -> Transition:
        self.known(row, _TRANSITION, place)
        return Transition(
            key=self.slug(row, place),
            title=self.words(row, place),
            sources=self._texts(row, "from", place),
            target=self.get(row, "to", str, place),
            who=self.uses(row, "who", place),
            guards=self.uses(row, "guards", place),
            effects=self.uses(row, "effects", place),
            comment_required=self.flag(row, "comment_required", place),
            grave=self.flag(row, "grave", place),
            after=self._length(row, "after", place),
            due_given=self._given(row, place),
            asks_day=self._length(row, "asks_day", place),
        )

    def _scope(self, row: dict[str, Any], place: Place) -> Scope:
        self.known(row, _SCOPE, place)
        given = {name: row[name] for name in sorted(_SCOPE & set(row))}
        if len(given) != 1 or not all(isinstance(value, str) and value for value in given.values()):
            self.fault(place, f"a place is one of {', '.join(sorted(_SCOPE))}, with a text that is not empty")
            return Scope()
        return Scope(**given)

    def _given(self, row: dict[str, Any], place: Place) -> bool:
        if row.get("due", _GIVEN) != _GIVEN:
            self.fault((*place, "due"), f"'due' is written {_GIVEN!r}: on the day that somebody chose")
        return "due" in row

    def _length(self, row: dict[str, Any], key: str, place: Place) -> After | None:
        if key not in row:
            return None
        given = row[key]
        fits = isinstance(given, dict) and given and set(given) <= {"days", "months"}
        if not fits or not all(type(n) is int and 0 < n <= _LONGEST for n in given.values()):
            self.fault(
                (*place, key), f"{key!r} is written {{ days = 30 }} or {{ months = 12 }}, with whole numbers above 0"
            )
            return None
        return After(**given)

    def _texts(self, row: dict[str, Any], key: str, place: Place) -> tuple[str, ...]:
        given = row.get(key)
        if isinstance(given, list) and given and all(isinstance(item, str) for item in given):
            return tuple(given)
        self.fault((*place, key), f"{key!r} is a list with at least one state")
        return ()
