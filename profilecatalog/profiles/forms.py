"""Forms of the editors: levels by name, and the choice that a new release asks for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
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


class _ChecksBeforePublishing(WagtailAdminModelForm):
    """Ask the services what they would refuse, and say it at the fields, before anything is published.

    A draft is saved without the question (`is_deferred_validation`); publishing and sending in ask it.
    """

    def is_valid(self) -> bool:
        """Validate the form and its formsets, and then what they describe together."""
        valid: bool = super().is_valid()
        if valid and not self.is_deferred_validation:
            for problem in self.publishing_problems():
                self._place(problem)
                valid = False
        return valid

    def publishing_problems(self) -> Iterable[Any]:
        """Return what the service would refuse of the form's content."""
        raise NotImplementedError

    def row_for(self, place: Any) -> Any:
        """Return the child form that a problem is about."""
        raise NotImplementedError

    def _place(self, problem: Any) -> None:
        target = self.row_for(problem.place) if problem.place is not None else self
        if problem.field in self.formsets:
            self.formsets[problem.field].non_form_errors().append(str(problem.message))
        elif target is None:
            self.add_error(None, problem.message)
        else:
            target.add_error(problem.field if problem.field in target.fields else None, problem.message)


class ProfilePageForm(_ChecksBeforePublishing, BasePageForm):
    """The profile's form: a release is resolved from it before it is published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.level_choices = level_choices()
        super().__init__(*args, **kwargs)

    def publishing_problems(self) -> Iterable[Any]:
        """Resolve what the form describes, without writing anything."""
        from profilecatalog.profiles.services.releases import release_problems

        return release_problems(page=self.save(commit=False))

    def row_for(self, place: Any) -> Any:
        """Return the form of an item, or of a group, by its uuid."""
        for group in self.formsets["groups"].forms:
            for row in (group, *group.formsets["items"].forms):
                if row.instance.uuid == place:
                    return row
        return None


class CompetenceForm(_ChecksBeforePublishing):
    """The competence's form: every level of the scale needs its text before it is published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from profilecatalog.profiles.models import Scale

        self.level_choices = level_choices()
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            # Most portals have one scale; where there are several, the newest is the likeliest for something new.
            self.initial.setdefault("scale", Scale.objects.order_by("-pk").values_list("pk", flat=True).first())

    def publishing_problems(self) -> Iterable[Any]:
        """Read the texts that the form describes, without writing anything."""
        from profilecatalog.profiles.services.competences import text_problems

        return text_problems(self.save(commit=False))

    def row_for(self, place: Any) -> Any:
        """Return the form of a level text by its level."""
        return next((row for row in self.formsets["level_texts"].forms if row.instance.level_number == place), None)


class ScaleForm(WagtailAdminModelForm):
    """The scale's form: levels run from 1 without gaps, and a scale in use is left as it is."""

    def is_valid(self) -> bool:
        """Validate the scale with its levels together."""
        valid: bool = super().is_valid()
        if not valid:
            return False
        if self.instance.is_frozen and self.has_changed():
            from profilecatalog.profiles.models.scales import frozen_message

            self.add_error(None, frozen_message())
        elif self._numbers() != list(range(1, len(self._numbers()) + 1)):
            self.formsets["levels"].non_form_errors().append(str(_("Number the levels 1, 2, 3 … without gaps.")))
            return False
        return not self.errors

    def _numbers(self) -> list[int]:
        formset = self.formsets["levels"]
        kept = [row for row in formset.forms if row not in formset.deleted_forms and row.cleaned_data.get("number")]
        return sorted(row.cleaned_data["number"] for row in kept)
