"""The forms of a sign-up. What the seats refuse is said at the field where it can be mended, and nothing typed is lost."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.models import Occurrence
from events.signup.asking import SHOWN, answers_in, consent_field, question_fields
from events.signup.services import Wish
from portal.accounts.api import Membership
from portal.core.local_time import local_day
from portal.organisations.api import Municipality, Unit, municipalities_by_region
from portal.seats.api import PersonError, SeatPolicy, SeatsError, normal_email

NAME_LENGTH = 120
_EMAIL = _("Write the e-mail address like this: navn@kommune.dk")
_NAME = {
    "required": _("Write your name."),
    "max_length": _("The name is too long: write at most %(limit_value)s characters."),
}


def new_key() -> str:
    """Return a form's own random word: the same form sent twice is one wish."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Workplace:
    """On whose behalf somebody signs up."""

    municipality: Municipality | None = None
    unit: Unit | None = None


def own_workplaces(memberships: Sequence[Membership]) -> dict[str, tuple[str, Workplace]]:
    """Return where the person works, each place once: by a value for the form, with its words."""
    found: dict[str, tuple[str, Workplace]] = {}
    for row in memberships:
        municipality = row.unit.municipality if row.unit else row.municipality
        if municipality is not None:
            value = f"{municipality.code}-{row.unit.uuid}" if row.unit else municipality.code
            label = f"{municipality}, {row.unit.name}" if row.unit else str(municipality)
            found[value] = (label, Workplace(municipality, row.unit))
    return found


class SignUpForm(forms.Form):
    """What a guest is asked, and a signed-in person as well: who she is, where she works, what the meeting asks."""

    key = forms.CharField(max_length=43, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Your name"), max_length=NAME_LENGTH, error_messages=_NAME)
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("For the answer, and for what you must know about the meeting."),
        error_messages={"required": _EMAIL, "invalid": _EMAIL},
    )
    workplace = forms.ChoiceField(
        label=_("Your municipality"),
        required=False,
        error_messages={
            "required": _("Choose your municipality: it approves the sign-up."),
            "invalid_choice": _("Choose a municipality from the list."),
        },
    )
    # Where an error about a person stands, by the person's number in the wish.
    places_of_errors: ClassVar[tuple[Mapping[str, str], ...]] = (
        {"name": "name", "contact_name": "name", "email": "email", "municipality": "workplace"},
    )

    def __init__(self, *args: Any, occurrence: Occurrence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occurrence = occurrence
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["workplace"].required = occurrence.offering.policy == SeatPolicy.MUNICIPALITY
        self._set_choices(self._workplaces())
        self.fields.update(question_fields(occurrence.event))
        if occurrence.asks_list:
            self.fields[SHOWN] = consent_field()
        self.initial.setdefault("key", self.make_key())

    @staticmethod
    def make_key() -> str:
        """Return a word for a new form."""
        return new_key()

    def _set_choices(self, choices: list[Any]) -> None:
        field = self.fields["workplace"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        nobody = _("Choose your municipality") if field.required else _("None: I come on my own behalf")
        field.choices = [("", nobody), *choices]

    def _workplaces(self) -> list[Any]:
        groups = municipalities_by_region(on=local_day(self.occurrence.starts_at))
        return [(group.region.name, [(m.code, m.name) for m in group.municipalities]) for group in groups]

    def chosen_workplace(self) -> Workplace:
        """Return where she works, as she says."""
        return Workplace(Municipality.objects.filter(code=self.cleaned_data["workplace"]).first())

    def wish(self) -> Wish:
        """Return what was written; valid forms only."""
        data, where = self.cleaned_data, self.chosen_workplace()
        return Wish(
            key=str(data["key"]),
            name=data["name"],
            email=data.get("email", ""),
            municipality=where.municipality,
            unit=where.unit,
            manager_name=data.get("manager_name", ""),
            manager_email=data.get("manager_email", ""),
            answers=answers_in(data),
            **({SHOWN: data[SHOWN]} if SHOWN in data else {}),
        )

    def refuse(self, error: SeatsError) -> None:
        """Say what the seats refused, at its field where there is one."""
        self.add_error(self._field_of(error), ValidationError(str(error)))

    def _field_of(self, error: SeatsError) -> str | None:
        if not isinstance(error, PersonError) or error.index >= len(self.places_of_errors):
            return None
        name = self.places_of_errors[error.index].get(error.field)
        return name if name in self.fields else None

    def renew_key(self) -> None:
        """Give the form that is drawn again a new word: the one it came with is used up."""
        renewed = QueryDict(mutable=True)
        renewed.update(self.data)
        renewed["key"] = self.make_key()
        self.data = renewed


class PersonForm(SignUpForm):
    """The form of somebody with an account, who may take her manager along."""

    manager_name = forms.CharField(
        label=_("Your manager's name"), required=False, max_length=NAME_LENGTH, error_messages=_NAME
    )
    manager_email = forms.EmailField(
        label=_("Your manager's e-mail"), required=False, error_messages={"invalid": _EMAIL}
    )
    places_of_errors = (*SignUpForm.places_of_errors, {"name": "manager_name", "email": "manager_email"})

    def __init__(self, *args: Any, user: Any, memberships: Sequence[Membership], **kwargs: Any) -> None:
        self.own = own_workplaces(memberships)
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial.setdefault("name", user.get_full_name())
        self.initial.setdefault("workplace", next(iter(self.own), ""))
        self.fields["workplace"].label = _("On whose behalf do you sign up?")
        # An account's own address, or none: one that is only typed here may be somebody else's.
        del self.fields["email"]

    def _workplaces(self) -> list[Any]:
        return [(value, label) for value, (label, _place) in self.own.items()] or super()._workplaces()

    def chosen_workplace(self) -> Workplace:
        """Return one of her own places; somebody without any says where she works."""
        if self.own:
            return self.own.get(self.cleaned_data["workplace"], ("", Workplace()))[1]
        return super().chosen_workplace()

    def clean(self) -> dict[str, Any]:
        """Ask for both the name and the address of a manager, or neither."""
        cleaned: dict[str, Any] = super().clean() or {}
        name, email = cleaned.get("manager_name"), cleaned.get("manager_email")
        if name and not email and "manager_email" not in self.errors:
            self.add_error("manager_email", ValidationError(_EMAIL))
        if email and not name and "manager_name" not in self.errors:
            self.add_error("manager_name", ValidationError(_("Write your manager's name.")))
        own = self.user.email or ""
        if email and normal_email(email) == normal_email(own):
            self.add_error("manager_email", ValidationError(_("This is your own address. Write your manager's.")))
        return cleaned

    @property
    def has_manager(self) -> bool:
        """Tell whether something was written about a manager, so that her fields stand open."""
        return any(self[name].value() or self[name].errors for name in ("manager_name", "manager_email"))


class GuestForm(SignUpForm):
    """The form of somebody without an account; its word becomes the wish's own identity."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    @staticmethod
    def make_key() -> str:
        """Return an identity for a new wish."""
        return str(uuid4())


class AnswersForm(forms.Form):
    """The answers once more, to be changed until the meeting."""

    def __init__(self, *args: Any, occurrence: Occurrence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(question_fields(occurrence.event))


class ConsentForm(forms.Form):
    """Who may see her on the list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[SHOWN] = consent_field()


class MoveForm(forms.Form):
    """The other dates that have seats."""

    key = forms.CharField(max_length=43, widget=forms.HiddenInput)
    target = forms.ChoiceField(
        label=_("Which date do you choose instead?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a date."),
            "invalid_choice": _("There are not seats enough on this date any more. Choose another one."),
        },
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = list(choices)
        self.initial.setdefault("key", new_key())
