"""The form "log in with your municipality", where a page wants it."""

from typing import Any

from django import template

from portal.accounts.connections.forms import OwnLoginForm

register = template.Library()


@register.inclusion_tag("accounts/connections/form.html", takes_context=True)
def own_login(
    context: Any, next_url: str = "", process: str = "login", form: OwnLoginForm | None = None, heading: int = 0
) -> dict[str, Any]:
    """Draw the choice of a municipality, or nothing where none is connected: `{% own_login redirect_field_value %}`.

    With the level of a heading it is a section of its own.
    """
    form = form if form is not None else OwnLoginForm()
    return {
        "form": form,
        "next": next_url,
        "process": process,
        "heading": heading,
        "csrf_token": context.get("csrf_token"),
        "any": len(form.fields["connection"].choices) > 1,  # type: ignore[attr-defined]
    }
