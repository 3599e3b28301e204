"""What the catalogue adds to places of others: search and the editors' dashboard."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core import page_cache
from portal.core.sections import Section, register
from portal.core.visibility import asker
from portal.editorial import compare


def waiting_proposals(request: HttpRequest, obj: object) -> Section | None:
    """Return the questions "new release?" that the editor may answer, or nothing when none waits."""
    from profilecatalog.profiles.screens.editor import proposals_for

    rows = proposals_for(request.user)
    if not rows:
        return None
    return Section(_("New release?"), "nye-udgaver", "profiles/admin/section_proposals.html", {"proposals": rows})


def profiles_on_home(request: HttpRequest, page: object) -> Section | None:
    """Return the profiles as cards with the way to all of them, or nothing before the first is published."""
    from profilecatalog.profiles.models import ProfileIndexPage
    from profilecatalog.profiles.screens.lists import profile_cards

    index = ProfileIndexPage.objects.visible_to(asker(request)).order_by("path").first()
    cards = profile_cards(index, request) if index else ()
    if not cards:
        return None
    context = {"cards": cards, "list_url": index.get_url(request)}
    return Section(_("Profiles by field of work"), "profiler", "profiles/parts/section_home.html", context)


def register_all() -> None:
    """Register everything; called once when the app is ready."""
    from profilecatalog.profiles import search_index
    from profilecatalog.profiles.models import ProfilePage, ReleaseProposal
    from profilecatalog.profiles.reading_parts import draft_parts, released_parts

    search_index.register()
    compare.register(ProfilePage, draft_parts, released_parts)
    # A question to the editors is on no public page.
    page_cache.ignore(ReleaseProposal)
    register("pages.home", "profiles.all", profiles_on_home, order=10)
    register("admin.dashboard", "profiles.proposals", waiting_proposals, order=20, cacheable=False)
