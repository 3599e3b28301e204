"""House rules as system checks: they fail at `manage.py check`, long before a reader sees the effect."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.core.fields import BodyField


def page_rules(model: type[Page]) -> list[CheckMessage]:
    """Return the breaches of one page type: base class, tree rules, description, stream fields."""
    found: list[CheckMessage] = []
    # Late: the base page's module needs the app registry.
    from portal.core.models.pages import BasePage

    if not issubclass(model, BasePage):
        found.append(Error(f"{model._meta.label} is not a BasePage.", id="core.E001", obj=model))
    unstated = [rule for rule in ("parent_page_types", "subpage_types") if rule not in vars(model)]
    found += [Error(f"{model._meta.label} does not state {rule}.", id="core.E002", obj=model) for rule in unstated]
    if not getattr(model, "page_description", ""):
        found.append(Error(f"{model._meta.label} has no page_description for editors.", id="core.E003", obj=model))
    for field in model._meta.local_fields:
        if isinstance(field, StreamField) and not isinstance(field, BodyField):
            message = f"{model._meta.label}.{field.name} would put block definitions into migrations; use BodyField."
            found.append(Error(message, id="core.E004", obj=model))
    return found


@register()
def check_pages(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check every page type of ours."""
    pages = [model for model in apps.get_models() if issubclass(model, Page) and model is not Page]
    ours = [model for model in pages if not model._meta.app_label.startswith("wagtail")]
    return [message for model in ours for message in page_rules(model)]


@register()
def check_outbox_topics(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the mail handler is registered: without it each mail would wait for ever."""
    from portal.core import outbox

    if not apps.is_installed("portal.core") or "mail" in outbox.topics():
        return []
    return [Error("The outbox has no handler for mail.", id="core.E005")]
