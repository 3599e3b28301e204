"""The choice of a municipality."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.connections.selectors import choices


class OwnLoginForm(forms.Form):
    """Whose login? Only municipalities that are connected stand in the list."""

    connection = forms.ChoiceField(label=_("Your municipality"), error_messages={"required": _("Choose your municipality.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["connection"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *((choice.key, choice.label) for choice in choices())]
        field.error_messages["invalid_choice"] = str(_("Choose your municipality."))
