"""What the portal itself brings that needs no people: checks, conditions, and the steps that the clock takes."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core import page_cache, periodic
from portal.editorial import conditions, keeping
from portal.editorial.checks.alt_texts import AltTexts, alt_texts
from portal.editorial.checks.external_links import ExternalLinks, external_links
from portal.editorial.checks.headings import headings
from portal.editorial.checks.internal_links import internal_links
from portal.editorial.checks.reading_ease import ReadingEase, reading_ease
from portal.editorial.links.models import CheckedLink
from portal.editorial.links.services import links_forget, links_look
from portal.editorial.registry import EditorialRegistry
from portal.editorial.tasks.checking import AutomaticChecks
from portal.editorial.tasks.notify import Notice
from portal.editorial.tasks.publish_at import PublishAtPlan


def register(registry: EditorialRegistry) -> None:
    """Register them, and the job that looks at links."""
    conditions.register(registry)
    registry.check("internal_links", title=_("Links within the portal"))(internal_links)
    registry.check("external_links", ExternalLinks, title=_("Links to other sites"))(external_links)
    registry.check("alt_texts", AltTexts, title=_("Text alternatives of pictures"))(alt_texts)
    registry.check("headings", title=_("Headings"))(headings)
    registry.check("reading_ease", ReadingEase, title=_("Reading ease"))(reading_ease)
    registry.task("checks", AutomaticChecks(), title=_("Automatic checks"))
    registry.task("notify", Notice(), title=_("Notice"))
    registry.task("publish_at", PublishAtPlan(), title=_("Publish at the planned minute"))
    # No public page shows whether another site answers.
    page_cache.ignore(CheckedLink)
    periodic.register("editorial.links_look", timedelta(seconds=15), _look)
    periodic.register("editorial.links_forget", timedelta(days=1), links_forget)
    periodic.register("editorial.forget_read", timedelta(days=1), keeping.forget_read)


def _look() -> None:
    links_look()
