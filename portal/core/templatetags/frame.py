"""The frame of a page: its style sheets, what stands in header and footer, and its languages.

The tags are registered in `components`, so that a page loads one library.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.template import Context
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.core import sections

# Every style sheet beside portal.css; a page names those it needs, and a test holds each page to 15 kB.
STYLE_SHEETS = frozenset(
    {
        "answers",
        "assessment",
        "door",
        "figures",
        "home",
        "lists",
        "map",
        "rows",
        "search",
        "sheet",
        "signup",
        "workflows",
    }
)
# Header and footer ask for the same: collected once for a request.
_CHROME = "_site_chrome"


def styles(*names: str) -> SafeString:
    """Link style sheets of ours: `{% styles "rows" "map" %}` in the block `head_figures`.

    Raises:
        ValueError: there is no such style sheet.
    """
    if unknown := set(names) - STYLE_SHEETS:
        raise ValueError(f"There is no style sheet {sorted(unknown)}.")
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"portal/css/{name}.css"),) for name in names)
    )


def styles_of(names: Iterable[str]) -> SafeString:
    """Link the style sheets of a list that the view chose."""
    return styles(*names)


def site_chrome(context: Context) -> dict[str, Any]:
    """Return what the packages above put into header and footer, through the section place "site.menu".

    A provider's section carries in its context any of: menu_items, footer_columns, footer_links, footer_text, search_url,
    account_links. Without a request (the error page) there is nothing to ask for.
    """
    request = context.get("request")
    if request is None:
        return {}
    chrome: dict[str, Any] | None = getattr(request, _CHROME, None)
    if chrome is None:
        chrome = {}
        for section in sections.collect("site.menu", request):
            chrome |= section.context
        setattr(request, _CHROME, chrome)
    return chrome


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """The way to the same page with the interface in the other language."""

    code: str
    name: str
    url: str


def other_language(context: Context) -> OtherLanguage | None:
    """Return the link between the Danish and the English interface; None where there is no request."""
    request = context.get("request")
    if request is None:
        return None
    code, name = ("en", "English") if (get_language() or "da").startswith("da") else ("da", "Dansk")
    return OtherLanguage(code, name, translate_url(request.get_full_path(), code))


def content_lang() -> SafeString:
    """Mark Danish content where the interface is in another language."""
    return mark_safe("" if (get_language() or "da").startswith("da") else ' lang="da"')  # noqa: S308 - two constants


def body_class(name: str) -> SafeString:
    """Return the class of a page's body, for the block `body_class`."""
    return format_html(' class="{}"', name)
