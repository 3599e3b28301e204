"""Where a person stands in a text: a label, a payload, a message. Links are found by their columns, words by reading."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import translation

# A first name alone is everybody's: it is not looked for.
_SHORTEST = 5
_AT_ONCE = 100


def nobody() -> str:
    """Return what stands in the place of a person who has been erased; stored, so it is Danish whoever asked for it."""
    with translation.override(settings.LANGUAGE_CODE):
        return translation.gettext("deleted user")


@dataclass(frozen=True, slots=True)
class Traces:
    """The words by which a person is found in texts.

    `sure` belong to her alone (addresses, identities, a name that nobody shares); `names` are looked for only in rows that
    are known to be about her, since another person may be called the same.
    """

    sure: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, *, identifiers: Iterable[str], names: Iterable[str]) -> "Traces":
        """Build from whatever the apps know; longest first, so that no half of a longer word is left."""
        return cls(_words(identifiers), _words(names))

    def scrub(self, value: Any) -> Any:
        """Return a JSON value or a text that is about her without her."""
        if isinstance(value, str):
            return self._pattern().sub(nobody(), value)
        if isinstance(value, list):
            return [self.scrub(item) for item in value]
        if isinstance(value, dict):
            return {self.scrub(key): self.scrub(item) for key, item in value.items()}
        return value

    def rows_in(self, rows: QuerySet[Any], *fields: str) -> QuerySet[Any]:
        """Return the rows in whose texts or JSON stands a word that is hers alone."""
        columns = {f"text_of_{field}": Cast(field, TextField()) for field in fields}
        # JSON may spell a letter as its number.
        spelt = sorted({form for word in self.sure for form in (word, json.dumps(word)[1:-1])})
        keys: set[Any] = set()
        for some in _in_parts(spelt):
            found = reduce(or_, (Q(**{f"{column}__icontains": form}) for column in columns for form in some))
            keys.update(rows.alias(**columns).filter(found).values_list("pk", flat=True))
        return rows.filter(pk__in=keys)

    def _pattern(self) -> re.Pattern[str]:
        words = [re.escape(word) for word in (*self.sure, *self.names)]
        # Whole words only: "bo@kl.example" is not the end of "karlbo@kl.example".
        return re.compile(rf"(?<![\w.+-])(?:{'|'.join(words)})(?![\w-])" if words else r"(?!)", re.IGNORECASE)


def _in_parts(words: list[str]) -> Iterator[list[str]]:
    """Yield the words in groups: a database takes only so many conditions at once."""
    for start in range(0, len(words), _AT_ONCE):
        yield words[start : start + _AT_ONCE]


def _words(given: Iterable[str]) -> tuple[str, ...]:
    words = {word.strip() for word in given if word and len(word.strip()) >= _SHORTEST}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def scrub_rows(rows: QuerySet[Any], traces: Traces, *fields: str, about_her: Q | None = None) -> None:
    """Take a person out of the texts of a table: rows that hold a word of hers, and rows known to be `about_her`."""
    keys = set(traces.rows_in(rows, *fields).values_list("pk", flat=True))
    if about_her is not None:
        keys.update(rows.filter(about_her).values_list("pk", flat=True))
    for row in rows.model._default_manager.filter(pk__in=keys):
        before = {field: getattr(row, field) for field in fields}
        after = {field: traces.scrub(value) for field, value in before.items()}
        if after != before:
            # `update`: a log's own `save` may do more than store.
            rows.model._default_manager.filter(pk=row.pk).update(**after)
