"""The pages of the component sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.component_sheet.samples import GROUPS, Group, sample


def _address(group: Group) -> str:
    if not group.slug:
        return reverse("core:component_sheet")
    return reverse("core:component_sheet_group", kwargs={"slug": group.slug})


@require_safe
def component_sheet(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show one group of components; the first one stands at the sheet's own address."""
    group = next((each for each in GROUPS if each.slug == slug), None)
    if group is None:
        raise Http404
    context = {
        "group": group,
        "styles": (*group.styles, "sheet"),
        "samples": [sample(name, request) for name in group.components],
        "groups": [{"title": each.title, "url": _address(each), "current": each is group} for each in GROUPS],
        "contents": [{"title": name, "anchor": name} for name in group.components],
        "breadcrumbs": [
            {"title": _("Home"), "url": reverse("wagtail_serve", args=[""])},
            {"title": _("Components"), "url": ""},
        ],
    }
    return render(request, "core/component_sheet.html", context)
