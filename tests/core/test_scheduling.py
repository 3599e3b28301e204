"""Publishing by the clock: what is refused holds nothing else up, and stays due."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from portal.core import scheduling
from portal.core.errors import RefusedError
from tests.factories.accounts import administrator
from tests.factories.pages import standard_page

pytestmark = pytest.mark.django_db


def _planned(title: str, *, minutes_ago: int) -> Page:
    """Return an unpublished page whose planned minute has passed."""
    page = standard_page(title, published=False)
    due = timezone.now() - dt.timedelta(minutes=minutes_ago)
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=due, content={**revision.content, "go_live_at": due.isoformat()}
    )
    return page


@pytest.fixture
def refused() -> Iterator[str]:
    """A title that no page may be published with."""

    def refuse(sender: Any, instance: Page, **kwargs: Any) -> None:
        if instance.title == "Afvist":
            raise RefusedError("Vælg, hvad der er ændret.")

    page_published.connect(refuse, weak=False, dispatch_uid="test.refuse")
    yield "Afvist"
    page_published.disconnect(dispatch_uid="test.refuse")


def test_what_is_refused_holds_nothing_else_up(refused: str, caplog: pytest.LogCaptureFixture) -> None:
    first, second = _planned(refused, minutes_ago=30), _planned("Ny side", minutes_ago=10)
    call_command("worker", once=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.live, second.live) == (False, True)
    assert [revision.object_id for revision in scheduling.due_revisions()] == [str(first.pk)]
    assert "Could not publish" in caplog.text


def test_editors_see_what_was_planned_and_did_not_happen(refused: str, client: Client) -> None:
    _planned(refused, minutes_ago=30)
    client.force_login(administrator())
    scheduling.publish_scheduled()
    assert "Planlagt, men ikke udgivet" in client.get("/admin/").content.decode()


def test_what_has_expired_is_taken_down(client: Client) -> None:
    page = standard_page("Gammel side")
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    scheduling.publish_scheduled()
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
