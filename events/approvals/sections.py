"""What waits for an answer, on my page and on the editors' dashboard."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from events.approvals.gate import may_answer
from events.approvals.selectors import approvals_waiting
from portal.core.sections import Section, register
from portal.core.visibility import asker

# More than this many are a list to work through, not a reminder.
MOST = 5


def _section(request: HttpRequest, template: str) -> Section | None:
    principal = asker(request)
    rows = approvals_waiting(principal) if may_answer(principal) else ()
    if not rows:
        return None
    context = {"rows": rows[:MOST], "more": len(rows) > MOST}
    return Section(_("Sign-ups that await an answer"), "approvals", template, context)


def my_page(request: HttpRequest, user: Any) -> Section | None:
    """What an organiser or a coordinator is waited for."""
    return _section(request, "events/approvals/section.html")


def dashboard(request: HttpRequest, user: Any) -> Section | None:
    """The same for an editor."""
    return _section(request, "events/approvals/admin_section.html")


def register_sections() -> None:
    """Register both."""
    register("desk.my_page", "events.approvals", my_page, order=5, cacheable=False)
    register("admin.dashboard", "events.approvals", dashboard, order=15, cacheable=False)
