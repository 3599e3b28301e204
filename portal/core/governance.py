"""Write who looks after a page and when it must be read again."""

from datetime import date
from typing import Any

from portal.core.models.governance import PageGovernance


def save_governance(*, page: Any, responsible: Any = None, review_on: date | None = None) -> None:
    """Store the sidecar; a page without either value needs no row."""
    if responsible is None and review_on is None and not PageGovernance.objects.filter(page_id=page.pk).exists():
        return
    PageGovernance.objects.update_or_create(
        page_id=page.pk, defaults={"responsible": responsible, "review_on": review_on}
    )


def save_pending_governance(page: Any) -> None:
    """Store what `BasePageForm` kept back because the editor saved a draft without touching the live row."""
    if (values := getattr(page, "_pending_governance", None)) is not None:
        save_governance(page=page, **values)
