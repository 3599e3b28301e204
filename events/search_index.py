"""What a meeting says about itself to search."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import EventPage, Occurrence
from portal.organisations.api import place_terms
from search.api import Kind, SearchDocument, register_source


def documents(page: EventPage) -> Iterable[SearchDocument]:
    """Describe a meeting once, with its next time; a meeting that is over can still be found."""
    occurrences = list(
        Occurrence.objects.filter(event_id=page.occurrences_of_id).select_related("municipality", "region").in_order()
    )
    now = timezone.now()
    going_ahead = [occurrence for occurrence in occurrences if not occurrence.cancelled]
    nearest = next((o for o in going_ahead if o.ends_at > now), going_ahead[-1] if going_ahead else None)
    words = [
        *page.body.stream_block.get_searchable_content(page.body),
        *(item.text for item in page.programme.all()),
        *(speaker.function for speaker in page.speakers.all()),
        *(theme.name for theme in page.themes.all()),
        *(occurrence.where for occurrence in occurrences),
        page.organiser,
    ]
    yield SearchDocument(
        key=str(page.pk),
        kind="event",
        kind_label=page.get_kind_display(),
        title=page.title,
        summary=page.lead,
        body="\n".join(word for word in words if word),
        url=page.get_url() or "",
        note=nearest.where if nearest else "",
        starts_at=nearest.starts_at if nearest else None,
        facets=place_terms(
            (occurrence.municipality for occurrence in going_ahead),
            (occurrence.region_on_day() for occurrence in going_ahead),
        ),
    )


def register() -> None:
    """Make meetings findable."""
    register_source(
        "events.event",
        model=EventPage,
        documents=documents,
        all=EventPage.objects.live,
        kinds={"event": Kind(_("Meeting"), _("Meetings"))},
    )
