"""What a form field's template draws: Django's widgets with the design system's classes and the ids tied together."""

from dataclasses import dataclass

from django.forms import BoundField, widgets
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Option:
    """One radio button or checkbox of a group."""

    html: SafeString
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Control:
    """A drawn control: `shape` is hidden, group, checkbox or single; a group's choices are its `options`."""

    shape: str
    html: SafeString | str
    option_class: str
    options: tuple[Option, ...]
    hint_id: str
    error_id: str


# The first that fits: Django's checkboxes are a kind of radio buttons, and both are a kind of select.
_CLASSES: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.Textarea, "form-input form-textarea"),
    (widgets.CheckboxSelectMultiple, "form-checkbox"),
    (widgets.RadioSelect, "form-radio"),
    (widgets.Select, "form-select"),
    (widgets.CheckboxInput, "form-checkbox"),
)


def _css_class(widget: widgets.Widget) -> str:
    return next((name for kind, name in _CLASSES if isinstance(widget, kind)), "form-input")


def _group_option_class(widget: widgets.Widget) -> str:
    return "form-group-checkbox" if isinstance(widget, widgets.CheckboxSelectMultiple) else "form-group-radio"


def first_id(field: BoundField) -> str:
    """Return the id of the control that a link in the error summary leads to: a group's first choice."""
    if isinstance(field.field.widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return str(field.id_for_label)


def _options(field: BoundField, css_class: str) -> tuple[Option, ...]:
    drawn: list[Option] = []
    for choice in field.subwidgets:
        choice.data["attrs"]["class"] = css_class
        # The group's fieldset describes all its choices; each of them repeating it is noise.
        for name in ("aria-describedby", "aria-invalid"):
            choice.data["attrs"].pop(name, None)
        drawn.append(Option(choice.tag(), str(choice.id_for_label), str(choice.choice_label)))
    return tuple(drawn)


def control(field: BoundField) -> Control:
    """Return the field's control with its class and the ids of its hint and its error."""
    widget = field.field.widget
    hint_id, error_id = f"{field.auto_id}-hint", f"{field.auto_id}-error"
    css_class = _css_class(widget)
    if field.is_hidden:
        return Control("hidden", field.as_widget(), "", (), hint_id, error_id)
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return Control("group", "", _group_option_class(widget), _options(field, css_class), hint_id, error_id)
    described_by = " ".join(part for part, there in ((hint_id, field.help_text), (error_id, field.errors)) if there)
    attributes: dict[str, str | bool] = {"class": f"{widget.attrs.get('class', '')} {css_class}".strip()}
    if described_by:
        attributes["aria-describedby"] = described_by
    shape = "checkbox" if isinstance(widget, widgets.CheckboxInput) else "single"
    return Control(shape, field.as_widget(attrs=attributes), "", (), hint_id, error_id)
