"""The form of a subscription: an address, and what to hear about."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.news.scopes import ALL, choices


class SubscribeForm(forms.Form):
    """Two fields; the choice is one value, so that the form works without scripts."""

    use_required_attribute = False

    about = forms.ChoiceField(
        label=_("What do you want to hear about?"),
        initial=ALL,
        error_messages={
            "required": _("Choose what you want to hear about."),
            "invalid_choice": _("Choose what you want to hear about from the list."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We only use it for this, and delete it when you end the subscription."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write the e-mail address like this: navn@kommune.dk"),
            "max_length": _("The e-mail address is too long."),
        },
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = choices(today)

    @property
    def choice(self) -> tuple[str, str]:
        """Return scope and key of a valid form."""
        scope, _colon, key = self.cleaned_data["about"].partition(":")
        return scope, key
