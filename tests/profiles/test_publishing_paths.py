"""Every path of publishing × a release that cannot be frozen: nothing is published, nothing half-written."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Revision, Workflow, WorkflowPage, WorkflowTask

from portal.core.failpoints import set_failpoint
from portal.core.models import AuditEntry, OutboxMessage
from profilecatalog.profiles.models import ProfilePage, ProfileRelease, ReleasedItem
from profilecatalog.profiles.services.errors import Problem, ReleaseError
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, profile_index
from tests.profiles.forms import edit_data
from tests.profiles.helpers import draft

pytestmark = pytest.mark.django_db

Path = Callable[[Client, Any, Any], None]


class FrozenOutError(RuntimeError):
    """What the failing release raises."""


@pytest.fixture
def editor(django_user_model: Any) -> Any:
    return django_user_model.objects.create_superuser("redaktoer@hk.example")


@pytest.fixture
def admin(client: Client, editor: Any) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def failing() -> Any:
    def fail() -> None:
        raise FrozenOutError

    set_failpoint("profiles.release.frozen", fail)
    yield
    set_failpoint("profiles.release.frozen", None)


def _changed(page: ProfilePage) -> Any:
    changed = draft(page)
    changed.title = "Et nyt navn"
    changed.release_change, changed.release_reason = "clarified", "Nyt navn."
    return changed


def by_edit_view(client: Client, page: ProfilePage, editor: Any) -> None:
    data = edit_data(
        draft(page),
        title="Et nyt navn",
        release_change="clarified",
        release_reason="Nyt navn.",
        **{"action-publish": "1"},
    )
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


def by_code(client: Client, page: ProfilePage, editor: Any) -> None:
    _changed(page).save_revision(user=editor).publish(user=editor)


def by_bulk_action(client: Client, page: ProfilePage, editor: Any) -> None:
    _changed(page).save_revision(user=editor)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={page.pk}", {})


def by_schedule(client: Client, page: ProfilePage, editor: Any) -> None:
    changed = _changed(page)
    changed.go_live_at = timezone.now() + dt.timedelta(hours=1)
    revision = changed.save_revision(user=editor)
    revision.publish(user=editor)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - dt.timedelta(minutes=1))
    content = {**revision.content, "go_live_at": (timezone.now() - dt.timedelta(minutes=1)).isoformat()}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    call_command("publish_scheduled")


def by_workflow(client: Client, page: ProfilePage, editor: Any) -> None:
    workflow = Workflow.objects.create(name="Godkendelse")
    task = GroupApprovalTask.objects.create(name="Godkend")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowPage.objects.create(workflow=workflow, page=page)
    changed = _changed(page)
    changed.save_revision(user=editor)
    page = ProfilePage.objects.get(pk=page.pk)
    state = workflow.start(page, editor).current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    client.post(address, {"comment": ""})


PATHS: list[Path] = [by_edit_view, by_code, by_bulk_action, by_schedule, by_workflow]


@pytest.mark.parametrize("path", PATHS)
def test_each_path_freezes_a_release(path: Path, admin: Client, editor: Any) -> None:
    page = ProfilePageFactory.make()
    path(admin, page, editor)
    page.refresh_from_db()
    release = ProfileRelease.objects.get(profile=page, number=2)
    assert (page.title, release.document.title, release.reason) == ("Et nyt navn", "Et nyt navn", "Nyt navn.")
    assert AuditEntry.objects.filter(action="profile.published", object_key=str(page.uuid)).count() == 2


@pytest.mark.parametrize("path", PATHS)
def test_each_path_publishes_nothing_when_the_release_fails(
    path: Path, admin: Client, editor: Any, request: pytest.FixtureRequest
) -> None:
    page = ProfilePageFactory.make(title="Det gamle navn")
    OutboxMessage.objects.all().delete()
    audits = AuditEntry.objects.count()
    request.getfixturevalue("failing")
    with pytest.raises(FrozenOutError):
        path(admin, page, editor)
    page.refresh_from_db()
    assert (page.title, page.live) == ("Det gamle navn", True)
    assert ProfileRelease.objects.count() == 1
    assert ReleasedItem.objects.count() == 1
    assert AuditEntry.objects.count() == audits
    assert not OutboxMessage.objects.filter(topic="search.index", key__contains=f":{page.pk}").exists()


def test_create_and_publish_makes_no_page_when_the_release_fails(admin: Client, request: pytest.FixtureRequest) -> None:
    page = ProfilePageFactory.build(title="Ny profil", slug="ny-profil")
    page.groups = [group("En", item(CompetenceFactory.create()))]
    index = profile_index()
    address = reverse("wagtailadmin_pages:add", args=["profiles", "profilepage", index.pk])
    data = edit_data(page, **{"action-publish": "1"})
    OutboxMessage.objects.all().delete()
    audits = AuditEntry.objects.count()
    request.getfixturevalue("failing")
    with pytest.raises(FrozenOutError):
        admin.post(address, data)
    assert not ProfilePage.objects.exists()
    assert not ProfileRelease.objects.exists()
    assert AuditEntry.objects.count() == audits
    assert not OutboxMessage.objects.exists()


def test_create_and_publish_freezes_the_first_release(admin: Client) -> None:
    page = ProfilePageFactory.build(title="Ny profil", slug="ny-profil")
    page.groups = [group("En", item(CompetenceFactory.create()))]
    address = reverse("wagtailadmin_pages:add", args=["profiles", "profilepage", profile_index().pk])
    response = admin.post(address, edit_data(page, **{"action-publish": "1"}))
    assert response.status_code == 302, response.context["form"].errors
    assert ProfileRelease.objects.get().document.title == "Ny profil"


def test_a_page_that_is_only_scheduled_has_no_release() -> None:
    page: Any = ProfilePageFactory.make(published=False)
    page.go_live_at = timezone.now() + dt.timedelta(days=1)
    page.save_revision().publish()
    assert not ProfilePage.objects.get().live
    assert not ProfileRelease.objects.exists()


@pytest.mark.parametrize("path", [by_bulk_action, by_workflow])
def test_an_editor_is_told_what_is_missing_where_there_is_no_field(path: Path, admin: Client, editor: Any) -> None:
    """A refused release outside the page editor is a message on the next page, not an error page."""
    page = ProfilePageFactory.make(title="Det gamle navn")

    def refuse() -> None:
        raise ReleaseError([Problem("Vælg, hvad der er ændret.")])

    set_failpoint("profiles.release.frozen", refuse)
    try:
        path(admin, page, editor)
    finally:
        set_failpoint("profiles.release.frozen", None)
    page.refresh_from_db()
    assert page.title == "Det gamle navn"
    assert ProfileRelease.objects.filter(profile=page).count() == 1
    assert "Vælg, hvad der er ændret." in admin.get(reverse("wagtailadmin_home")).content.decode()
