"""The ground's models, in order of dependence: audit, outbox, governance, pages."""

from portal.core.models.audit import AuditEntry
from portal.core.models.governance import PageGovernance
from portal.core.models.outbox import OutboxMessage
from portal.core.models.page_cache import PageCacheGeneration
from portal.core.models.pages import BasePage

__all__ = ["AuditEntry", "BasePage", "OutboxMessage", "PageCacheGeneration", "PageGovernance"]
