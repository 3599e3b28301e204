"""What we send and publish, read by programs that share no code with what wrote it: vobject, and the calendar khal."""

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
import vobject
from django.test import Client

from events.api import Occurrence, occurrence_cancel, occurrence_save, occurrence_spec
from portal.seats.api import Person, places_cancel
from tests.events.letters import calendar_of, calendar_part, content_of, delivered, meeting, one
from tests.factories.events import EventPageFactory, local

pytestmark = pytest.mark.django_db
NOW = local(2027, 1, 1, 12)
NASTY = 'Når "samtalen"; bliver, svær\\n – 😀'
# Winter, summer, and the two days on which the clock has just changed.
STARTS = (
    local(2027, 1, 12, 15, 30),
    local(2027, 3, 28, 15, 30),
    local(2027, 5, 12, 15, 30),
    local(2027, 10, 31, 15, 30),
)


@pytest.fixture(autouse=True)
def _january() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def invited(start: dt.datetime = STARTS[2]) -> tuple[Occurrence, bytes]:
    """Return a meeting, and the file in the mail of somebody who comes."""
    made = meeting(starts_at=start, event=EventPageFactory.make(title=NASTY, signup_here=True))
    one(made, person=Person("Ann; Berg", "ann@kommune.example"))
    [mail] = delivered()
    return made, content_of(calendar_part(mail))


@pytest.mark.parametrize("start", STARTS)
def test_vobject_reads_the_invitation(start: dt.datetime) -> None:
    made, content = invited(start)
    calendar = vobject.readOne(content.decode())
    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert event.uid.value == f"{made.uuid}@moeder.kompetenceportalen"
    assert event.summary.value == NASTY
    assert event.dtstart.value.astimezone(dt.UTC) == start.astimezone(dt.UTC)
    assert event.dtend.value - event.dtstart.value == dt.timedelta(hours=2)
    assert event.attendee.value == "mailto:ann@kommune.example"
    assert event.attendee.params["CN"] == ["Ann; Berg"]
    assert (event.attendee.params["PARTSTAT"], event.attendee.params["RSVP"]) == (["ACCEPTED"], ["FALSE"])
    assert event.organizer.value.startswith("mailto:")
    assert int(event.sequence.value) == 0


def test_what_the_two_readers_see_is_the_same() -> None:
    made = meeting(event=EventPageFactory.make(title=NASTY, signup_here=True))
    sign_up = one(made)
    places_cancel(actor=None, sign_up=sign_up)
    for mail in delivered():
        theirs = vobject.readOne(content_of(calendar_part(mail)).decode())
        [ours] = calendar_of(mail).walk("VEVENT")
        for name in ("uid", "summary", "status", "location", "description"):
            assert str(getattr(theirs.vevent, name).value) == str(ours[name])
        assert int(theirs.vevent.sequence.value) == ours["SEQUENCE"]
        assert theirs.vevent.dtstart.value == ours["DTSTART"].dt
        assert theirs.method.value == calendar_of(mail)["METHOD"]


def test_every_line_is_short_and_ends_as_the_paper_says() -> None:
    one(meeting(event=EventPageFactory.make(title=NASTY, signup_here=True)))
    [mail] = delivered()
    [file] = mail.iter_attachments()
    lines = file.get_payload(decode=True).split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)


def test_vobject_reads_the_feed() -> None:
    made = meeting(event=EventPageFactory.make(title=NASTY, signup_here=True))
    off = meeting(event=EventPageFactory.make(title="Aflyses", signup_here=True))
    occurrence_cancel(actor=None, occurrence=off, reason="Syg.")
    calendar = vobject.readOne(Client().get("/moeder/kalender.ics").content.decode())
    assert not hasattr(calendar, "method")
    found = {event.uid.value.split("@")[0]: event for event in calendar.vevent_list}
    assert found[str(made.uuid)].summary.value == NASTY
    assert found[str(off.uuid)].status.value == "CANCELLED"


class Khal:
    """A calendar of its own in a folder, in the time zone of a reader who lives elsewhere or here."""

    def __init__(self, folder: Path, zone: str) -> None:
        self.folder = folder
        self.settings = folder / "khal.conf"
        (folder / "moeder").mkdir()
        self.settings.write_text(
            f"[calendars]\n[[moeder]]\npath = {folder / 'moeder'}\n"
            f"[sqlite]\npath = {folder / 'khal.db'}\n"
            f"[locale]\nlocal_timezone = {zone}\ndefault_timezone = {zone}\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            "[default]\ndefault_calendar = moeder\n",
            encoding="utf-8",
        )

    def run(self, *arguments: str) -> str:
        """Run a command of khal and return what it prints."""
        command = [sys.executable, "-m", "khal", "-c", str(self.settings), *arguments]
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "XDG_DATA_HOME": str(self.folder), "HOME": str(self.folder)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def take(self, content: bytes) -> None:
        """Take a file into the calendar, as one does with an attachment."""
        file = self.folder / "moede.ics"
        file.write_bytes(content)
        self.run("import", "--batch", str(file))

    def days(self, first: str, last: str) -> list[str]:
        """Return the lines of a stretch of days."""
        shown = self.run("list", "--day-format", "", "--format", "{start} {end-time} {title}", first, last)
        return [line.strip() for line in shown.splitlines() if line.strip()]


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Copenhagen", 15), ("Europe/Helsinki", 16)])
def test_khal_takes_the_invitation_and_shows_it_at_the_right_hour(tmp_path: Path, zone: str, hour: int) -> None:
    _made, content = invited(STARTS[0])
    khal = Khal(tmp_path, zone)
    khal.take(content)
    assert khal.days("2027-01-01", "2027-02-01") == [f"2027-01-12 {hour}:30 {hour + 2}:30 {NASTY}"]


def test_khal_puts_a_newer_file_in_the_place_of_the_older_one(tmp_path: Path) -> None:
    made, first = invited(STARTS[2])
    spec = occurrence_spec(made)
    moved = replace(spec, starts_at=local(2027, 5, 13, 16), ends_at=local(2027, 5, 13, 18))
    occurrence_save(actor=None, occurrence=made, spec=moved)
    [mail] = delivered()
    khal = Khal(tmp_path, "Europe/Copenhagen")
    khal.take(first)
    khal.take(content_of(calendar_part(mail)))
    assert khal.days("2027-05-01", "2027-06-01") == [f"2027-05-13 16:00 18:00 {NASTY}"]


def test_khal_takes_the_feed_with_all_its_meetings_across_both_changes_of_the_clock(tmp_path: Path) -> None:
    for number, start in enumerate(STARTS):
        meeting(starts_at=start, event=EventPageFactory.make(title=f"Møde {number}", signup_here=True))
    khal = Khal(tmp_path, "Europe/Copenhagen")
    khal.take(Client().get("/moeder/kalender.ics").content)
    assert khal.days("2027-01-01", "2027-12-31") == [
        "2027-01-12 15:30 17:30 Møde 0",
        "2027-03-28 15:30 17:30 Møde 1",
        "2027-05-12 15:30 17:30 Møde 2",
        "2027-10-31 15:30 17:30 Møde 3",
    ]
