"""The example content is loaded once, whole or not at all, keeps what editors did, and goes away without a trace.

Loading takes some seconds, so one load serves the class; each test is rolled back.
"""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client, TestCase
from django.utils import timezone
from wagtail.models import Page

from events.api import EventPage, Occurrence
from learning.api import CoursePage, CourseRun
from portal.contacts.api import ContactCard
from portal.core.models import AuditEntry
from portal.desk.loading import run
from portal.desk.loading.bodies import body
from portal.desk.loading.catalogue import load_catalogue
from portal.desk.loading.context import Loading
from portal.desk.loading.meetings import clock, day_of
from portal.desk.loading.removal import remove_example
from portal.desk.loading.run import load_example
from portal.desk.models import ExampleObject
from portal.pages.api import ArticlePage, HomePage, SiteSettings, StandardPage
from profilecatalog.assessment.api import PublishedAggregate, Response, Round
from profilecatalog.profiles.api import Competence, ProfilePage, ProfileRelease, latest_release
from tests.factories import pages as make

# What may stay behind: who did what, what waits to be sent or indexed, and the row of settings, emptied.
TRACES = {"core.AuditEntry", "core.OutboxMessage", "pages.SiteSettings"}
OURS = ("portal.", "profilecatalog.", "events", "learning")


def counts() -> dict[str, int]:
    """Return how many rows each model of ours has, but for traces and what search derives."""
    models = [
        model for config in apps.get_app_configs() if config.name.startswith(OURS) for model in config.get_models()
    ]
    found = {model._meta.label: model._default_manager.count() for model in models}
    return {label: number for label, number in found.items() if number and label not in TRACES}


def home_texts() -> list[Any]:
    home = HomePage.objects.get()
    return [home.hero_title, home.who_title, home.notice_text, list(home.ways.raw_data), home.who_page_id]


class Loaded(TestCase):
    """After one load."""

    made: int
    before: dict[str, int]
    texts_before: list[Any]
    lines: list[str]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.before, cls.texts_before, cls.lines = counts(), home_texts(), []
        cls.made = load_example(say=cls.lines.append)

    def test_it_is_as_rich_as_promised(self) -> None:
        assert ProfilePage.objects.live().count() >= 6
        assert Competence.objects.filter(live=True).count() >= 25
        assert CoursePage.objects.live().count() >= 6
        assert EventPage.objects.live().count() >= 30
        assert Response.objects.count() == 300
        assert Response.objects.filter(example=True).values("round__municipality").distinct().count() == 5
        assert ArticlePage.objects.live().exists()
        assert ContactCard.objects.count() == 8
        assert f"answers: {Response.objects.count()}" in self.lines
        assert self.made == ExampleObject.objects.count()

    def test_one_round_is_closed_and_published_and_one_profile_has_too_few(self) -> None:
        closed = Round.objects.get(example=True, status="closed")
        assert closed.municipality is not None
        assert closed.municipality.code == "0461"
        published = PublishedAggregate.objects.filter(round=closed)
        assert published.filter(suppressed="").count() > 10
        assert not PublishedAggregate.objects.exclude(round=closed).exists()

    def test_a_profile_with_an_earlier_release_shows_what_changed(self) -> None:
        page = ProfilePage.objects.get(key="borgerservice")
        latest = latest_release(page)
        assert latest is not None
        assert latest.number == 2
        assert "kunstig-intelligens" in {item.competence_key for item in latest.document.items if item.mark == "new"}
        first = ProfileRelease.objects.get(profile=page, number=1)
        assert timezone.now() - first.released_at > dt.timedelta(days=380)
        assert latest.released_at > first.released_at

    def test_dates_are_relative_to_today_and_meetings_cover_every_region(self) -> None:
        now = timezone.now()
        assert Occurrence.objects.filter(starts_at__gt=now).count() >= 25
        assert Occurrence.objects.filter(starts_at__gt=now + dt.timedelta(days=400)).count() == 0
        assert CourseRun.objects.filter(starts__lt=timezone.localdate()).count() == 0
        regions = {occurrence.region_on_day() for occurrence in Occurrence.objects.filter(municipality__isnull=False)}
        assert len(regions) >= 4
        assert Occurrence.objects.filter(cancelled=True).exclude(cancel_reason="").count() == 1

    def test_every_page_answers(self) -> None:
        client = Client()
        for page in Page.objects.live().filter(depth__gte=2):
            url = page.get_url()
            assert client.get(url).status_code == 200, url
        assert "Alt indhold her er eksempelindhold" in client.get("/").content.decode()

    def test_no_link_of_a_text_leads_to_a_page_that_is_not_there(self) -> None:
        page = StandardPage.objects.get(slug="saadan-bliver-en-profil-til")
        links = [block.value["links"] for block in page.body if block.block_type == "links"]
        assert links
        assert all(link["page"].live for group in links for link in group)

    def test_the_second_run_changes_nothing(self) -> None:
        stamps = list(Page.objects.order_by("pk").values_list("pk", "last_published_at", "latest_revision_id"))
        rows, entries = counts(), AuditEntry.objects.count()
        assert load_example() == 0
        assert counts() == rows
        assert AuditEntry.objects.count() == entries
        assert list(Page.objects.order_by("pk").values_list("pk", "last_published_at", "latest_revision_id")) == stamps
        out = StringIO()
        call_command("load_example", "--if-empty", stdout=out)
        assert "there already" in out.getvalue()

    def test_edits_and_deletions_stay(self) -> None:
        page = StandardPage.objects.get(slug="om-portalen")
        page.title = "Rettet af en redaktør"
        page.save_revision().publish()
        ArticlePage.objects.first().delete()
        ContactCard.objects.first().delete()
        articles, cards = ArticlePage.objects.count(), ContactCard.objects.count()
        home = HomePage.objects.get()
        home.hero_title = "Vores egen overskrift"
        home.save_revision().publish()
        assert load_example() == 0
        assert StandardPage.objects.get(slug="om-portalen").title == "Rettet af en redaktør"
        assert (ArticlePage.objects.count(), ContactCard.objects.count()) == (articles, cards)
        assert HomePage.objects.get().hero_title == "Vores egen overskrift"

    def test_removing_leaves_the_portal_as_it_was(self) -> None:
        out = StringIO()
        call_command("remove_example", stdout=out)
        assert "Kept" not in out.getvalue()
        left = counts()
        # Closing a round opens the municipality's next one: a plain, empty row that real answers would use.
        assert left.pop("assessment.Round", 0) <= 1
        assert left == self.before
        assert home_texts() == self.texts_before
        settings = SiteSettings.objects.get()
        assert (settings.example_line, settings.privacy_page, len(settings.footer_columns)) == ("", None, 0)
        assert Client().get("/").status_code == 200
        assert AuditEntry.objects.filter(action="example.removed", actor=None).count() == 1

    def test_removing_keeps_what_somebody_built_upon(self) -> None:
        own = make.put(Page.objects.get(slug="nyheder").specific, ArticlePage(title="Vores egen nyhed", lead="Kort."))
        home = HomePage.objects.get()
        home.hero_title = "Vores egen overskrift"
        home.save_revision().publish()
        result = remove_example()
        assert set(result.kept) == {"index:articles", "home"}
        assert Client().get(own.url).status_code == 200
        assert HomePage.objects.get().hero_title == "Vores egen overskrift"
        assert not ProfilePage.objects.exists()

    def test_the_way_back_is_open(self) -> None:
        remove_example()
        assert not ExampleObject.objects.exists()
        loading = Loading(timezone.localdate())
        assert loading.wants("profile:borgerservice")


@pytest.mark.django_db
class TestOnItsOwn:
    """Parts that need no full load."""

    def test_a_failing_stage_leaves_nothing_behind(self, monkeypatch: Any) -> None:
        def fail(loading: Loading) -> None:
            raise RuntimeError("strømmen gik")

        rows = counts()
        monkeypatch.setattr(run, "STAGES", (*run.STAGES[:2], fail))
        with pytest.raises(RuntimeError):
            load_example()
        assert counts() == rows

    def test_a_reference_to_nothing_is_an_error(self) -> None:
        loading = Loading(timezone.localdate())
        with pytest.raises(LookupError, match="profile:findes-ikke"):
            body(loading, [{"type": "links", "links": [{"text": "Her", "page": "profile:findes-ikke"}]}])

    def test_a_link_to_what_somebody_deleted_is_left_out(self) -> None:
        loading = Loading(timezone.localdate())
        page = make.standard_page("Væk")
        loading.remember("page:vaek", page)
        page.delete()
        again = Loading(timezone.localdate())
        assert body(again, [{"type": "links", "links": [{"text": "Her", "page": "page:vaek"}]}]) == "[]"

    def test_without_its_list_the_catalogue_is_not_loaded(self) -> None:
        loading = Loading(timezone.localdate())
        page = make.standard_page("Noget andet")
        loading.use("index:profiles", page)
        load_catalogue(loading)
        assert not Competence.objects.exists()

    def test_an_index_page_that_an_editor_made_is_used_and_not_remembered(self) -> None:
        from portal.desk.loading.site import load_indexes

        own = make.article_index()
        loading = Loading(timezone.localdate())
        load_indexes(loading)
        assert loading.find("index:articles") == own
        assert not ExampleObject.objects.filter(key="index:articles").exists()
        assert ExampleObject.objects.filter(key="index:profiles").exists()

    def test_example_logins_are_not_made_outside_the_demo(self, monkeypatch: Any) -> None:
        from portal.accounts.models import User

        monkeypatch.setattr(run, "STAGES", ())
        load_example()
        assert not User.objects.exists()


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ({"in_days": 0}, dt.date(2026, 11, 23)),
        ({"in_days": -3}, dt.date(2026, 11, 18)),
        # A Saturday moved forward to Monday, and one that is a Saturday already.
        ({"in_days": 0, "weekday": 1}, dt.date(2026, 11, 23)),
        ({"in_days": 0, "weekday": 6}, dt.date(2026, 11, 21)),
        ({"in_days": 41}, dt.date(2027, 1, 1)),
    ],
)
def test_days_are_counted_from_today_and_moved_forward_to_the_weekday(row: dict[str, int], day: dt.date) -> None:
    assert day_of(dt.date(2026, 11, 21), row) == day


def test_clocks_are_read_as_danes_write_them() -> None:
    assert clock("15.30") == dt.time(15, 30)
