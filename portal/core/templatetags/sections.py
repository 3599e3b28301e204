"""Draw the sections that floors above have registered."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.core.sections import Section, collect

register = template.Library()


@register.simple_tag(takes_context=True)
def render_section(context: Any, section: Section) -> SafeString:
    """Draw one section with the template of the package that registered it."""
    request = context.get("request")
    return render_to_string(section.template, {**section.context, "section": section}, request=request)


@register.simple_tag(takes_context=True)
def get_sections(context: Any, place: str, obj: Any = None) -> list[Section]:
    """Return the sections of a place, for a template that is not a page's."""
    return collect(place, context["request"], obj)
