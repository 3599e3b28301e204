"""What the browser would post from the editor's form of a page."""

from typing import Any

from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

ITEM_FIELDS = (
    "importance", "now_level", "future_level", "future_year", "now_team_kind", "now_team_amount", "now_team_level",
    "future_team_kind", "future_team_amount", "future_team_level",
)  # fmt: skip
ROWS = {
    "tasks": ("text",),
    "questions": ("text",),
    "voices": ("quote", "who"),
    "sources": ("title", "url", "note"),
    "publishers": ("party_id",),
    "builds_on": ("profile_id",),
    "next_steps": ("profile_id", "note"),
}


def _value(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return "" if value is None else value


def _formset(rows: list[dict[str, Any]]) -> dict[str, Any]:
    stored = sum(1 for row in rows if row.get("id"))
    formset: dict[str, Any] = inline_formset(rows, initial=stored)
    return formset


def _row(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {"id": row.pk or "", **{name.removesuffix("_id"): _value(row, name) for name in names}}


def item_row(item: Any, **given: Any) -> dict[str, Any]:
    """Return an item as its form; a new row carries no identity."""
    identity = str(item.uuid) if item.pk else ""
    return {**_row(item, ITEM_FIELDS), "competence": item.competence_id, "uuid": identity, **given}


def group_row(group: Any, **given: Any) -> dict[str, Any]:
    """Return a group with its items as its form."""
    identity = str(group.uuid) if group.pk else ""
    items = _formset([item_row(item) for item in group.items.all()])
    return {"id": group.pk or "", "title": group.title, "uuid": identity, "items": items, **given}


def edit_data(page: Any, **given: Any) -> dict[str, Any]:
    """Return everything that the form of a profile page posts, with some values replaced."""
    own = ("title", "slug", "lead", "kind", "sector", "target_job", "future_year", "seo_title", "search_description")
    data = {name: _value(page, name) for name in own}
    data |= {"in_short": rich_text(page.in_short), "release_change": "", "release_reason": ""}
    data |= {"responsible": "", "review_on": "", "comments": inline_formset([])}
    data |= {name: _formset([_row(row, names) for row in getattr(page, name).all()]) for name, names in ROWS.items()}
    data["groups"] = _formset([group_row(group) for group in page.groups.all()])
    form: dict[str, Any] = nested_form_data({**data, **given})
    return form
