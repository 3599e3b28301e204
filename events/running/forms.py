"""The organiser's forms."""

import secrets
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.organisations.api import Municipality
from portal.seats.models.places import NAME_LENGTH


class GivenUpBecause(models.TextChoices):
    """Why an organiser gives up somebody's place: chosen and not written, since what is written is about a person."""

    ASKED = "asked", _("The person has asked for it")
    TWICE = "twice", _("Signed up twice, or by mistake")
    NOT_FOR = "not_for", _("The meeting is for others")
    UNREACHABLE = "unreachable", _("The person cannot be reached")


def new_key() -> str:
    """Return a form's own random word."""
    return secrets.token_urlsafe(24)


class AddForm(forms.Form):
    """One person whom the organiser signs up by hand."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Write the person's name.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Confirmation and changes are sent there. Without an address you tell the person yourself."),
        error_messages={"invalid": _("Write the e-mail address like this: navn@kommune.dk")},
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Municipality.objects.none(), required=False, empty_label=_("None, or another")
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipalities = Municipality.objects.order_by("name", "pk")
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]
        self.fields["key"].initial = new_key()


class CancelForm(forms.Form):
    """Why a place is given up."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=GivenUpBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the place is given up.")},
    )


class CapacityForm(forms.Form):
    """How many seats there are."""

    capacity = forms.IntegerField(
        label=_("Seats"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Leave empty if everybody who wants to can come."),
        error_messages={
            "min_value": _("Write at least 1 seat, or leave the field empty."),
            "max_value": _("Write the number of seats, at most %(limit_value)s."),
            "invalid": _("Write the number of seats in figures, for example 40."),
        },
    )


class TeamForm(forms.Form):
    """A team's name and where it sits."""

    name = forms.CharField(
        label=_("Name of the team"), max_length=120, error_messages={"required": _("Write a name for the team.")}
    )
    table = forms.CharField(label=_("Table"), max_length=20, required=False)


__all__ = ["AddForm", "CancelForm", "CapacityForm", "GivenUpBecause", "TeamForm", "new_key"]
