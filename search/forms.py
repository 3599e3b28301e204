"""The filter beside the results."""

from django import forms
from django.utils.translation import gettext_lazy as _

from search.results import Facet


class TypeFilterForm(forms.Form):
    """Narrow the results by type; sent by GET, so that the address holds the state."""

    q = forms.CharField(required=False, widget=forms.HiddenInput)
    type = forms.MultipleChoiceField(required=False, label=_("Type"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, text: str, facet: Facet) -> None:
        chosen = [value.value for value in facet.values if value.selected]
        super().__init__(initial={"q": text, "type": chosen})
        choices = [(value.value, f"{value.label} ({value.count})") for value in facet.values]
        self.fields["type"].choices = choices  # type: ignore[attr-defined]
