"""The components whose values need computing; the flat ones are plain includes in `templates/components/`.

`templates/components/README.md` lists every component with its inputs; `/komponenter/` shows each of them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from django import template
from django.core.paginator import Page as ResultPage
from django.forms import BaseForm, BoundField
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core import formats
from portal.core.figures import distribution as bars
from portal.core.figures import level_mark as marks
from portal.core.figures import path_map as paths
from portal.core.figures import tile_map as tiles
from portal.core.figures import track as tracks
from portal.core.templatetags import frame
from portal.core.templatetags.form_parts import Control, control, first_id
from portal.core.templatetags.icons import icon

register = template.Library()
register.simple_tag(icon)
register.simple_tag(frame.styles)
register.simple_tag(frame.styles_of)
register.simple_tag(frame.body_class)
register.simple_tag(frame.content_lang)
register.simple_tag(frame.site_chrome, takes_context=True)
register.simple_tag(frame.other_language, takes_context=True)


# --- Levels and requirements ---------------------------------------------------------------------------------------


@register.inclusion_tag("components/level_mark.html")
def level_mark(
    now: int | None = None, future: int | None = None, levels: int = 4, size: Literal["", "l"] = ""
) -> dict[str, Any]:
    """Draw the steps; the number and the word stand beside them, never in them."""
    return {"steps": marks.steps(now or None, None if future is None else int(future), int(levels)), "size": size}


@register.simple_tag
def level_label(level: int | None, names: Sequence[str]) -> str:
    """Return "3 Mestrer", or the words for no requirement."""
    return f"{level} {names[level - 1]}" if level else _("No requirement")


@register.inclusion_tag("components/now_next.html")
def now_next(
    *,
    level_names: Sequence[str],
    now: int | None = None,
    future: int | None = None,
    year: int | None = None,
    from_to: bool = False,
) -> dict[str, Any]:
    """Write the requirement now and in future, or what a course lifts from and to."""
    return {
        "first_label": _("From") if from_to else _("Now"),
        "second_label": _("To") if from_to else future_label(year),
        "first": level_label(now, level_names),
        "second": level_label(future, level_names) if future is not None or from_to else "",
    }


@register.simple_tag
def future_label(year: int | None) -> str:
    """Return "I 2028", or "Fremover" where no year is set."""
    return _("In %(year)s") % {"year": year} if year else _("In future")


@register.inclusion_tag("components/levels_text.html")
def levels_text(
    *,
    level_names: Sequence[str],
    level_texts: Sequence[str],
    now: int | None = None,
    future: int | None = None,
    year: int | None = None,
) -> dict[str, Any]:
    """Write every level's text and say which ones are asked for."""
    in_future = _("Required in %(year)s") % {"year": year} if year else _("Required in future")
    rows = [
        {
            "label": level_label(number, level_names),
            "text": text,
            "needs": [words for level, words in ((now, _("Required now")), (future, in_future)) if level == number],
        }
        for number, text in enumerate(level_texts, start=1)
    ]
    return {"rows": rows}


@register.simple_tag
def team_requirement(kind: str, amount: int | None = None, level: int | None = None, year: int | None = None) -> str:
    """Return a requirement of the team in words; `kind` is everyone, min_count or min_share.

    Raises:
        ValueError: the kind is unknown.
    """
    values = {"amount": amount, "level": level, "year": year}
    if kind == "min_count":
        text = _("at least %(amount)s on the team at level %(level)s")
    elif kind == "min_share":
        text = _("at least %(amount)s%% of the team at level %(level)s")
    elif kind == "everyone":
        text = _("everyone on the team at level %(level)s")
    else:
        raise ValueError(f"Unknown kind of requirement {kind!r}.")
    if year:
        text += _(" in %(year)s")
    return text % values


@register.inclusion_tag("components/requirement_row.html")
def requirement_row(
    *,
    name: str,
    level_names: Sequence[str],
    url: str = "",
    importance: str = "",
    essential: bool = False,
    kind: str = "",
    now: int | None = None,
    future: int | None = None,
    year: int | None = None,
    from_to: bool = False,
    level_texts: Sequence[str] = (),
    change: str = "",
    team_notes: Iterable[str] = (),
    note: str = "",
    heading: int = 4,
) -> dict[str, Any]:
    """Draw one competence with what is asked for now and in future; the inputs are stated in the template."""
    return {
        "name": name,
        "url": url,
        "importance": importance,
        "essential": essential,
        "kind": kind,
        "now": now,
        "future": future,
        "year": year,
        "from_to": from_to,
        "level_names": level_names,
        "levels": len(level_names),
        "level_texts": level_texts,
        "change": change,
        "team_notes": list(team_notes),
        "note": note,
        "heading": heading,
        "summary": ngettext("See the %(count)s level", "See the %(count)s levels", len(level_texts))
        % {"count": len(level_texts)},
    }


@register.simple_block_tag
def requirement_group(content: str, title: str, hint: str = "", heading: int = 3) -> SafeString:
    """Frame the rows of one group; it folds, and on a phone it starts folded from the second group on."""
    hint_html = format_html('<span class="hint">{}</span>', hint) if hint else ""
    return format_html(
        '<details class="group" open data-fold><summary><h{h}>{title}</h{h}>{hint}</summary>'
        '<ul class="plain requirements">{content}</ul></details>',
        h=int(heading),
        title=title,
        hint=hint_html,
        content=mark_safe(content),  # noqa: S308 - rendered and escaped by the template around it
    )


# --- Figures -------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/track.html")
def track(
    *,
    name: str,
    level_names: Sequence[str],
    me: int | None = None,
    now: int | None = None,
    future: int | None = None,
    year: int | None = None,
    answer: str = "",
    show_names: bool = False,
) -> dict[str, Any]:
    """Draw a person's result beside the requirement; `answer` is what was answered in place of a level."""
    said = level_label(me, level_names) if me else answer or _("no answer")
    return {
        "track": tracks.draw(me=me, now=now, future=future, names=tuple(level_names)),
        "description": _("%(name)s: you %(me)s, required now %(now)s, %(when)s %(future)s")
        % {
            "name": name,
            "me": said,
            "now": level_label(now, level_names),
            "when": _("required in %(year)s") % {"year": year} if year else _("required in future"),
            "future": level_label(future if future is not None else now, level_names),
        },
        "show_names": show_names,
        "height": 54 if show_names else 36,
    }


@register.inclusion_tag("components/distribution.html")
def distribution(*, name: str, level_names: Sequence[str], shares: Sequence[int] | None = None) -> dict[str, Any]:
    """Draw a group's answers by level in percent; without shares the place says that there are too few."""
    said = [
        _("%(share)s percent %(level)s") % {"share": share, "level": level}
        for share, level in zip(shares or (), level_names, strict=False)
    ]
    return {"name": name, "parts": bars.parts(tuple(shares or ())), "description": f"{name}: {', '.join(said)}"} | {
        "suppressed": shares is None
    }


@register.simple_tag
def distribution_legend(level_names: Sequence[str]) -> list[dict[str, Any]]:
    """Return each level's tone and label."""
    return [
        {"tone": bars.tone(index, len(level_names)), "label": level_label(index + 1, level_names)}
        for index in range(len(level_names))
    ]


@register.inclusion_tag("components/gapbar.html")
def gapbar(*, have: int, now: int | None = None, future: int | None = None) -> dict[str, Any]:
    """Draw what a group has and needs in percent; the table row around it says the same in figures."""
    return {"gap": bars.gap(have=have, now=now, future=future)}


@register.inclusion_tag("components/tile_map.html")
def tile_map(
    *,
    places: Sequence[tiles.Place],
    label: str,
    one: str,
    many: str,
    chosen: str = "",
    heading: int = 3,
    show_list: bool = True,
) -> dict[str, Any]:
    """Draw the municipalities; `one` and `many` name what is counted ("møde", "møder")."""
    return {
        "halves": tiles.halves(places, chosen),
        "regions": tiles.listed(places) if show_list else (),
        "label": label,
        "one": one,
        "many": many,
        "heading": heading,
    }


@register.inclusion_tag("components/path_map.html")
def path_map(
    *, here: str, sources: Sequence[dict[str, str]] = (), targets: Sequence[dict[str, str]] = (), label: str = ""
) -> dict[str, Any]:
    """Draw the ways to and from a profile with the list that says the same; entries have title, url and note."""
    return {
        "map": paths.draw([entry["title"] for entry in sources], here, [entry["title"] for entry in targets]),
        "here": here,
        "sources": sources,
        "targets": targets,
        "label": label or _("Map of the ways. The list below says the same."),
    }


# --- Lists and forms -----------------------------------------------------------------------------------------------


@register.inclusion_tag("components/event_row.html")
def event_row(
    *,
    title: str,
    url: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    status: str = "",
    status_kind: str = "",
    heading: int = 3,
) -> dict[str, Any]:
    """Draw one meeting in a list; the date box is for the eye, the whole date stands in the text."""
    local = localtime(starts_at) if is_aware(starts_at) else starts_at
    when = formats.period(starts_at, ends_at)
    return {
        "title": title,
        "url": url,
        "day": date_format(local, "j"),
        "month": date_format(local, "N"),
        "when": when[:1].upper() + when[1:],
        "place": place,
        "status": status,
        "status_kind": status_kind,
        "heading": heading,
    }


@register.inclusion_tag("components/field.html")
def form_field(field: BoundField, mark_optional: bool = True) -> Control | dict[str, Any]:
    """Draw one field of a Django form: label, hint, error and control, tied together for screen readers."""
    return {"control": control(field), "field": field, "optional": mark_optional and not field.field.required}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, heading: int = 2, autofocus: bool = True) -> dict[str, Any]:
    """Draw what is wrong with a form, each with a link to its field; nothing for a form without errors."""
    errors = [
        (first_id(form[name]), error) for name in form.fields if name in form.errors for error in form.errors[name]
    ]
    return {"errors": [("", error) for error in form.non_field_errors()] + errors, "heading": heading} | {
        "autofocus": autofocus
    }


@register.inclusion_tag("components/filter_panel.html")
def filter_panel(
    form: BaseForm, *, action: str, clear_url: str = "", title: str = "", submit: str = ""
) -> dict[str, Any]:
    """Draw the filters of a list; the form is sent by GET, so that the address holds what was chosen."""
    return {
        "form": form,
        "action": action,
        "clear_url": clear_url or action,
        "title": title or _("Filter"),
        "submit": submit or _("Show results"),
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: ResultPage[Any], param: str = "side") -> dict[str, Any]:
    """Draw the way to the pages before and after; the other choices in the address are kept."""

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query[param] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }
