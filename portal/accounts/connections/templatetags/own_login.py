"""The form "log in with your municipality", where a page wants it."""

from typing import Any

from django import template

from portal.accounts.connections.forms import OwnLoginForm

register = template.Library()


@register.inclusion_tag("accounts/connections/form.html", takes_context=True)
def own_login(context: Any, next_url: str = "", process: str = "login", form: OwnLoginForm | None = None) -> dict[str, Any]:
    """Draw the choice of a municipality, or nothing where none is connected: `{% own_login redirect_field_value %}`."""
    form = form if form is not None else OwnLoginForm()
    return {
        "form": form,
        "next": next_url,
        "process": process,
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "any": len(form.fields["connection"].choices) > 1,  # type: ignore[attr-defined]
    }
