"""My page: everybody's own and nobody else's; her data to take along, and to erase."""

import csv
import datetime as dt
import io
import json
import re
import time
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.api import Membership, PersonLookup, User, membership_end, membership_grant, principal_of
from portal.accounts.strength import METHODS_KEY
from portal.core import outbox
from portal.core.models import AuditEntry
from portal.core.personal_data import Fate, PersonalData, registry, sheet
from portal.core.roles import Role
from portal.core.spreadsheets import csv_file
from portal.desk.my_page import selectors
from tests.core.known_person import ADDRESS, known_person
from tests.factories.accounts import administrator, coordinator, editor, employee, manager, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db

# Whose methods they are: allauth's own key.
METHODS_OF = "account_authentication_methods_user"
PAGES = ["my_page:front", "my_page:lookups", "my_page:data", "my_page:export", "my_page:erase"]


def signed_in(person: User, *, confirmed: bool = False) -> Client:
    """Return a client of hers; `confirmed` says that she has just shown again that it is she."""
    client = Client()
    client.force_login(person)
    if confirmed:
        session = client.session
        record = {"method": "password", "at": time.time(), "reauthenticated": True, "email": person.email}
        session[METHODS_KEY] = [{"method": "mfa", "at": time.time()}, record]
        session[METHODS_OF] = str(person.pk)
        session.save()
    return client


def text_of(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_strangers_are_sent_to_the_login(client: Client, name: str) -> None:
    for response in (client.get(reverse(name)), client.post(reverse(name))):
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_it_is_kept_by_browsers_or_proxies(name: str) -> None:
    response = signed_in(user(), confirmed=True).get(reverse(name))
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_my_roles_say_where_and_how_long() -> None:
    kim = employee(unit("Borgerservice"))
    today = timezone.localdate()
    later = today + dt.timedelta(days=40)
    membership_grant(actor=None, role=Role.FACILITATOR, user=kim, municipality=municipality(), valid_from=later)
    over = membership_grant(actor=None, role=Role.EMPLOYEE, user=kim, municipality=municipality(COPENHAGEN))
    membership_end(actor=None, membership=over)
    roles = selectors.my_roles(kim, on=today)
    assert [(role.role, role.place, role.state) for role in roles] == [
        ("medarbejder", "Borgerservice, Odense", "now"),
        (str(Role.FACILITATOR.label), "Odense", "later"),
        ("medarbejder", "København", "over"),
    ]
    html = text_of(signed_in(kim), "my_page:front")
    assert "Borgerservice, Odense" in html and "ophørt" in html and "ikke endnu" in html


def test_a_withheld_role_is_said_to_wait() -> None:
    kim = editor()
    client = signed_in(kim)
    assert "Nogle af dine roller venter" not in text_of(client, "my_page:front")
    session = client.session
    session[METHODS_KEY] = [{"method": "password", "at": time.time()}]
    session.save()
    html = text_of(client, "my_page:front")
    assert "Nogle af dine roller venter" in html and reverse("mfa_index") in html


def test_who_can_see_me_is_who_the_rule_lets_see_me() -> None:
    top = unit("Center")
    team, beside = unit("Hold", parent=top), unit("Ved siden af", parent=top)
    kim = employee(team)
    others = [
        manager(top, "top@kommune.example"),
        manager(team, "hold@kommune.example"),
        manager(beside, "ved.siden.af@kommune.example"),
        coordinator(municipality()),
        coordinator(municipality(COPENHAGEN), "kbh@kommune.example"),
        administrator(),
        user("superbruger@portal.example", is_superuser=True),
        editor(),
    ]
    gone = manager(top, "gaaet@kommune.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    hers = Membership.objects.filter(user=kim)
    may = [who for who in others if hers.visible_to(principal_of(who, strong=True)).exists()]
    said = [onlooker.who for onlooker in selectors.onlookers(kim, on=timezone.localdate())]
    assert said == ["1 leder af Center", "1 leder af Hold", "1 koordinator i Odense", "2 af portalens administratorer"]
    assert sum(int(text.split()[0]) for text in said) == len(may) == 5
    html = text_of(signed_in(kim), "my_page:front")
    assert "1 leder af Center" in html and "svarene ved ikke, hvem de kommer fra" in html
    for name in ("top@kommune.example", "Kim Eksempel kan se"):
        assert name not in html, "functions, not persons"


def test_the_log_shows_my_looks_only_newest_first_and_in_pages(django_assert_max_num_queries: Any) -> None:
    kim, other = user(), user("anden@kommune.example")
    client = signed_in(kim)
    assert "Ingen har kigget på dine data" in text_of(client, "my_page:front")
    assert "Ingen har kigget" in text_of(client, "my_page:lookups")
    for number in range(60):
        at = timezone.now() - dt.timedelta(days=number)
        common = {"viewer_label": f"Leder nummer {number}.", "role": "manager", "what": "Roller", "at": at}
        PersonLookup.objects.create(person=kim, **common)
        PersonLookup.objects.create(person=other, **{**common, "viewer_label": f"Fremmed {number}"})
    front, first = text_of(client, "my_page:front"), text_of(client, "my_page:lookups")
    assert "nummer 2." in front and "nummer 3." not in front and reverse("my_page:lookups") in front
    assert "nummer 0." in first and "nummer 25." not in first and "Side 1 af 3" in first
    last = client.get(reverse("my_page:lookups"), {"side": "99"}).content.decode()
    assert "nummer 59." in last
    assert client.get(reverse("my_page:lookups"), {"side": "x'"}).status_code == 200
    assert "Fremmed" not in front + first + last
    with django_assert_max_num_queries(12):
        client.get(reverse("my_page:lookups"))


def test_the_data_page_says_what_why_and_what_becomes_of_it() -> None:
    html = text_of(signed_in(employee(unit("Borgerservice"))), "my_page:data")
    for words in (
        "Dine roller og invitationer",
        "24 måneder",
        "Anonyme selvvurderinger",
        "ingen kan sige, hvilke svar",
    ):
        assert words in html
    assert "Dine kommentarer til kladder" not in html, "of what there is nothing, nothing is said"


@pytest.mark.parametrize("name", ["my_page:export", "my_page:erase"])
def test_taking_along_and_erasing_ask_again_who_it_is(name: str) -> None:
    kim = user()
    client = signed_in(kim)
    for response in (client.get(reverse(name)), client.post(reverse(name), {"understood": "on"})):
        assert response.status_code == 302
        assert response.headers["Location"] == f"{reverse('account_reauthenticate')}?next=" + reverse(name).replace(
            "/", "%2F"
        )
    assert User.objects.filter(pk=kim.pk).exists()
    assert not AuditEntry.objects.filter(action="person.export").exists()


def archive_of(person: User) -> zipfile.ZipFile:
    response = signed_in(person, confirmed=True).post(reverse("my_page:export"))
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="mine-data.zip"'
    assert "no-store" in response.headers["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(response.content))


def test_the_file_holds_everything_three_times() -> None:
    known = known_person()
    folder = archive_of(known.person)
    names = set(folder.namelist())
    assert {"mine-data.json", "mine-data.pdf", "tabeller/roles.csv", "tabeller/account.csv"} <= names
    assert any(name.startswith("filer/") for name in names), "her picture"
    told = json.loads(folder.read("mine-data.json"))
    assert (told["format"], told["person"]) == (1, str(known.person.uuid))
    assert told["tables"]["account"][0]["email"] == ADDRESS
    assert {row["email"] for row in told["tables"]["addresses"]} > {ADDRESS}
    for name in names:
        if name.endswith(".csv"):
            key = name.removeprefix("tabeller/").removesuffix(".csv")
            rows = list(csv.reader(io.StringIO(folder.read(name).decode("utf-8-sig")), delimiter=";"))
            assert len(rows) == len(told["tables"][key]) + 1
    entry = AuditEntry.objects.get(action="person.export")
    assert entry.actor == known.person


def test_the_document_is_tagged_titled_and_in_danish() -> None:
    content = archive_of(employee(unit("Borgerservice"))).read("mine-data.pdf")
    assert content.startswith(b"%PDF-1.")
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", content)
    assert b"/StructTreeRoot" in content and b"pdfuaid" in content
    assert re.search(rb"/Lang\s*\(da", content)
    assert b"Mine data i Kompetenceportalen" in content, "the title in the metadata"


def test_the_document_says_what_the_person_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    layouts: list[dict[str, Any]] = []

    def see(*args: Any, **kwargs: Any) -> bytes:
        layouts.append(json.loads(kwargs["sys_inputs"]["data"]))
        return b""

    monkeypatch.setattr("portal.desk.my_page.documents.typst.compile", see)
    archive_of(employee(unit("Borgerservice")))
    told = json.dumps(layouts[0], ensure_ascii=False)
    for words in ("Dine roller", "Borgerservice", "medarbejder@kommune.example", "Hvis du sletter dine data"):
        assert words in told


def test_no_text_of_a_person_is_carried_out() -> None:
    evil = '#panic("x") $ \\ ` = * _ @ref <x> #read("/etc/passwd") ]'
    kim = user(first_name=evil, last_name="=HYPERLINK(1)")
    folder = archive_of(kim)
    assert folder.read("mine-data.pdf").startswith(b"%PDF")
    [_heading, row] = list(
        csv.reader(io.StringIO(folder.read("tabeller/account.csv").decode("utf-8-sig")), delimiter=";")
    )
    assert "'=HYPERLINK(1)" in row and evil in row


def test_a_very_long_table_is_cut_in_the_document_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def many(person: Any) -> Any:
        yield sheet("many", "Mange", range(500), ("number", "Tal", lambda number: number))

    monkeypatch.setitem(
        registry._registry, "x", PersonalData("x", "X", "x", "x", "x", Fate.DELETED, order=1, export=many)
    )
    folder = archive_of(user())
    assert len(json.loads(folder.read("mine-data.json"))["tables"]["many"]) == 500
    assert folder.read("tabeller/many.csv").count(b"\r\n") == 501


def test_a_spreadsheet_takes_nothing_for_a_formula_and_loses_nothing() -> None:
    cells = ["-3", "−3", "02", "00", "+45 12 34 56 78", "=1+1", "+SUM(A1)", "-1+2", "@x", "\tx", "＝1", "æøå;\"'", None]
    content = csv_file(["Værdi"], [[cell] for cell in cells])
    assert content.startswith("\ufeffVærdi".encode())
    read = [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";") if row]
    assert read[1:] == [
        *("-3", "−3", "02", "00", "+45 12 34 56 78", "'=1+1", "'+SUM(A1)", "'-1+2", "'@x", "'\tx", "'＝1"),
        "æøå;\"'",
        "",
    ]


def test_erasing_asks_first_and_says_what_is_missing() -> None:
    kim = user()
    client = signed_in(kim, confirmed=True)
    assert "Det kan ikke fortrydes" in text_of(client, "my_page:erase")
    response = client.post(reverse("my_page:erase"))
    html = response.content.decode()
    assert "Sæt kryds for at sige, at du vil have dine data slettet." in html
    assert 'href="#id_understood"' in html and "Der er problemer" in html
    assert User.objects.filter(pk=kim.pk).exists()


def test_erasing_signs_out_says_so_and_sends_a_receipt(mailoutbox: list[Any]) -> None:
    kim = employee(unit("Borgerservice"))
    client, elsewhere = signed_in(kim, confirmed=True), signed_in(kim)
    response = client.post(reverse("my_page:erase"), {"understood": "on"})
    html = response.content.decode()
    assert response.status_code == 200 and "Dine data er slettet" in html
    assert "Log ind" in html and "Log ud" not in html
    assert not User.objects.filter(pk=kim.pk).exists()
    for browser in (client, elsewhere):
        assert browser.get(reverse("my_page:front")).status_code == 302
    outbox.drain()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["medarbejder@kommune.example"], "Dine data i Kompetenceportalen er slettet")
    ]


def test_the_last_administrator_is_told_before_and_refused_anyway() -> None:
    kim = administrator()
    client = signed_in(kim, confirmed=True)
    html = text_of(client, "my_page:erase")
    assert "Udpeg en anden administrator først" in html and "Slet mine data nu" not in html
    html = client.post(reverse("my_page:erase"), {"understood": "on"}).content.decode()
    assert "Udpeg en anden administrator først" in html
    assert User.objects.filter(pk=kim.pk).exists()
    assert client.get(reverse("my_page:front")).status_code == 200, "still signed in"


def test_the_header_knows_who_asks_and_a_stored_page_does_not(settings: Any) -> None:
    strange, kim = Client(), signed_in(user())
    assert ">Log ind</a>" in strange.get("/").content.decode()
    html = kim.get("/").content.decode()
    assert ">Min side</a>" in html and ">Log ud</a>" in html and ">Log ind</a>" not in html
    settings.PAGE_CACHE = True
    strange, kim = Client(), signed_in(user("en.til@hk.example"))
    for _again in range(2):
        for browser, mine in ((kim, True), (strange, False)):
            response = browser.get("/")
            assert (">Min side</a>" in response.content.decode()) is mine
            assert ("X-Page-Cache" in response.headers) is not mine
    assert strange.get("/").headers["X-Page-Cache"] == "hit"
    assert not strange.cookies
