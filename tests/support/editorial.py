"""Editorial policies in tests.

The database image holds the shipped workflows and policies, the policies retired: a test about anything else publishes pages
as it likes. A test about publishing takes the fixture `policies`; example content (`example_site`) comes with them in force,
as in the demo. How to write definitions in a test: `tests/editorial/definitions.py`.
"""

from typing import Any

import pytest
from django.utils import timezone

from portal.editorial.models import Definition
from portal.editorial.policies import forget
from portal.editorial.schema import POLICY_KIND


@pytest.fixture
def policies(request: pytest.FixtureRequest) -> dict[str, Definition]:
    """The shipped policies in force, by key. Pages made afterwards need their approvals before they go live.

    Take `db` or `transactional_db` before it where the test needs one of the two; otherwise it takes `db`. To have a page
    that is live already, make it before: `request.getfixturevalue("policies")`, or call `policies_in_force()`.
    """
    if "transactional_db" not in request.fixturenames:
        request.getfixturevalue("db")
    return policies_in_force()


def policies_in_force() -> dict[str, Definition]:
    """Bring the shipped policies in force and return them by key."""
    _set(None)
    return {row.key: row for row in Definition.objects.in_force().filter(kind=POLICY_KIND).order_by("key")}


def policies_retired() -> None:
    """Take every policy out of force: what is live then was published by whoever could."""
    _set(timezone.now())


def _set(retired_at: Any) -> None:
    Definition.objects.filter(kind=POLICY_KIND).update(retired_at=retired_at)
    forget()
