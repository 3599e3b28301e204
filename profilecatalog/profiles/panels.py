"""Panels that Wagtail lacks: level choices with the levels' names, and lists beside the form."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from wagtail.admin.panels import InlinePanel, Panel
from wagtail.admin.panels.base import get_form_for_model


class LevelsInlinePanel(InlinePanel):
    """An inline panel whose child forms get the scale's levels once per page, not one query per field."""

    def get_form_options(self) -> dict[str, Any]:
        """Hand the level choices of the page's form down to the child forms."""
        from profilecatalog.profiles.forms import LevelsForm

        options: dict[str, Any] = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        formset["inherit_kwargs"] = ["level_choices"]
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields", [])
        formset["form"] = get_form_for_model(
            self.db_field.related_model, form_class=LevelsForm, defer_required_on_fields=deferred
        )
        return options


class ListPanel(Panel):
    """Draw a template beside the form: what is known about the object, not what is edited."""

    def __init__(
        self, template: str, data: Callable[[models.Model], Mapping[str, Any]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        self.data = data

    def clone_kwargs(self) -> dict[str, Any]:
        """Keep what the panel was made with."""
        return {**super().clone_kwargs(), "template": self.template, "data": self.data}

    class BoundPanel(Panel.BoundPanel):
        """The panel for one object."""

        @property
        def template_name(self) -> str:
            """Return the template given to the panel."""
            return str(self.panel.template)

        def is_shown(self) -> bool:
            """Show nothing for an object that has no row yet."""
            return bool(super().is_shown() and self.instance is not None and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the panel's data to what Wagtail gives the template."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, **self.panel.data(self.instance)}
