"""Filters of a list: a form sent by GET, so that the address holds what was chosen and can be sent on.

A value that makes no sense is told at its field and otherwise ignored: whoever follows an old link still gets a list.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.core.formats import long_date

# Far enough for everything that the portal lists, and near enough for every database and time zone.
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
DAY_FORMATS = ["%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d"]


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One thing that narrows the list, and the address of the list without it."""

    label: str
    url: str


class DayField(forms.DateField):
    """A day as people here write it."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = _("Write the date with day, month and year, for example 1-10-2027.")
        kwargs.setdefault("input_formats", DAY_FORMATS)
        kwargs.setdefault("help_text", _("For example 1-10-2027"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        kwargs.setdefault("error_messages", {"invalid": wrong})
        limits = [MinValueValidator(FIRST_DAY, wrong), MaxValueValidator(LAST_DAY, wrong)]
        super().__init__(validators=limits, **kwargs)


class FilterForm(forms.Form):
    """The base of a list's filters; a subclass states fields, all of them optional.

    `unlisted` names the fields that shape the screen and do not narrow the list, such as list or calendar.
    """

    unlisted: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, query: QueryDict, *, path: str, **kwargs: Any) -> None:
        super().__init__(query, **kwargs)
        self.path = path

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """Return what was chosen and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for name, value in self.chosen.items():
            for one in value if isinstance(value, list) else [value]:
                yield name, one.strftime("%d-%m-%Y") if isinstance(one, dt.date) else str(one)

    def address(self, *, without: Iterable[tuple[str, str]] = (), **changes: str | None) -> str:
        """Return the list's address with what was chosen, changed by name; None or "" takes a choice out."""
        gone = set(without)
        pairs = [pair for pair in self._pairs() if pair[0] not in changes and pair not in gone]
        pairs += [(name, value) for name, value in changes.items() if value]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def query(self, names: Iterable[str]) -> str:
        """Return the chosen values of some fields as a query string, for an address that takes the same names."""
        wanted = set(names)
        return urlencode([pair for pair in self._pairs() if pair[0] in wanted])

    @property
    def active(self) -> tuple[ActiveFilter, ...]:
        """Return each choice with the way to take it out."""
        return tuple(
            ActiveFilter(self._label(name, value), self.address(without=[(name, value)]))
            for name, value in self._pairs()
            if name not in self.unlisted
        )

    def _label(self, name: str, value: str) -> str:
        field = self.fields[name]
        chosen = self.chosen[name]
        if isinstance(chosen, dt.date):
            return f"{field.label}: {long_date(chosen)}"
        if isinstance(field, forms.ChoiceField):
            return f"{field.label}: {_label_of(field.choices, value)}"
        return f"{field.label}: {value}"


def _label_of(choices: Any, value: str) -> str:
    for key, label in choices:
        if isinstance(label, list | tuple):
            for inner, text in label:
                if str(inner) == value:
                    return str(text)
        elif str(key) == value:
            return str(label)
    return value
