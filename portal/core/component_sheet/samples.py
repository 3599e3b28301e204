"""The samples lie beside the templates (`templates/components/<name>.toml`): who changes one sees the other.

A sample has `when` (one or two lines on when to use the component), `source` (what a page's template would say) and a
`context`. What a file cannot hold — forms, a page of results, the map's places — is made here.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.core.figures.tile_map import Place, spots

_LIBRARIES = "{% load i18n components %}"


@dataclass(frozen=True, slots=True)
class Group:
    """One page of the sheet; it loads the style sheets that a page with these components would load."""

    slug: str
    title: Any
    styles: tuple[str, ...]
    components: tuple[str, ...]


GROUPS = (
    Group(
        "",
        _("Foundation"),
        (),
        (
            "palette", "button", "icon", "badge", "card", "notice", "call", "facts", "data_table", "page_head",
            "breadcrumbs", "side_nav", "copy_field", "level_mark", "event_row",
        ),
    ),
    Group(
        "krav",
        _("Requirements"),
        ("rows",),
        ("legend", "now_next", "levels_text", "team_note", "requirement_row", "chain", "path_map"),
    ),
    Group("lister", _("Lists"), ("lists",), ("search_form", "filter_panel", "switch", "hit", "pagination", "empty_state")),
    Group("formularer", _("Forms"), ("answers",), ("error_summary", "field", "choice", "progress")),
    Group("figurer", _("Figures"), ("figures", "map"), ("track", "distribution", "gapbar", "tile_map")),
    Group("forside", _("Home page"), ("home", "lists"), ("hero",)),
)  # fmt: skip


class SampleForm(forms.Form):
    """Each shape of a field, for the sheet."""

    sample_email = forms.EmailField(label="Mailadresse", help_text="Vi sender kun om dette møde")
    sample_municipality = forms.ChoiceField(
        label="Kommune", choices=[("", "Vælg kommune"), ("0461", "Odense"), ("0615", "Horsens")], required=False
    )
    sample_who = forms.ChoiceField(
        label="Hvem melder du til?",
        choices=[("me", "Mig selv"), ("group", "En gruppe fra min kommune")],
        widget=forms.RadioSelect,
    )
    sample_note = forms.CharField(label="Andet", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sample_agree = forms.BooleanField(label="Send mig en påmindelse dagen før", required=False)


class SampleFilters(forms.Form):
    """The filters of a list, for the sheet."""

    region = forms.ChoiceField(
        label="Region", choices=[("", "Alle regioner"), ("nord", "Region Nordjylland")], required=False
    )
    kind = forms.MultipleChoiceField(
        label="Type",
        choices=[("meeting", "Fyraftensmøde"), ("day", "Temadag"), ("webinar", "Webinar")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    since = forms.CharField(label="Fra dato", help_text="For eksempel 1-10-2026", required=False)


@dataclass(frozen=True, slots=True)
class Sample:
    """A component on the sheet."""

    name: str
    when: str
    source: str
    html: SafeString


@lru_cache(maxsize=64)
def _read(name: str) -> dict[str, Any]:
    # The palette and the button have no template of their own; every sample lies in the same folder.
    template: Any = get_template("components/badge.html")
    folder = Path(template.origin.name).parent
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


def _places(context: dict[str, Any]) -> list[Place]:
    counts = context.get("counts", {})
    return [
        Place(code, spots()[code].name, region, counts.get(code, 0), f"#tile_map-{code}" if code in counts else "")
        for region, codes in context.get("regions", {}).items()
        for code in codes
    ]


def _context(given: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    return {
        **given,
        "request": request,
        "form": SampleForm({"sample_email": "navn@"}),
        "filters": SampleFilters({"kind": ["day"]}),
        "page": Paginator(range(50), 10).page(2),
        "places": _places(given),
    }


def sample(name: str, request: HttpRequest) -> Sample:
    """Return a component's sample, drawn with its own template.

    Raises:
        FileNotFoundError: no sample lies beside the component.
    """
    read = _read(name)
    template = engines["django"].from_string(_LIBRARIES + read["source"])
    html = SafeString(template.render(_context(read.get("context", {}), request), request))
    return Sample(name, read["when"], read["source"].strip(), html)
