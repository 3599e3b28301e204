"""The app of workflows."""

from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    """Case workflows: what is registered, what is stored, and the clock that moves cases on."""

    name = "portal.workflows"
    label = "workflows"
    verbose_name = _("Workflows")

    def ready(self) -> None:
        from portal.core import page_cache, periodic, personal_data
        from portal.workflows import builtin, checks, plugins  # noqa: F401
        from portal.workflows.models import Case, CaseDefinition, Step
        from portal.workflows.personal_data import WORKFLOWS
        from portal.workflows.registry import registry
        from portal.workflows.services import cases_due

        plugins.load(registry)
        # No public page shows where a case stands; what an effect changes counts for itself.
        page_cache.ignore(Case, CaseDefinition, Step)
        personal_data.register(*WORKFLOWS)
        periodic.register("workflows.cases_due", timedelta(minutes=1), cases_due)
        post_migrate.connect(_install_shipped, sender=self)


def _install_shipped(using: str, **kwargs: object) -> None:
    from portal.workflows.storing import definitions_install

    definitions_install(using=using)
