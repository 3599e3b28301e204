"""Valid, coherent meetings; times are made by the services, as everywhere else."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from events.api import EventIndexPage, EventPage, Occurrence, OccurrenceSpec, occurrence_save
from events.models import EventProfile
from portal.core.local_time import moment
from portal.organisations.api import Municipality
from portal.seats.api import OfferingSpec
from tests.factories.profiles import home_page


def event_index() -> EventIndexPage:
    """Return the list of meetings, made when it is not there."""
    found = EventIndexPage.objects.first()
    if found is None:
        home_page().add_child(instance=EventIndexPage(title="Møder", slug="moeder", show_in_menus=True))
    return EventIndexPage.objects.get()


class EventPageFactory(DjangoModelFactory[EventPage]):
    """A meeting; `make` puts it into the tree and publishes it."""

    class Meta:
        model = EventPage

    title = factory.Sequence(lambda n: f"Møde {n}")
    slug = factory.Sequence(lambda n: f"moede-{n}")
    kind = "afterwork"
    lead = factory.LazyAttribute(lambda o: f"Kort om {o.title}.")
    organiser = "HK Kommunal og KL"

    @classmethod
    def make(cls, *, profiles: Any = (), published: bool = True, **kwargs: Any) -> EventPage:
        """Make the page below the list, published or a draft."""
        page: Any = cls.build(live=False, **kwargs)
        page.related_profiles = [EventProfile(profile=profile) for profile in profiles]
        page = event_index().add_child(instance=page)
        revision = page.save_revision()
        if published:
            revision.publish()
        return EventPage.objects.get(pk=page.pk)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """Return a moment by what clocks here show."""
    return moment(dt.date(year, month, day), dt.time(hour, minute))


def municipality(code: str = "0461") -> Municipality:
    """Return a municipality by its code; Odense when none is given."""
    return Municipality.objects.get(code=code)


def spec(starts_at: dt.datetime, **values: Any) -> OccurrenceSpec:
    """Return what a time says: two hours in Odense unless the values say otherwise."""
    capacity = values.pop("capacity", 40)
    seats = values.pop("seats", OfferingSpec(capacity=capacity))
    if not values.get("online") and not values.get("region"):
        values.setdefault("municipality", municipality())
    values.setdefault("ends_at", starts_at + dt.timedelta(hours=2))
    values.setdefault("place", "Rådhuset")
    return OccurrenceSpec(starts_at=starts_at, seats=seats, **values)


def occurrence(
    starts_at: dt.datetime | None = None, *, event: EventPage | None = None, actor: Any = None, **values: Any
) -> Occurrence:
    """Return a time of a meeting, a week from now when nothing else is said."""
    starts = starts_at or timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=7)
    return occurrence_save(actor=actor, event=event or EventPageFactory.make(), spec=spec(starts, **values))
