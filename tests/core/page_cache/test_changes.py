"""Each change is seen with the next request, and nothing else outdates a page."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from PIL import Image as Picture
from wagtail import hooks
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, PageViewRestriction, Site

from portal.core import page_cache
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.page_cache.watch import is_shown
from portal.pages.api import HomePage
from portal.pages.models import DocumentText, SiteSettings, StandardPage
from tests.core.page_cache.reading import ADDRESS, republish, state, text

pytestmark = pytest.mark.django_db(transaction=True)


def _restrict_for_group(page: StandardPage) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.create(name="Jurister"))


def _save_image(page: StandardPage) -> None:
    data = BytesIO()
    Picture.new("RGB", (1, 1)).save(data, "PNG")
    get_image_model().objects.create(title="Billede", file=ContentFile(data.getvalue(), "billede.png"))


def _save_document(page: StandardPage) -> None:
    get_document_model().objects.create(title="Dokument", file=ContentFile(b"tekst", "dokument.txt"))


def _save_settings(page: StandardPage) -> None:
    SiteSettings.for_site(Site.objects.get(is_default_site=True)).save()


def _change_behind_the_models(page: StandardPage) -> None:
    StandardPage.objects.filter(pk=page.pk).update(lead="Anden udgave.")
    page_cache.bump()


def _rename_section(page: StandardPage) -> None:
    parent = page.get_parent().specific
    parent.slug = "andet"
    parent.save_revision().publish()


CAUSES: dict[str, Callable[[StandardPage], Any]] = {
    "publish": lambda page: republish(page, "Anden udgave."),
    "publish by saving": lambda page: StandardPage.objects.get(pk=page.pk).save(),
    "publish another page": lambda page: republish(page.get_parent().specific, "Anden udgave."),
    "unpublish": lambda page: page.unpublish(),
    "delete": lambda page: Page.objects.get(pk=page.pk).delete(),
    "delete the parent": lambda page: page.get_parent().delete(),
    "move": lambda page: Page.objects.get(pk=page.pk).move(HomePage.objects.get(), pos="last-child"),
    "slug of the parent": _rename_section,
    "create below": lambda page: page.add_child(instance=StandardPage(title="Ny", slug="ny")),
    "settings": _save_settings,
    "image": _save_image,
    "document": _save_document,
    "collection": lambda page: Collection.get_first_root_node().add_child(name="Samling"),
    "redirect": lambda page: Redirect.objects.create(old_path="/x", redirect_page=page),
    "site": lambda page: Site.objects.get(is_default_site=True).save(),
    "restriction": lambda page: PageViewRestriction.objects.create(page=page, restriction_type="login"),
    "restriction for a group": _restrict_for_group,
    "a row that was changed behind the models": _change_behind_the_models,
}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_change_is_seen_at_once(page: StandardPage, visitor: Client, cause: str) -> None:
    assert [state(visitor), state(visitor)] == ["miss", "hit"]
    CAUSES[cause](page)
    after = visitor.get(ADDRESS)
    assert after.get("X-Page-Cache") != "hit"
    assert after.content == Client().get(ADDRESS).content


def test_what_is_published_is_what_is_read(page: StandardPage, visitor: Client) -> None:
    assert "Første udgave." in text(visitor)
    for lead in ("Anden udgave.", "Tredje udgave."):
        republish(page, lead)
        assert lead in text(visitor)
        assert lead in text(visitor)


def test_a_draft_and_an_undone_change_leave_the_stored_page(page: StandardPage, visitor: Client) -> None:
    state(visitor)
    page.title = "Kladde"
    page.save_revision()
    with transaction.atomic():
        republish(page, "Fortrudt.")
        transaction.set_rollback(True)
    assert state(visitor) == "hit"


def test_a_change_is_not_seen_before_it_is_committed(page: StandardPage, visitor: Client) -> None:
    state(visitor)
    with transaction.atomic():
        republish(page, "Anden udgave.")
        assert state(visitor) == "hit"
    assert "Anden udgave." in text(visitor)


def test_a_page_drawn_while_it_changes_is_not_kept(page: StandardPage, visitor: Client) -> None:
    def change(*args: Any) -> None:
        if not changed:
            changed.append(True)
            republish(page, "Anden udgave.")

    changed: list[bool] = []
    with hooks.register_temporarily("before_serve_page", change):
        assert "Første udgave." in text(visitor)
    assert "Anden udgave." in text(visitor)


def test_an_import_of_many_rows_is_one_bump(page: StandardPage, cache: Path) -> None:
    before = cache.stat().st_size
    with transaction.atomic():
        for number in range(50):
            with transaction.atomic():
                Redirect.objects.create(old_path=f"/{number}", redirect_page=page)
    assert cache.stat().st_size == before + 1


def test_a_bump_of_an_undone_part_does_not_swallow_the_one_that_counts(page: StandardPage, cache: Path) -> None:
    before = cache.stat().st_size
    with transaction.atomic():
        with transaction.atomic():
            Redirect.objects.create(old_path="/a", redirect_page=page)
            transaction.set_rollback(True)
        Redirect.objects.create(old_path="/b", redirect_page=page)
    assert cache.stat().st_size == before + 1


def test_every_model_of_ours_counts_unless_it_is_named() -> None:
    ours = [model for model in apps.get_models() if "site-packages" not in model._meta.app_config.path]
    assert {model for model in ours if model._meta.app_label == "pages" and not is_shown(model)} == {DocumentText}
    assert not is_shown(OutboxMessage)
    assert not is_shown(AuditEntry)
    third_party = {model._meta.label for model in apps.get_models() if model not in ours and is_shown(model)}
    assert third_party == {
        "wagtailcore.Page",
        "wagtailcore.Site",
        "wagtailcore.Locale",
        "wagtailcore.Collection",
        "wagtailcore.CollectionViewRestriction",
        "wagtailcore.PageViewRestriction",
        "wagtailimages.Image",
        "wagtaildocs.Document",
        "wagtailredirects.Redirect",
    }
