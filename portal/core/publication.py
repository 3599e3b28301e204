"""Whether a page may go live, asked by the ground and answered by the floor that knows policies.

The base page must not know workflows, and no path of publishing may go round them. So the ground asks one gate in the three
places that every path crosses: what a person may do (`permissions_for_user`), what is saved (`save_revision`) and what goes
live (the signal inside Wagtail's publishing action). A portal without a gate works like stock Wagtail.
"""

from typing import Any, Protocol

from wagtail.models import PagePermissionTester


class Gate(Protocol):
    """What the floor of the workflows answers."""

    def workflow_for(self, page: Any) -> Any | None:
        """Return Wagtail's workflow that a page would be sent into, or None where no policy names one."""

    def is_bound(self, page: Any) -> bool:
        """Tell whether a policy demands approvals of the page, so that no button publishes it."""

    def is_bound_below(self, parent: Any, model: type[Any]) -> bool:
        """Tell the same of a page of this type that does not exist yet and would stand below `parent`."""

    def content_saved(self, page: Any) -> None:
        """Hear that the page has a new or overwritten revision, in the transaction that saved it."""

    def before_sending(self, page: Any, user: Any) -> bool:
        """Give up a returned submission whose page, as it is in memory, would go another way now; tell whether it did."""

    def mark(self, page: Any) -> str:
        """Return a mark of what a live page says, before its row is written; empty where nothing is demanded of it."""

    def saved_as_public(self, page: Any, before: Any, mark: str) -> None:
        """Refuse a row that has just been written as live, by raising `RefusedError`; `before` is the row that was there."""


class _Open:
    """No gate: nothing is bound."""

    def workflow_for(self, page: Any) -> Any | None:
        return None

    def is_bound(self, page: Any) -> bool:
        return False

    def is_bound_below(self, parent: Any, model: type[Any]) -> bool:
        return False

    def content_saved(self, page: Any) -> None:
        return None

    def before_sending(self, page: Any, user: Any) -> bool:
        return False

    def mark(self, page: Any) -> str:
        return ""

    def saved_as_public(self, page: Any, before: Any, mark: str) -> None:
        return None


_gates: list[Gate] = [_Open()]


def gate() -> Gate:
    """Return the gate in force."""
    return _gates[-1]


def install(new: Gate) -> None:
    """Put a gate up; call it from `AppConfig.ready`."""
    _gates[:] = [new]


class BoundPagePermissionTester(PagePermissionTester):
    """Wagtail's answers, with "publish" withdrawn where a policy demands approvals: from superusers too.

    The edit view, the bulk action, the admin's API, scheduling and unscheduling all ask `can_publish`. It decides what
    people are offered; what holds is the gate at going live.
    """

    page: Any

    def can_publish(self) -> bool:
        """Withdraw the right where the page is bound."""
        return bool(super().can_publish()) and not gate().is_bound(self.page)

    def can_unschedule(self) -> bool:
        """Let those who could publish call a planned time off: that makes nothing public."""
        return bool(super().can_publish())

    def can_set_view_restrictions(self) -> bool:
        """Leave who may read a page to those who could publish: that shows no text which nobody approved."""
        return bool(super().can_publish())
