"""The house rules as system checks, and that each of them can fail."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.models import pages as wagtail_pages

from portal.core.checks import page_rules
from portal.core.models import BasePage


@pytest.fixture(autouse=True)
def _no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wagtail remembers every page class ever made; the ones made here must not meet other tests."""
    monkeypatch.setattr(wagtail_pages, "PAGE_MODEL_CLASSES", [])


def test_the_project_keeps_its_own_rules() -> None:
    assert [message for message in run_checks() if str(message.id).startswith("core.")] == []


@isolate_apps("portal.core")
def test_a_page_without_tree_rules_and_description_is_found() -> None:
    class Wild(BasePage):
        class Meta:
            app_label = "core"

    assert [message.id for message in page_rules(Wild)] == ["core.E002", "core.E002", "core.E003"]


@isolate_apps("portal.core")
def test_a_page_beside_the_base_class_is_found() -> None:
    class Beside(Page):
        parent_page_types: list[str] = []
        subpage_types: list[str] = []
        page_description = "x"

        class Meta:
            app_label = "core"

    assert [message.id for message in page_rules(Beside)] == ["core.E001"]


@isolate_apps("portal.core")
def test_a_stream_field_with_blocks_in_migrations_is_found() -> None:
    class Streaming(BasePage):
        parent_page_types: list[str] = []
        subpage_types: list[str] = []
        page_description = "x"
        body: models.Field[Any, Any] = StreamField([])

        class Meta:
            app_label = "core"

    assert [message.id for message in page_rules(Streaming)] == ["core.E004"]


def test_a_missing_mail_handler_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.core.outbox._handlers", {})
    assert "core.E005" in {message.id for message in run_checks()}
