"""The identity of a row that an editor's form carries from draft to draft."""

import uuid
from typing import Any

from django import forms
from django.db import models


class IdentityField(models.UUIDField):
    """A uuid that travels through the form as a hidden field.

    Wagtail builds the children of a never-published page anew from the posted form at each draft save, so a default
    alone would change the identity every time. The field is sent empty for a row that the editor has just added (one
    empty form serves as the template of every new row, so a value there would repeat), and then the row keeps the
    uuid it was born with.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", uuid.uuid4)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        """Return a hidden field without an initial value of its own."""
        return super().formfield(
            **{**kwargs, "required": False, "widget": forms.HiddenInput, "initial": None, "show_hidden_initial": False}
        )

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """Leave the row's identity alone when the form brings none."""
        if data:
            super().save_form_data(instance, data)
