"""Each kind of page has an icon and a colour of its own in the editor."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from portal.core.models import BasePage
from tests.factories.pages import home, standard_page
from tests.support.services import ROOT

PAGE_TYPES = [model for model in apps.get_models() if issubclass(model, BasePage)]


def test_each_page_type_has_a_colour_and_an_icon() -> None:
    sheet = (ROOT / "portal/static/portal/css/admin.css").read_text("utf-8")
    coloured = set(re.findall(r"\.([a-z]+page)\b", sheet))
    assert coloured == {model._meta.model_name for model in PAGE_TYPES}
    assert [model for model in PAGE_TYPES if not getattr(model, "icon", "")] == []


@pytest.mark.django_db
def test_the_editor_says_which_kind_of_page_it_is(admin_client: Client) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[standard_page().pk])
    create = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", home().pk])
    for address in (edit, create):
        body = re.search(r"<body[^>]*?\bclass=\"([^\"]*)\"", admin_client.get(address).content.decode())
        assert body is not None
        assert {"editor-view", "standardpage"} <= set(body[1].split())
