"""The one thing that my page asks: whether she means it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """A tick before what cannot be undone."""

    understood = forms.BooleanField(
        label=_("I understand that my account and my data are deleted now, and that it cannot be undone."),
        error_messages={"required": _("Tick the box to say that you want your data deleted.")},
    )
