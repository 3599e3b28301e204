"""The choice of a municipality."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.connections.configuration import Connection, connections
from portal.accounts.connections.selectors import choices


class OwnLoginForm(forms.Form):
    """Whose login? Only municipalities that are connected stand in the list."""

    connection = forms.ChoiceField(
        label=_("Your municipality"), error_messages={"required": _("Choose your municipality.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["connection"])
        field.choices = [("", _("Choose")), *((choice.key, choice.label) for choice in choices())]
        field.error_messages["invalid_choice"] = str(_("Choose your municipality."))

    def chosen(self) -> Connection:
        """Return what was chosen, once the form is valid."""
        key = self.cleaned_data["connection"]
        return next(connection for connection in connections() if connection.key == key)
