"""Typed parameters: what a definition writes beside a name is checked against a frozen dataclass of that name's author.

TOML knows text, whole numbers, truth values and lists; so do the parameters. A rule that spans fields, or a range, stands
in the dataclass's `__post_init__` and raises `ValueError` with a sentence.
"""

import types
import typing
from dataclasses import MISSING, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class NoParameters:
    """For what needs none."""


class ParameterError(ValueError):
    """A parameter is unknown, missing, or of the wrong type; the text says which."""


def build(schema: type[Any], given: dict[str, Any]) -> Any:
    """Return the parameters as an object of their schema.

    Raises:
        ParameterError: they do not fit.
    """
    hints = typing.get_type_hints(schema)
    known = {field.name: field for field in fields(schema)}
    if unknown := sorted(set(given) - set(known)):
        raise ParameterError(f"unknown parameter {unknown[0]!r}{_offer(known)}")
    for name, field in known.items():
        if name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise ParameterError(f"parameter {name!r} is missing")
    values = {name: _converted(name, hints[name], value) for name, value in given.items()}
    try:
        return schema(**values)
    except ParameterError:
        raise
    except ValueError as error:
        raise ParameterError(str(error)) from error


def _offer(known: dict[str, Any]) -> str:
    return f"; there are {', '.join(map(repr, sorted(known)))}" if known else "; there are none"


def _converted(name: str, wanted: Any, value: Any) -> Any:
    if typing.get_origin(wanted) is tuple:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise ParameterError(f"parameter {name!r} must be a list of texts, not {value!r}")
    kinds = _kinds(wanted)
    # In Python a truth value is a whole number as well; nobody means that.
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        words = " or ".join(_WORDS.get(kind, kind.__name__) for kind in kinds)
        raise ParameterError(f"parameter {name!r} must be {words}, not {value!r}")
    return value


def _kinds(wanted: Any) -> tuple[type[Any], ...]:
    if isinstance(wanted, types.UnionType):
        return tuple(kind for kind in typing.get_args(wanted) if kind is not types.NoneType)
    return (wanted,)


_WORDS: dict[type[Any], str] = {str: "a text", int: "a whole number", bool: "true or false"}
