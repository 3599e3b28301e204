"""What may be said about a person who is signed up, and when two are the same."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext as _

from portal.core.sent import storable
from portal.seats.errors import PersonError
from portal.seats.models.places import NAME_LENGTH


@dataclass(frozen=True, slots=True)
class Person:
    """A person as written: at least a name or an account. An e-mail address is hers, never the group's."""

    name: str = ""
    email: str = ""
    user: Any = None

    @property
    def columns(self) -> dict[str, Any]:
        """Return what the row says."""
        return {"name": self.name, "email": self.email or None, "user": self.user}


OPEN_SLOT = Person()
_EMAIL_LENGTH = 254


def normal_email(email: str) -> str:
    """Return the spelling under which an address is one person."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def cleaned(person: Person, index: int = 0) -> Person:
    """Return the person as the row will hold her. An account's own address wins: it is the one others know her by.

    Raises:
        PersonError: the name is missing or too long, or the address is none.
    """
    name = " ".join(unicodedata.normalize("NFC", person.name).split())
    email = normal_email(getattr(person.user, "email", None) or person.email)
    if not name and person.user is not None:
        name = str(person.user)[:NAME_LENGTH]
    if not name or not storable(name):
        raise PersonError(_("Write the person's name."), index=index)
    if len(name) > NAME_LENGTH:
        text = _("The name is too long: write at most %(limit)s characters.")
        raise PersonError(text % {"limit": NAME_LENGTH}, index=index)
    _check_email(email, index)
    return replace(person, name=name, email=email)


def _check_email(email: str, index: int) -> None:
    try:
        if email:
            validate_email(email)
            MaxLengthValidator(_EMAIL_LENGTH)(email)
    except ValidationError as error:
        text = _("Write the e-mail address like this: navn@kommune.dk")
        raise PersonError(text, index=index, field="email") from error


def cleaned_group(people: Sequence[Person]) -> tuple[Person, ...]:
    """Return the persons of one wish, each of them once.

    Raises:
        PersonError: one of them cannot be, or is there twice.
    """
    found = tuple(cleaned(person, index) for index, person in enumerate(people))
    for index, person in enumerate(found):
        if any(same_person(person, earlier) for earlier in found[:index]):
            text = _("%(name)s is on the list twice. If these are two people, write an e-mail address for each.")
            raise PersonError(text % {"name": person.name}, index=index)
    return found


def same_person(one: Person, other: Person) -> bool:
    """Tell whether two are one person: the same account or address, or the same name with nothing to tell them apart."""
    if one.user is not None and one.user == other.user:
        return True
    if one.email and other.email:
        return one.email == other.email
    return one.name.casefold() == other.name.casefold()
