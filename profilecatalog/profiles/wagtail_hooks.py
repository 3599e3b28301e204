"""What the catalogue adds to Wagtail's admin."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from profilecatalog.profiles.models import ProfilePage, ProfileRelease
from profilecatalog.profiles.services.releases import release_freeze
from profilecatalog.profiles.viewsets import CatalogueGroup

register_snippet(CatalogueGroup)


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """Mount our admin views."""
    return [path("", include("profilecatalog.profiles.urls"))]


@hooks.register("before_delete_page")
def keep_released_profiles(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say why a profile with releases is not deleted: answers and agreements point to them. The database refuses it too."""
    if not _has_releases(page):
        return None
    messages.error(request, _refusal())
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def keep_released_profiles_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Say the same when pages are deleted from a list."""
    pages = [obj for obj in objects if isinstance(obj, Page)]
    if action_type != "delete" or request.method != "POST" or not any(_has_releases(page) for page in pages):
        return None
    messages.error(request, _refusal())
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


@hooks.register("after_convert_alias_page")
def freeze_converted_alias(request: HttpRequest, page: Page) -> None:
    """Give an alias that becomes a page of its own its first release: it has shown those of its original so far."""
    if isinstance(page.specific, ProfilePage) and page.live:
        release_freeze(page=page.specific, actor=request.user)


def _has_releases(page: Page) -> bool:
    below = Page.objects.descendant_of(page, inclusive=True).values("pk")
    return ProfileRelease.objects.filter(profile__in=below).exists()


def _refusal() -> str:
    return _(
        "A profile that has been published cannot be deleted, since its releases keep their address. Unpublish it instead."
    )
