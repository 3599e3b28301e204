"""Which courses belong to which profiles: chosen by an editor, or because they lift what the profile asks for.

Nothing of this is stored: a new release of a profile changes what it asks for, and the lists follow.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from learning.models import CompetenceLink, CoursePage, CourseProfile
from portal.core.principal import Principal
from profilecatalog.profiles.api import ProfilePage, ProfileRelease, latest_release, latest_releases


def asked_for(release: ProfileRelease | None) -> dict[UUID, int]:
    """Return the highest level that the profile asks of a person now or in future, by the competence's uuid."""
    needs = release.document.needs if release else ()
    return {need.item.competence_uuid: max(need.now or 0, need.future or 0) for need in needs}


def helps(link: CompetenceLink, asked: Mapping[UUID, int]) -> bool:
    """Tell whether the course leads towards what is asked: it begins below the level that the profile asks for."""
    return asked.get(link.competence.uuid, 0) > link.from_level


def belongs_to(profile: ProfilePage) -> Q:
    """Return the condition "chosen for the profile, or helps towards what it asks for", part of the query for courses."""
    chosen = CourseProfile.objects.filter(profile=profile.releases_of_id).values("course_id")
    asked = asked_for(latest_release(profile))
    # The same rule as `helps`, in the database's words.
    helping = [Q(competence__uuid=uuid, from_level__lt=level) for uuid, level in asked.items()]
    if not helping:
        return Q(pk__in=chosen)
    links = CompetenceLink.objects.filter(reduce(or_, helping)).values("course_id")
    return Q(pk__in=chosen) | Q(pk__in=links)


def profiles_of(course: CoursePage, principal: Principal) -> list[tuple[ProfilePage, ProfileRelease | None]]:
    """Return the profiles that are hers to read by title with their latest release: chosen ones, and those that ask."""
    visible = {page.pk: page for page in ProfilePage.objects.visible_to(principal).order_by("title", "id")}
    releases = latest_releases(visible.values())
    found = {link.profile_id for link in course.chosen_profiles.all()}
    links = list(course.competence_links.all().select_related("competence"))
    for profile_id, release in releases.items() if links else ():
        asked = asked_for(release)
        if any(helps(link, asked) for link in links):
            found.add(profile_id)
    return [(page, releases.get(pk)) for pk, page in visible.items() if pk in found]
