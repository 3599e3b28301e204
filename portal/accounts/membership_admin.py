"""Roles in Wagtail's admin: administrators give and take the portal's own roles, and help a municipality that is stuck.

Rows are ended, never deleted or overwritten; what a role needs to be held in is said at the field.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput

from portal.accounts.addresses import holders
from portal.accounts.models import PLACES, Membership
from portal.accounts.services.memberships import membership_end, membership_grant
from portal.core.errors import RefusedError
from portal.core.roles import Role
from portal.organisations.api import Unit

_MISSING = {
    "municipality": _("Choose the municipality in which the role is held."),
    "unit": _("Write the code of the unit that the person leads, and choose its municipality."),
    "region": _("Choose the region."),
    "party": _("Choose the party that the person edits for."),
    "provider": _("Write the key of the course provider."),
}
_PLACE_FIELDS = ("municipality", "unit_code", "region", "party", "provider")
_USED: dict[str, set[str]] = {
    Role.EMPLOYEE: {"municipality", "unit_code"},
    Role.MANAGER: {"municipality", "unit_code"},
    Role.COORDINATOR: {"municipality"},
    Role.FACILITATOR: {"municipality"},
    Role.PROVIDER: {"provider"},
    Role.ORGANISER: {"region"},
    Role.EDITOR: {"party"},
}


class MembershipForm(WagtailAdminModelForm):
    """Give a role; of one that exists, only its end changes."""

    unit_code = forms.CharField(
        label=_("code of the unit"), required=False, max_length=40, help_text=_("For managers, and employees if known.")
    )
    revoke = forms.BooleanField(
        label=_("take the role away now"), required=False, help_text=_("It is gone at the person's next click.")
    )

    class Meta:
        model = Membership
        fields = ["email", "name", "role", "municipality", "region", "party", "provider", "valid_from", "valid_to"]
        widgets = {"valid_from": AdminDateInput, "valid_to": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in set(self.fields) - {"valid_to", "revoke"}:
                del self.fields[name]
            return
        del self.fields["revoke"]
        self.fields["email"].required = True
        self.fields["email"].help_text = _("An address that nobody signs in with yet waits for its owner.")

    def clean(self) -> dict[str, Any]:
        """Look at the place of the role; find the unit by its code within the municipality."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk or "role" not in cleaned:
            return cleaned
        self._clean_unit(cleaned)
        self._clean_place(cleaned)
        return cleaned

    def _clean_unit(self, cleaned: dict[str, Any]) -> None:
        cleaned["unit"] = None
        code = cleaned.get("unit_code")
        if not code:
            return
        units = Unit.objects.filter(municipality=cleaned.get("municipality"), code=code)
        cleaned["unit"] = units.first()
        if cleaned["unit"] is None:
            self.add_error("unit_code", _("The municipality has no unit with this code."))

    def _clean_place(self, cleaned: dict[str, Any]) -> None:
        role = cleaned["role"]
        place = PLACES.get(role, "")
        if place and not cleaned.get(place) and "unit_code" not in self.errors:
            self.add_error("unit_code" if place == "unit" else place, _MISSING[place])
        for name in _PLACE_FIELDS:
            if cleaned.get(name) and name not in _USED.get(role, set()):
                self.add_error(name, _("This role is not held here: leave the field empty."))

    def _post_clean(self) -> None:
        """Leave the model's own checks to the service: the instance of this form is not the row that is stored."""
        if self.instance.pk:
            super()._post_clean()

    def save(self, commit: bool = True) -> Any:
        """Go through the services, which lock, keep the groups in step and write the audit trail."""
        cleaned = self.cleaned_data
        if self.instance.pk:
            return self._end()
        place = {name: cleaned[name] for name in ("municipality", "unit", "region", "party", "provider", "name")}
        self.instance = membership_grant(
            actor=self.for_user,
            role=cleaned["role"],
            user=holders(cleaned["email"]).first(),
            email=cleaned["email"],
            valid_from=cleaned["valid_from"],
            valid_to=cleaned["valid_to"],
            **place,
        )
        return self.instance

    def _end(self) -> Membership:
        last_day = self.cleaned_data["valid_to"]
        stored = Membership.objects.get(pk=self.instance.pk)
        if not self.cleaned_data["revoke"] and last_day == stored.valid_to:
            return stored
        try:
            return membership_end(
                actor=self.for_user, membership=stored, last_day=None if self.cleaned_data["revoke"] else last_day
            )
        except ValidationError as error:
            raise RefusedError(" ".join(error.messages)) from error


class MembershipIndexView(IndexView):
    """The list, with what each line names fetched in one query."""

    def get_base_queryset(self) -> Any:
        """Fetch the person and the place with each row."""
        return super().get_base_queryset().select_related("user", "unit", "municipality", "region", "party")


class MembershipViewSet(ModelViewSet):
    """Everybody's roles, the past ones with them."""

    model = Membership
    index_view_class = MembershipIndexView
    icon = "user"
    menu_label = _("Roles")
    menu_order = 510
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    search_backend_name = None
    list_per_page = 50
    list_display = [
        Column("person_label", label=_("person")),
        Column("get_role_display", label=_("role"), sort_key="role"),
        Column("place", label=_("where")),
        DateColumn("valid_from", label=_("from"), sort_key="valid_from"),
        DateColumn("valid_to", label=_("to"), sort_key="valid_to"),
        DateColumn("revoked_at", label=_("taken away"), sort_key="revoked_at"),
    ]
    list_filter = ["role", "municipality", "party"]
    search_fields = ["email", "name", "user__email", "user__first_name", "user__last_name"]

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        """Return the one form; it knows by its row whether it gives or ends."""
        return MembershipForm
