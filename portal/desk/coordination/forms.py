"""The forms of the coordinators' screens."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.api import COORDINATOR_GIVES
from portal.core.filters import DayField, FilterForm
from portal.core.roles import Role
from portal.desk.coordination.member_lists import ACTIVE, COMING, ENDED, WAITING
from portal.desk.coordination.unit_lists import Forest
from portal.organisations.api import Municipality, MunicipalitySettings, Unit

# The choice "without a unit" among the units of the list's filter.
NO_UNIT = "ingen"
ROLES = [(role.value, role.label) for role in COORDINATOR_GIVES]


class PlainFormMixin:
    """The portal says "(optional)" at what may be left out, so the browser's own check of required fields is not needed."""

    use_required_attribute = False


class UnitField(forms.ChoiceField):
    """One of the municipality's units, by its uuid; becomes the unit itself, or None."""

    def __init__(self, forest: Forest, municipality: Municipality, *, empty: Any = "", **kwargs: Any) -> None:
        self.municipality = municipality
        super().__init__(choices=[("", empty or _("No unit")), *forest.choices], **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the unit of this municipality; a foreign one is no choice."""
        chosen = super().clean(value)
        if not chosen:
            return None
        return Unit.objects.filter(municipality=self.municipality, uuid=UUID(chosen)).first()


class MemberFilter(FilterForm):
    """What narrows the list of members."""

    q = forms.CharField(label=_("Name, e-mail or employee number"), required=False, max_length=120)
    rolle = forms.ChoiceField(label=_("Role"), required=False)
    tilstand = forms.ChoiceField(label=_("State"), required=False)
    enhed = forms.ChoiceField(label=_("Unit, with those below"), required=False)

    def __init__(self, query: QueryDict, *, forest: Forest, **kwargs: Any) -> None:
        super().__init__(query, **kwargs)
        roles = [*ROLES, (Role.FACILITATOR.value, Role.FACILITATOR.label)]
        states = [
            ("", _("Not ended")),
            (ACTIVE, _("Active")),
            (WAITING, _("Waiting")),
            (COMING, _("Coming")),
            (ENDED, _("Ended")),
        ]
        self.fields["rolle"].choices = [("", _("All roles")), *roles]  # type: ignore[attr-defined]
        self.fields["tilstand"].choices = states  # type: ignore[attr-defined]
        self.fields["enhed"].choices = [  # type: ignore[attr-defined]
            ("", _("All units")),
            (NO_UNIT, _("Without a unit")),
            *forest.choices,
        ]


class RoleForm(PlainFormMixin, forms.Form):
    """A role and its unit."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES)

    def __init__(self, *args: Any, forest: Forest, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("A manager needs one; an employee may have one; a coordinator has none.")
        self.fields["unit"] = UnitField(forest, municipality, label=_("Unit"), required=False, help_text=hint)


class MemberAddForm(RoleForm):
    """A person with her role."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("Her work address: she signs in with it."))
    name = forms.CharField(label=_("Name"), max_length=120)
    person_code = forms.CharField(label=_("Employee number"), max_length=40, required=False)
    valid_from = DayField(label=_("From"))
    valid_to = DayField(label=_("Last day"), required=False)
    field_order = ["name", "email", "person_code", "role", "unit", "valid_from", "valid_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"valid_from": timezone.localdate().strftime("%d-%m-%Y"), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)


class MemberChangeForm(RoleForm):
    """Another role or another unit, from a day on."""

    on = DayField(label=_("From"))


class MoveForm(PlainFormMixin, forms.Form):
    """Several people to one unit."""

    def __init__(self, *args: Any, forest: Forest, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(forest, municipality, label=_("Move to"), empty=_("Choose a unit"))
        self.fields["on"] = DayField(label=_("From"), initial=timezone.localdate().strftime("%d-%m-%Y"))


class EndForm(PlainFormMixin, forms.Form):
    """Now, or with a day."""

    when = forms.ChoiceField(
        label=_("When does it end?"),
        choices=[("now", _("Now")), ("day", _("With the end of a day"))],
        widget=forms.RadioSelect,
        initial="day",
    )
    last_day = DayField(label=_("Last day"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the day where one was chosen."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("when") == "day" and not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Write the last day, or choose “Now”."))
        if cleaned.get("when") == "now":
            cleaned["last_day"] = None
        return cleaned


class UnitNameForm(PlainFormMixin, forms.Form):
    """What a unit is called."""

    name = forms.CharField(label=_("Name"), max_length=160)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("What the unit is called in your own systems, for example its number. An import finds it by this."),
    )


class UnitAddForm(UnitNameForm):
    """A new unit."""

    def __init__(self, *args: Any, forest: Forest, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        top = _("None: it stands at the top")
        self.fields["parent"] = UnitField(forest, municipality, label=_("Stands under"), empty=top, required=False)
        today = timezone.localdate().strftime("%d-%m-%Y")
        self.fields["valid_from"] = DayField(label=_("From"), initial=today)


class UnitMoveForm(PlainFormMixin, forms.Form):
    """Another place in the tree, from a day on."""

    def __init__(self, *args: Any, forest: Forest, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        top = _("None: it stands at the top")
        self.fields["parent"] = UnitField(forest, municipality, label=_("Stands under"), empty=top, required=False)
        self.fields["on"] = DayField(label=_("From"), initial=timezone.localdate().strftime("%d-%m-%Y"))


class UnitCloseForm(PlainFormMixin, forms.Form):
    """The last day of a unit."""

    last_day = DayField(label=_("Last day"))


class SettingsForm(PlainFormMixin, forms.ModelForm):
    """What the municipality decides for itself."""

    class Meta:
        model = MunicipalitySettings
        fields = (
            "contact_function",
            "contact_email",
            "contact_phone",
            "standing_round_open",
            "min_responses",
            "approvals_wanted",
            "embed_origins",
            "retention_months",
        )
