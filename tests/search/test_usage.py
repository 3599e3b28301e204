"""Learning from use without persons: what is counted, what never is, and that a search neither waits nor fails for it."""

import datetime as dt
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from search.models import QueryCount, RareQuery, UsageWeek
from search.usage import count, counting, flush, forget_batch, is_question, names, storing
from search.usage.selectors import most_asked, most_frequent, most_missed, weeks_of
from search.usage.storing import THRESHOLD, WEEKS_KEPT, forget_old, this_week
from search.usage.wording import countable

LISTED = (Path(names.__file__).parent / "names.txt").read_text(encoding="utf-8")

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MONDAY = dt.date(2026, 6, 8)
NOON = dt.datetime(2026, 6, 10, 10, tzinfo=dt.UTC)
# Another one each time, as people who have nothing to do with each other ask.
minutes = itertools.cycle(range(1, 60))


@pytest.fixture(autouse=True)
def empty_batch() -> Iterator[None]:
    """Begin and end with nothing in memory."""
    forget_batch()
    with time_machine.travel(NOON, tick=False):
        yield
    forget_batch()


def asked(text: str, times: int, total: int = 3) -> None:
    """Let a search be made in so many minutes, once in each."""
    for _time in range(times):
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=next(minutes)), tick=False):
            count(text, total)
            flush()


def counted() -> dict[str, tuple[int, int]]:
    return {row.text: (row.times, row.misses) for row in QueryCount.objects.all()}


def everything_stored() -> str:
    """Return every value of the three tables."""
    rows = [list(model.objects.values_list()) for model in (QueryCount, RareQuery, UsageWeek)]
    return repr(rows)


class TestRareSearches:
    """A search can name a person: its words are kept only when many have made it."""

    def test_its_words_are_stored_at_the_threshold_and_not_before(self) -> None:
        asked("Borger-kontakt", THRESHOLD - 1)
        assert counted() == {}
        assert "borger" not in everything_stored().lower()
        asked("borger kontakt", 1)
        assert counted() == {"borger kontakt": (THRESHOLD, 0)}
        assert not RareQuery.objects.exists(), "the digest goes when the words are there"
        asked("BORGER KONTAKT", 2, total=0)
        assert counted() == {"borger kontakt": (THRESHOLD + 2, 2)}

    def test_who_repeats_herself_within_a_minute_counts_once_towards_it(self) -> None:
        for _again in range(THRESHOLD * 4):
            count("min hemmelighed", 0)
        flush()
        assert counted() == {}
        asked("min hemmelighed", THRESHOLD - 1, total=0)
        assert counted() == {"min hemmelighed": (THRESHOLD * 5 - 1, THRESHOLD * 5 - 1)}

    @pytest.mark.parametrize("seconds", [0, 0.5])
    def test_no_more_processes_make_more_people_of_one(self, seconds: float) -> None:
        """Processes write when it suits them; what counts is when somebody asked, and a minute's end is no second person."""
        began = NOON.replace(second=58)
        for batch in range(THRESHOLD * 2):
            with time_machine.travel(began + dt.timedelta(seconds=batch * seconds), tick=False):
                count("min hemmelighed", 0)
                written = next(minutes)
            with time_machine.travel(began + dt.timedelta(minutes=written), tick=False):
                flush()
        assert counted() == {}
        assert "hemmelighed" not in everything_stored()
        assert RareQuery.objects.get().times == THRESHOLD * 2

    def test_a_digest_says_neither_day_nor_hour(self) -> None:
        count("sagsbehandling", 1)
        flush()
        before = list(RareQuery.objects.values_list("minutes", flat=True))
        with time_machine.travel(NOON + dt.timedelta(days=1, hours=3), tick=False):
            count("sagsbehandling", 1)
            flush()
        assert list(RareQuery.objects.values_list("minutes", flat=True)) == before

    def test_a_new_week_knows_nothing_of_the_last_one(self) -> None:
        asked("sagsbehandling", THRESHOLD - 1)
        old = {row.digest for row in RareQuery.objects.all()}
        salt = UsageWeek.objects.get().salt
        with time_machine.travel(NOON + dt.timedelta(days=7), tick=False):
            asked("sagsbehandling", THRESHOLD - 1)
            assert counted() == {}
            assert UsageWeek.objects.count() == 1
            assert salt not in everything_stored()
            assert old.isdisjoint(row.digest for row in RareQuery.objects.all())

    def test_the_digest_needs_the_environment_as_well_as_the_database(self, settings: Any) -> None:
        asked("sagsbehandling", 1)
        (first,) = RareQuery.objects.values_list("digest", flat=True)
        settings.SECRET_KEY = "x" * 60
        asked("sagsbehandling", 1)
        assert RareQuery.objects.exclude(digest=first).count() == 1

    def test_made_up_words_without_end_fill_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(storing, "MOST_RARE", 10)
        monkeypatch.setattr(counting, "MOST_IN_A_BATCH", 8)
        for batch in "abc":
            for word in range(20):
                count(f"ord{batch}{chr(97 + word)}x", 0)
            flush()
        assert RareQuery.objects.count() == 10


class TestWhatIsNeverCounted:
    """Not even in memory."""

    @pytest.mark.parametrize(
        "text",
        [
            "010190-1234",
            "0101901234",
            "cpr 010190 1234",
            "12 34 56 78",
            "+4512345678",
            "ring 12345678",
            "kim@hk.example",
            "Kim Eksempel",
            "M. Bjerregaard",
            "mette jensen",
            "Jensen",
            "mette fra borgerservice",
            "hvor er ANNE-METTE Sørensen",
            "Çelik Özdemir",
            "Trisse Bjerregaard?",
            "jobcenter: Trisse Bjerg",
            "mette.jensen",
            "Trisse_Bjerg",
            "storegade 12",
            "rådhuspladsen 1",
            "kirkestien 4",
            "Søborg Hovedgade nr. 200",
            "jensens fyring",
            "Jensen's fyring",
            "mettes sygemelding",
            "AAGAARDS barsel",
            "mohammed sygemelding",
            "https://intra.kommune.example/sag",
            "www.eksempel.example",
            "jeg er blevet fyret og ved ikke hvad jeg skal gøre",
            "ord " * 30,
            "a" * 200,
            "og i til",
            "",
            "\x00",
            "!!! ???",
        ],
    )
    def test_what_may_be_a_person_or_a_story(self, text: str) -> None:
        assert countable(text) == ""
        for _batch in range(THRESHOLD + 1):
            count(text, 0)
            assert counting._batch == {}
        flush()
        assert not UsageWeek.objects.exists()

    def test_every_name_of_the_lists_is_known_as_it_is_written(self) -> None:
        surnames, given_names = LISTED.split("[surnames]")[1].split("[given names]")
        assert [name for name in surnames.split() if countable(name) or countable(f"{name}s fyring")] == []
        assert [name for name in given_names.split() if countable(f"{name} sygemelding")] == []

    @pytest.mark.parametrize(
        ("text", "as_counted"),
        [
            ("Ældrepleje", "ældrepleje"),
            ("aeldrepleje ", "ældrepleje"),
            ("MUS", "mus"),
            ("ISO 27001", "iso 27001"),
            ("overenskomst 2026", "overenskomst 2026"),
            ("bo i eget hjem", "bo i eget hjem"),
            ("Ledelse af andre", "ledelse af andre"),
            ("it-sikkerhed", "it sikkerhed"),
            ("barns sygedag", "barns sygedag"),
            ("Albertslund 2026", "albertslund 2026"),
            ("regler for legepladsen", "regler for legepladsen"),
        ],
    )
    def test_what_is_about_work_is_counted_by_its_folded_words(self, text: str, as_counted: str) -> None:
        assert countable(text) == as_counted


class TestWhichRequestsCount:
    """Somebody who asks; not a reload, a second page, a filter, a script or a machine."""

    @staticmethod
    def of(address: str = "/soeg/?q=mus", method: str = "get", **headers: str) -> bool:
        given = {"user-agent": BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return is_question(getattr(RequestFactory(), method)(address, headers=given))

    def test_a_browser_that_goes_there(self) -> None:
        assert self.of()
        assert self.of(sec_fetch_mode="navigate")
        assert self.of("/en/soeg/?q=mus")
        assert self.of("/soeg/?q=mus&type=&side=")

    @pytest.mark.parametrize(
        "headers",
        [
            {"cache_control": "max-age=0"},
            {"cache_control": "no-cache"},
            {"sec_fetch_mode": "cors"},
            {"sec_purpose": "prefetch;prerender"},
            {"purpose": "prefetch"},
            {"user_agent": ""},
            {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
            {"user_agent": "curl/8.5"},
            {"user_agent": "python-requests/2.32"},
        ],
    )
    def test_what_does_not_count(self, headers: dict[str, str]) -> None:
        assert not self.of(**headers)

    @pytest.mark.parametrize("address", ["/soeg/?q=mus&side=2", "/soeg/?q=mus&type=course", "/soeg/?q=mus&dato=uge"])
    def test_looking_on_does_not_count(self, address: str) -> None:
        assert not self.of(address)

    def test_only_get(self) -> None:
        assert not self.of(method="head")
        assert not self.of(method="post")


class TestItCostsNothing:
    """No query, no wait, no failure."""

    def test_counting_asks_no_database(self) -> None:
        with CaptureQueriesContext(connection) as queries:
            count("borgerkontakt", 4)
        assert len(queries) == 0

    def test_a_batch_of_many_takes_as_many_questions_as_one_of_few(self) -> None:
        def cost(number: int, letter: str) -> int:
            for word in range(number):
                count(f"{letter}{chr(97 + word)}ord", 1)
            with CaptureQueriesContext(connection) as queries:
                flush()
            return len(queries)

        cost(1, "k")
        assert cost(2, "x") == cost(20, "y")

    def test_a_database_that_takes_nothing_is_said_in_the_log_without_the_words(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def locked(batch: Any) -> None:
            raise OperationalError("attempt to write a readonly database")

        monkeypatch.setattr(storing, "store", locked)
        count("borgerkontakt", 4)
        flush()
        assert "OperationalError" in caplog.text
        assert "borgerkontakt" not in caplog.text
        monkeypatch.undo()
        flush()
        assert not UsageWeek.objects.exists(), "dropped, not counted late"

    def test_threads_count_every_time(self) -> None:
        def many() -> None:
            for _again in range(200):
                count("mus", 1)

        threads = [threading.Thread(target=many) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counting._batch["mus"].times == 1600

    def test_a_process_writes_by_itself_after_a_while(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        written = threading.Event()
        monkeypatch.setattr(storing, "store", lambda batch: written.set())
        settings.SEARCH_USAGE_INTERVAL = 0.05
        count("mus", 1)
        assert written.wait(5)
        assert counting._batch == {}


class TestForgetting:
    """A year, by the clock."""

    def test_old_counts_and_digests_of_past_weeks_go(self) -> None:
        asked("ferie", 1)
        QueryCount.objects.create(week=MONDAY - dt.timedelta(weeks=WEEKS_KEPT), text="gammel", times=9)
        QueryCount.objects.create(week=MONDAY - dt.timedelta(weeks=WEEKS_KEPT - 1), text="endnu", times=9)
        forget_old()
        assert set(counted()) == {"endnu"}
        assert RareQuery.objects.exists()
        with time_machine.travel(NOON + dt.timedelta(days=5), tick=False):
            forget_old()
        assert not RareQuery.objects.exists()
        assert not UsageWeek.objects.exists()

    def test_the_worker_does_it(self) -> None:
        from portal.core.periodic import jobs

        assert forget_old in [job.run for job in jobs()]

    def test_the_week_begins_on_monday_here(self) -> None:
        zone = timezone.get_default_timezone()
        with time_machine.travel(dt.datetime(2026, 6, 7, 23, 59, tzinfo=zone), tick=False):
            assert this_week() == MONDAY - dt.timedelta(weeks=1)
        with time_machine.travel(dt.datetime(2026, 6, 8, 0, 1, tzinfo=zone), tick=False):
            assert this_week() == MONDAY


class TestReading:
    """What the editors' page is made of."""

    @pytest.fixture(autouse=True)
    def counts(self) -> None:
        last = MONDAY - dt.timedelta(weeks=1)
        for week, text, times, misses in [
            (MONDAY, "mus", 10, 0),
            (last, "mus", 5, 1),
            (last, "skranke", 9, 9),
            (MONDAY - dt.timedelta(weeks=30), "gammel", 99, 99),
        ]:
            QueryCount.objects.create(week=week, text=text, times=times, misses=misses)

    def test_together_and_by_week(self) -> None:
        weeks = weeks_of(4)
        assert [(week.monday, week.times, week.misses) for week in weeks[-2:]] == [
            (MONDAY - dt.timedelta(weeks=1), 14, 10),
            (MONDAY, 10, 0),
        ]
        assert len(weeks) == 4
        since, until = weeks[0].monday, weeks[-1].monday
        assert [(one.text, one.times, one.misses) for one in most_asked(since, until)] == [
            ("mus", 15, 1),
            ("skranke", 9, 9),
        ]
        assert [one.text for one in most_missed(since, until)] == ["skranke", "mus"]
        assert [one.text for one in most_missed(MONDAY, MONDAY)] == []
        assert most_frequent() == ("mus", "skranke")


def test_the_page_counts_and_keeps_nothing_of_the_asker(client: Client) -> None:
    """Through HTTP, with everything that could lead to somebody."""
    for number in range(THRESHOLD):
        with time_machine.travel(NOON + dt.timedelta(minutes=number), tick=False):
            client.get(
                "/soeg/",
                {"q": "fleksjob"},
                headers={"user-agent": f"{BROWSER} kanarie", "x-forwarded-for": "192.0.2.77"},
                REMOTE_ADDR=f"198.51.100.{number}",
            )
            flush()
    assert counted() == {"fleksjob": (THRESHOLD, THRESHOLD)}
    for canary in ("kanarie", "192.0.2", "198.51"):
        assert canary not in everything_stored()
