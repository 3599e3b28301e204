"""The example profiles pass the checks that the shipped workflows run, as they must in the demo."""

import pytest

from portal.editorial.api import Finding, Outcome, registry
from portal.editorial.models import Definition
from profilecatalog.profiles.models import ProfilePage
from tests.editorial.moments import moment
from tests.profiles.helpers import draft

pytestmark = pytest.mark.django_db


def shipped_checks(key: str) -> dict[str, list[str]]:
    """Return the parameters of the step of checks in a shipped workflow."""
    content = Definition.objects.in_force().get(kind="editorial.workflow", key=key).content
    (task,) = [row["task"] for row in content["steps"] if row["key"] == "checks"]
    return {name: value for name, value in task.items() if name != "name"}


@pytest.mark.parametrize("key", ["profile-both-parties", "profile-short-way"])
def test_no_example_profile_is_stopped(example_site: None, key: str) -> None:
    entry = registry.find("task", "checks")
    given = entry.given(shipped_checks(key))
    profiles = list(ProfilePage.objects.order_by("pk"))
    assert len(profiles) >= 3
    stops: dict[str, list[Finding]] = {}
    for page in profiles:
        verdict = entry.what.begin(moment(draft(page)), given)
        if verdict.outcome != Outcome.PASS:
            stops[page.title] = [finding for finding in verdict.findings if finding.stops]
    assert stops == {}
