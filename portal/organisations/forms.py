"""The admin's forms for organisations."""

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from portal.organisations.models import Municipality, MunicipalitySettings
from portal.organisations.services import check_promises, save_municipality_settings, settings_of


def _settings_field(name: str) -> Any:
    field: Any = MunicipalitySettings._meta.get_field(name)
    form_field = field.formfield()
    # A model form would run the model's validators on its own instance, which this one is not.
    form_field.validators = [*form_field.validators, *field.validators]
    return form_field


class MunicipalityForm(WagtailAdminModelForm):
    """A municipality and its settings on one screen: to an editor they are one thing."""

    settings_fields = ("standing_round_open", "min_responses", "embed_origins")
    standing_round_open = _settings_field("standing_round_open")
    min_responses = _settings_field("min_responses")
    embed_origins = _settings_field("embed_origins")

    class Meta:
        model = Municipality
        fields = ["name", "cvr"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = settings_of(self.instance)
        for name in self.settings_fields:
            self.fields[name].initial = getattr(self.stored, name)

    def clean_cvr(self) -> str | None:
        """Store an empty number as none: it is unique where there is one."""
        return self.cleaned_data["cvr"] or None

    def clean(self) -> dict[str, Any]:
        """Say at its field what the service would refuse."""
        cleaned: dict[str, Any] = super().clean()
        after = {name: cleaned[name] for name in self.settings_fields if name in cleaned}
        check_promises(self.instance, before={name: getattr(self.stored, name) for name in after}, after=after)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save both; the settings go through their service, which writes the audit entry."""
        municipality = super().save(commit=commit)
        save_municipality_settings(
            municipality=municipality,
            actor=self.for_user,
            **{name: self.cleaned_data[name] for name in self.settings_fields},
        )
        return municipality
