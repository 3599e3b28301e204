"""Links to other sites: looked at by a job, safely, and kept for a while."""

import datetime as dt
import socket
import time
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portal.editorial.checks.waiting import NotYetError
from portal.editorial.links import looking
from portal.editorial.links.addresses import ForbiddenAddressError, UnknownHostError, is_public, resolve
from portal.editorial.links.models import CheckedLink, LinkStatus
from portal.editorial.links.services import links_forget, links_look, links_want
from tests.editorial.link_server import running, site
from tests.editorial.moments import found
from tests.factories import pages as make

__all__ = ["site"]

WEEK = dt.timedelta(days=7)


# --- Looking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/200", LinkStatus.FINE),
        ("/nohead", LinkStatus.FINE),
        ("/to//200", LinkStatus.FINE),
        ("/404", LinkStatus.GONE),
        ("/410", LinkStatus.GONE),
        ("/to//404", LinkStatus.GONE),
        ("/circle", LinkStatus.GONE),
        ("/403", LinkStatus.UNSURE),
        ("/429", LinkStatus.UNSURE),
        ("/500", LinkStatus.UNSURE),
        ("/to/file:///etc/passwd", LinkStatus.REFUSED),
        ("/to/http://10.0.0.1/", LinkStatus.REFUSED),
        ("/to/http://[::1]/", LinkStatus.REFUSED),
        ("/to/http://169.254.169.254/latest/", LinkStatus.REFUSED),
        ("/to/http://me:secret@127.0.0.1/", LinkStatus.REFUSED),
    ],
)
def test_what_an_answer_means(site: str, path: str, status: LinkStatus) -> None:
    assert looking.look_at(site + path).status == status


def test_nothing_on_this_machine_is_asked_unless_the_settings_allow_it(settings: Any) -> None:
    with running() as (address, asked):
        assert looking.look_at(f"{address}/200").status == LinkStatus.REFUSED
        assert looking.look_at(address.replace("127.0.0.1", "localhost") + "/200").status == LinkStatus.REFUSED
        assert asked == []
        settings.LINK_CHECK_ALLOWED_NETWORKS = ("127.0.0.0/8",)
        assert looking.look_at(f"{address}/200").status == LinkStatus.FINE
        assert [method for method, _path, _host in asked] == ["HEAD"]


def test_a_name_is_asked_for_once_and_what_it_says_later_is_not_believed(site: str, monkeypatch: Any) -> None:
    port = int(site.rsplit(":", 1)[1])
    answers = ["127.0.0.1", "10.0.0.1"]
    real, names = socket.getaddrinfo, []

    def rebinding(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host == "rebind.example":
            names.append(host)
            host = answers[min(len(names), 2) - 1]
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert looking.look_at(f"http://rebind.example:{port}/200").status == LinkStatus.FINE
    assert names == ["rebind.example"]
    # The next question resolves anew, and is refused.
    assert looking.look_at(f"http://rebind.example:{port}/200").status == LinkStatus.REFUSED


def test_the_site_hears_its_own_name(settings: Any, monkeypatch: Any) -> None:
    settings.LINK_CHECK_ALLOWED_NETWORKS = ("127.0.0.0/8",)
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1" if host == "a.example" else host, *a, **k)
    )
    with running() as (address, asked):
        port = address.rsplit(":", 1)[1]
        assert looking.look_at(f"http://a.example:{port}/200?a=b").status == LinkStatus.FINE
        assert asked == [("HEAD", "/200?a=b", f"a.example:{port}")]


def test_one_closed_address_among_open_ones_closes_the_name(monkeypatch: Any) -> None:
    rows = [(2, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)
    with pytest.raises(ForbiddenAddressError):
        resolve("both.example", 80)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows[:1])
    assert resolve("open.example", 80) == "93.184.215.14"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [])
    with pytest.raises(UnknownHostError):
        resolve("none.example", 80)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b:1::1"),
        *("localhost", "2130706433", "0x7f.1"),
    ],
)
def test_addresses_of_closed_networks(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2a02:2e0::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1"])
def test_other_ways_of_writing_this_machine_are_refused(host: str) -> None:
    assert looking.look_at(f"http://{host}/").status in {LinkStatus.REFUSED, LinkStatus.SILENT}


def test_a_server_that_sends_a_byte_at_a_time_is_hung_up_on(site: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(looking, "LONGEST", 0.6)
    began = time.monotonic()
    assert looking.look_at(f"{site}/drip").status == LinkStatus.SILENT
    assert time.monotonic() - began < 5


def test_a_server_that_is_not_there_is_silent(settings: Any) -> None:
    settings.LINK_CHECK_ALLOWED_NETWORKS = ("127.0.0.0/8",)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert looking.look_at(f"http://127.0.0.1:{port}/").status == LinkStatus.SILENT


# --- The job ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_check_waits_for_the_job_and_then_says_what_is_wrong(site: str) -> None:
    page = make.standard_page(
        published=False,
        body=make.blocks(
            (
                "paragraph",
                f'<p><a href="{site}/404">x</a> <a href="{site}/200#top">y</a> <a href="mailto:a@b.dk">z</a></p>',
            ),
            ("links", {"heading": "", "links": [make.link("Nede", url=f"{site}/500")]}),
        ),
    )
    with pytest.raises(NotYetError):
        found("external_links", page)
    assert set(CheckedLink.objects.values_list("url", flat=True)) == {f"{site}/{path}" for path in (404, 200, 500)}
    assert links_look(pause=0) == 3
    findings = found("external_links", page)
    assert [(finding.stops, finding.row) for finding in findings] == [
        (True, page.body.raw_data[0]["id"]),
        (False, page.body.raw_data[1]["id"]),
    ]
    assert f"{site}/404" in findings[0].message


@pytest.mark.django_db
def test_a_site_that_does_not_answer_is_advice_unless_the_step_says_otherwise(settings: Any) -> None:
    settings.LINK_CHECK = True
    settings.LINK_CHECK_ALLOWED_NETWORKS = ("127.0.0.0/8",)
    page = make.standard_page(
        published=False, body=make.blocks(("paragraph", '<p><a href="http://127.0.0.1:9/">x</a></p>'))
    )
    with pytest.raises(NotYetError):
        found("external_links", page)
    links_look(pause=0)
    assert [finding.stops for finding in found("external_links", page)] == [False]
    assert [finding.stops for finding in found("external_links", page, silent_stops=True)] == [True]


@pytest.mark.django_db
def test_an_address_that_no_browser_opens_stops_without_a_job(settings: Any) -> None:
    text = "".join(f'<p><a href="{url}">x</a></p>' for url in ("ftp://a.dk/x", "file:///C:/x.doc", "www.kl.dk"))
    page = make.standard_page(published=False, body=make.blocks(("paragraph", text)))
    assert [finding.stops for finding in found("external_links", page)] == [True, True, True]
    assert not CheckedLink.objects.exists()


@pytest.mark.django_db
def test_where_nothing_may_be_asked_nothing_is_waited_for() -> None:
    page = make.standard_page(published=False, body=make.blocks(("paragraph", '<p><a href="https://a.dk/">x</a></p>')))
    assert found("external_links", page) == []
    links_want(urls=["https://a.dk/"], at=timezone.now(), max_age=WEEK)
    assert links_look(pause=0) == 0


@pytest.mark.django_db
def test_an_answer_is_good_for_its_time_and_not_longer(site: str) -> None:
    with time_machine.travel("2026-11-02 08:00+00:00", tick=False):
        links_want(urls=[f"{site}/200"], at=timezone.now(), max_age=WEEK)
        links_look(pause=0)
    with time_machine.travel("2026-11-08 08:00+00:00", tick=False):
        known = links_want(urls=[f"{site}/200"], at=timezone.now(), max_age=WEEK)
        assert known[f"{site}/200"].status == LinkStatus.FINE
    with time_machine.travel("2026-11-10 08:00+00:00", tick=False):
        known = links_want(urls=[f"{site}/200"], at=timezone.now(), max_age=WEEK)
        assert known[f"{site}/200"].status == LinkStatus.WAITING
    with time_machine.travel("2028-11-10 08:00+00:00", tick=False):
        links_forget()
    assert not CheckedLink.objects.exists()


@pytest.mark.django_db
def test_a_host_is_asked_a_few_questions_at_a_time_and_by_one_worker_only(site: str) -> None:
    links_want(urls=[f"{site}/200?{number}" for number in range(12)], at=timezone.now(), max_age=WEEK)
    assert links_look(pause=0) == 5
    # Another worker is busy with the host.
    CheckedLink.objects.filter(status=LinkStatus.FINE).update(claimed_until=timezone.now() + WEEK)
    assert links_look(pause=0) == 0
    CheckedLink.objects.update(claimed_until=None)
    assert links_look(pause=0) == 5
    assert links_look(pause=0) == 2


@pytest.mark.django_db
def test_a_host_gets_a_pause_between_questions(site: str) -> None:
    links_want(urls=[f"{site}/200?{number}" for number in range(3)], at=timezone.now(), max_age=WEEK)
    began = time.monotonic()
    links_look(pause=0.2)
    assert time.monotonic() - began >= 0.4


@pytest.mark.django_db
def test_a_round_ends_when_its_time_is_up_and_leaves_the_rest_for_the_next(site: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("portal.editorial.links.services.BUDGET", 0.0)
    links_want(urls=[f"{site}/200"], at=timezone.now(), max_age=WEEK)
    assert links_look(pause=0) == 0
    assert CheckedLink.objects.get().claimed_until is None
