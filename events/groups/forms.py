"""The form of a group: everything that has been put together travels in it, so that no step is kept anywhere."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.groups.reading import MAX_BYTES, Line, decoded, lines_of
from portal.accounts.imports.files import FileRefusedError
from portal.seats.api import LARGEST_GROUP

# Empty lines to write in at first, and how many more one asks for.
FIRST_ROWS, MORE_ROWS = 3, 5
CONTACT = _("Write the e-mail address like this: navn@kommune.dk")
LONGEST_WRITTEN = 500


def new_key() -> str:
    """Return the random word under which one form is one wish."""
    return secrets.token_urlsafe(24)


class GroupForm(forms.Form):
    """What is asked once for the whole group."""

    use_required_attribute = False
    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=120)
    enhed = forms.ChoiceField(label=_("Unit, with those below"), required=False)
    paste = forms.CharField(
        label=_("Paste a list"),
        required=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One person per line, for example “Anne Holm; anne@kommune.dk” or as your mail program copies them."
        ),
    )
    file = forms.FileField(
        label=_("Or choose a CSV file"),
        required=False,
        help_text=_("At most 256 kB, with name and e-mail in a column each. With headings or without."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    unnamed = forms.IntegerField(
        label=_("People whose names come later"),
        required=False,
        min_value=0,
        max_value=LARGEST_GROUP,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write a number, for example 2, or leave the field empty."),
            "min_value": _("Write a number, for example 2, or leave the field empty."),
            "max_value": _("Write a number of 100 or less."),
        },
    )
    contact_email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        help_text=_("Your account has no address. Offers and other mails about the group are sent here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": CONTACT},
    )
    may_split = forms.BooleanField(
        label=_("The group may be split"),
        required=False,
        help_text=_(
            "If there are too few seats, some get a seat now and the others wait. Otherwise you wait together."
        ),
    )

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read: tuple[Line, ...] = ()
        self.fields["enhed"].choices = [("", _("All units")), *units]  # type: ignore[attr-defined]

    def clean_unnamed(self) -> int:
        """Return a number; an empty field is none."""
        return int(self.cleaned_data["unnamed"] or 0)

    def clean_paste(self) -> str:
        """Read the people of the pasted text."""
        text: str = self.cleaned_data["paste"]
        self._take("paste", text)
        return text

    def clean_file(self) -> Any:
        """Read the people of the file; the file itself is not kept."""
        sent = self.cleaned_data["file"]
        if sent:
            try:
                self._take("file", decoded(sent.read(MAX_BYTES + 1)))
            except FileRefusedError as error:
                raise forms.ValidationError(str(error)) from error
        return sent

    def _take(self, field: str, text: str) -> None:
        try:
            self.read += lines_of(text)
        except FileRefusedError as error:
            self.add_error(field, str(error))


@dataclass(frozen=True, slots=True)
class Typed:
    """A line to write in; `number` counts from 1 for the reader."""

    number: int
    name: str
    email: str


def typed_lines(sent: QueryDict) -> tuple[Line, ...]:
    """Return the lines that have been written in, those left empty apart."""
    pairs = [(name.strip(), email.strip()) for name, email in zip_longest(*_columns(sent), fillvalue="")]
    return tuple(Line(name[:LONGEST_WRITTEN], email[:LONGEST_WRITTEN]) for name, email in pairs if name or email)


def _columns(sent: QueryDict) -> tuple[list[str], list[str]]:
    return sent.getlist("name"), sent.getlist("email")


def ticked(sent: QueryDict) -> list[UUID]:
    """Return the memberships that were ticked, each once; what is no identity is none."""
    found: dict[UUID, None] = {}
    for text in sent.getlist("m"):
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)


def rows_of(lines: Iterable[Line], *, more: int = FIRST_ROWS) -> list[Typed]:
    """Return the lines to write in: what is there, and some that are empty."""
    written = [(line.name, line.email) for line in lines]
    return [Typed(place, *pair) for place, pair in enumerate([*written, *[("", "")] * more], start=1)]
