"""The page editor of a page that a policy is for costs little more than Wagtail's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from portal.core.publication import _Open
from profilecatalog.profiles.models import ProfilePage
from tests.editorial.people import draft_profile, people, sent_in, signed_in
from tests.support.editorial import policies_in_force, policies_retired

pytestmark = pytest.mark.django_db
MOST = 15


def cost(user: Any, page: ProfilePage) -> list[str]:
    client = signed_in(user)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


@contextmanager
def stock() -> Iterator[None]:
    """Wagtail as it comes: no policies, no gate, nothing of ours above the form."""
    policies_retired()
    with patch("portal.core.publication._gates", [_Open()]), patch("portal.core.sections._registry", {}):
        yield
    policies_in_force()


def in_wagtails_workflow(page: ProfilePage, user: Any) -> None:
    """Send a page into a workflow of Wagtail's own."""
    task = GroupApprovalTask.objects.create(name="Godkend")
    task.groups.set(user.groups.all())
    workflow = Workflow.objects.create(name="Stock")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    with patch.object(ProfilePage, "get_workflow", lambda self: workflow):
        workflow.start(page, user)


def test_a_page_that_is_not_sent_in_costs_little_more() -> None:
    who = people()
    page = draft_profile(who.kl)
    with stock():
        free = cost(who.kl, page)
    assert len(cost(who.kl, page)) <= len(free) + MOST


def test_a_page_that_is_sent_in_costs_little_more_than_in_a_workflow_of_wagtails() -> None:
    who = people()
    theirs, ours = draft_profile(who.kl, "Deres"), draft_profile(who.kl, "Vores")
    with stock():
        in_wagtails_workflow(theirs, who.kl)
        free = cost(who.kl, theirs)
    sent_in(ours, who.kl)
    assert len(cost(who.kl, ours)) <= len(free) + MOST
