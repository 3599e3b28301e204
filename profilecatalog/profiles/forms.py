"""Forms of the editors: levels by name, and the choice that a new release asks for."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from portal.core.page_forms import BasePageForm

LEVEL_FIELDS = ("level_number", "now_level", "future_level", "now_team_level", "future_team_level")

Choices = list[tuple[int | str, str]]


def level_choices() -> Choices:
    """Return every level number with its name; where scales differ, with the name in each."""
    from profilecatalog.profiles.models import ScaleLevel

    names: dict[int, list[str]] = {}
    for number, name in ScaleLevel.objects.order_by("number", "scale_id").values_list("number", "name"):
        known = names.setdefault(number, [])
        if name not in known:
            known.append(name)
    return [(number, f"{number} {' / '.join(words)}") for number, words in sorted(names.items())]


class LevelsForm(WagtailAdminModelForm):
    """A child form whose level fields are choices with names; hands the choices on to its own children."""

    def __init__(self, *args: Any, level_choices: Choices | None = None, **kwargs: Any) -> None:
        self.level_choices = level_choices or []
        super().__init__(*args, **kwargs)
        for name in set(LEVEL_FIELDS) & set(self.fields):
            self.fields[name].widget = forms.Select(choices=[("", "–"), *self.level_choices])

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        """Send a new row's identity back to the open page, so that the next autosave brings it along."""
        updates: list[tuple[str, str]] = super().get_field_updates_for_resave()
        if "uuid" in self.fields and not self.data.get(f"{self.prefix}-uuid"):
            updates.append((f"{self.prefix}-uuid", str(self.instance.uuid)))
        return updates


class ProfilePageForm(BasePageForm):
    """The profile's form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.level_choices = level_choices()
        super().__init__(*args, **kwargs)
