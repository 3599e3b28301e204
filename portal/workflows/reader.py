"""Reading the parts that all definitions have in common; what is wrong is noted, and reading goes on."""

from collections.abc import Callable
from typing import Any, TypeVar

from portal.workflows.files import Fault
from portal.workflows.schema import Place, Use, Words

T = TypeVar("T")


class Reader:
    """Reads what is there and notes what is not; a missing part is replaced, so that one run shows every fault."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def words(self, row: dict[str, Any], place: Place) -> Words:
        """Return the title."""
        given: Any = row.get("title")
        fits = isinstance(given, dict) and set(given) == {"da", "en"}
        if not fits or not all(isinstance(text, str) and text.strip() for text in given.values()):
            self.fault((*place, "title"), '\'title\' is written { da = "…", en = "…" }, with a text in both languages')
            return Words("", "")
        return Words(**given)

    def uses(self, row: dict[str, Any], key: str, place: Place) -> tuple[Use, ...]:
        """Return a list of names of the registry."""
        given = row.get(key, [])
        if not isinstance(given, list):
            self.fault((*place, key), f"{key!r} is a list")
            return ()
        return tuple(use for item in given if (use := self.use(item, (*place, key))) is not None)

    def use(self, item: Any, place: Place) -> Use | None:
        """Return one name of the registry with its parameters."""
        if isinstance(item, str) and item:
            return Use(item, {})
        if isinstance(item, dict) and isinstance(item.get("name"), str) and item["name"]:
            return Use(item["name"], {key: value for key, value in item.items() if key != "name"})
        self.fault(place, 'a name is written "name" or { name = "name", parameter = … }')
        return None

    def tables(self, content: dict[str, Any], key: str, read: Callable[[dict[str, Any], Place], T]) -> tuple[T, ...]:
        """Return what the tables under a key are read to."""
        rows = content.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fault((key,), f"{key!r} is written as tables: [[{key}]]")
            return ()
        return tuple(read(row, (key, number)) for number, row in enumerate(rows))

    def slug(self, row: dict[str, Any], place: Place) -> str:
        """Return the key of what is defined."""
        key = self.get(row, "key", str, place)
        if key and not (key.isascii() and key.replace("_", "").replace("-", "").isalnum() and len(key) <= 60):
            self.fault((*place, "key"), f"key {key!r} may hold letters a-z, digits, - and _, and 60 of them at most")
        return key

    def get(self, row: dict[str, Any], key: str, kind: type[T], place: Place) -> T:
        """Return a value that must be there."""
        value = row.get(key)
        if isinstance(value, kind) and value:
            return value
        self.fault((*place, key), f"{key!r} is missing" if key not in row else f"{key!r} must be a text")
        return kind()

    def flag(self, row: dict[str, Any], key: str, place: Place) -> bool:
        """Return a truth value; what is not there is false."""
        value = row.get(key, False)
        if not isinstance(value, bool):
            self.fault((*place, key), f"{key!r} is true or false")
            return False
        return value

    def known(self, row: dict[str, Any], names: set[str], place: Place) -> None:
        """Note every key that nobody reads: a misspelt one would do nothing, in silence."""
        for unknown in sorted(set(row) - names):
            self.fault((*place, unknown), f"unknown key {unknown!r}; there are {', '.join(sorted(names))}")

    def fault(self, place: Place, reason: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(place, reason))
