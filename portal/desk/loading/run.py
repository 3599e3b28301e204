"""Load everything in the order of dependence: first the content, then the answers, then the round that is over."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.timezone import get_default_timezone, localdate
from wagtail.models import Site

from portal.core import audit
from portal.desk.loading.catalogue import load_catalogue
from portal.desk.loading.context import Loading, quiet
from portal.desk.loading.courses import load_courses
from portal.desk.loading.meetings import load_meetings
from portal.desk.loading.organisations import load_organisations
from portal.desk.loading.responses import close_example_rounds, load_responses
from portal.desk.loading.searching import load_search
from portal.desk.loading.sign_ups import load_sign_ups
from portal.desk.loading.site import load_contacts, load_home, load_indexes, load_pages, load_settings
from portal.desk.models import ExampleObject

# Index pages first, since everything hangs below them; texts that link anywhere last.
STAGES: tuple[Callable[[Loading], None], ...] = (
    load_indexes,
    load_organisations,
    load_contacts,
    load_catalogue,
    load_pages,
    load_courses,
    load_meetings,
    Loading.publish_pages,
    load_home,
    load_settings,
    load_search,
)


def is_loaded() -> bool:
    """Tell whether any example content has been loaded and not been removed."""
    return ExampleObject.objects.exists()


def load_example(*, say: Callable[[str], None] = quiet, today: date | None = None) -> int:
    """Load what has never been loaded and return how many things that was; edits, and deletions too, stay.

    `today` is the day, in Denmark, that relative dates count from. In the demo the example logins are made as well.
    Content and answers are a transaction each; the rounds are closed after them, since closing one tidies whole tables,
    which PostgreSQL refuses inside a transaction that has written to them. Interrupted, it goes on where it stopped.
    """
    loading = Loading(today or localdate(timezone=get_default_timezone()), say)
    with transaction.atomic():
        for stage in STAGES:
            stage(loading)
        if settings.DEMO:
            from portal.desk.example_users import create_example_users

            say(f"people: {len(create_example_users())}")
            load_sign_ups(loading)
        _record(loading.made)
    before = loading.made
    with transaction.atomic():
        load_responses(loading)
        _record(loading.made - before)
    close_example_rounds()
    return loading.made


def _record(made: int) -> None:
    if made:
        site = Site.objects.get(is_default_site=True)
        audit.record(actor=None, action="example.loaded", obj=site, after={"objects": made})
