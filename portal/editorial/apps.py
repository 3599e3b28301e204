"""The app of editorial workflows."""

from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    """Put the gate of the policies up, and let other packages add task types, conditions and checks."""

    name = "portal.editorial"
    label = "editorial"
    verbose_name = _("Editorial workflows")

    def ready(self) -> None:
        from wagtail.signals import pre_page_move

        from portal.core import page_cache, periodic, personal_data, publication
        from portal.editorial import automatic, dashboard, digest, models, plugins, system_checks  # noqa: F401
        from portal.editorial.gate import EditorialGate, page_moving
        from portal.editorial.personal_data import EDITORIAL
        from portal.editorial.registry import registry
        from portal.editorial.services import tick
        from portal.editorial.tasks.approvals import PanelApproval, PartyApproval
        from portal.editorial.tasks.parallel import Parallel

        registry.task("party_approval", PartyApproval(), title=_("Approval of the parties"))
        registry.task("panel", PanelApproval(), title=_("Approval of a panel"))
        registry.task("parallel", Parallel(), title=_("Side by side"))
        automatic.register(registry)
        publication.install(EditorialGate())
        pre_page_move.connect(page_moving, dispatch_uid="editorial.moving")
        # No public page shows where a submission stands; what it publishes counts for itself.
        page_cache.ignore(
            models.Definition,
            models.ExceptionalPublication,
            models.ReadContent,
            models.Step,
            models.StepState,
            models.Submission,
            models.Submitter,
            models.Vote,
        )
        periodic.register("editorial.tick", timedelta(minutes=1), tick)
        periodic.register("editorial.digest", digest.EVERY, digest.send_digests)
        personal_data.register(*EDITORIAL)
        dashboard.register_sections()
        # After our own names, so that an extension that takes one is the one that is refused.
        plugins.load(registry)
        post_migrate.connect(_install_shipped, sender=self)


def _install_shipped(using: str, **kwargs: object) -> None:
    from portal.editorial.storing import definitions_install

    definitions_install(using=using)
