"""The coordinators' screens of an import: who gets there, what they show, and what they refuse."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.accounts.api import Membership
from portal.accounts.models import ImportRun, ImportState
from portal.core import outbox
from tests.accounts.imports import PEOPLE, people
from tests.factories.accounts import administrator, coordinator, employee, manager, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any) -> str:
    return reverse(f"coordination:{name}", args=[municipality().slug, *args])


@pytest.fixture
def desk(client: Client) -> Client:
    unit("Borgerservice", code="0110")
    client.force_login(coordinator(municipality()))
    return client


def send(client: Client, content: bytes, name: str = "liste.csv", **values: str) -> Any:
    file = SimpleUploadedFile(name, content, "text/csv")
    return client.post(address("import_upload", "medlemmer"), {"file": file, **values})


def work() -> None:
    while outbox.drain():
        pass


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


LIST = f"{PEOPLE}\n1;Anne;anne@odense.example;0110;leder;;\n2;Bo;bo@odense.example;0110;medarbejder;;\n".encode()


def test_from_the_file_to_the_result(desk: Client) -> None:
    sent = send(desk, LIST)
    run = ImportRun.objects.get()
    assert sent.status_code == 302
    assert sent.url == address("import_run", run.uuid)
    waiting: Any = desk.get(sent.url)
    assert b"data-waiting" in waiting.content
    assert b'<noscript><meta http-equiv="refresh"' in waiting.content
    work()
    plan = desk.get(sent.url)
    assert "Anne" in text_of(plan)
    assert "bo@odense.example" in text_of(plan)
    assert not Membership.objects.filter(source="import").exists()
    version = ImportRun.objects.get().plan_version
    pressed: Any = desk.post(address("import_apply", run.uuid), {"plan_version": version})
    assert pressed.status_code == 302
    assert b"data-waiting" in desk.get(pressed.url).content
    work()
    assert Membership.objects.filter(source="import").count() == 2
    assert "2" in text_of(desk.get(pressed.url))
    assert b"liste.csv" in desk.get(address("imports")).content


def test_a_plan_shows_what_is_wrong_and_has_no_button_to_carry_it_out(desk: Client) -> None:
    send(desk, LIST.replace(b"0110;leder", b"0999;leder"))
    work()
    page = desk.get(address("import_run", ImportRun.objects.get().uuid))
    assert "0999" in text_of(page)
    assert address("import_apply", ImportRun.objects.get().uuid).encode() not in page.content
    only = desk.get(address("import_run", ImportRun.objects.get().uuid) + "?vis=error")
    assert "0999" in text_of(only)
    assert "bo@odense.example" not in text_of(only)


@pytest.mark.parametrize("query", ["vis=x", "side=0", "side=abc", "side=99999", "vis=new&side=7", "vis=%00"])
def test_an_odd_address_of_the_plan_still_shows_a_plan(desk: Client, query: str) -> None:
    run = people("1;Anne;anne@odense.example;0110;leder;;")
    assert desk.get(f"{address('import_run', run.uuid)}?{query}").status_code == 200


@pytest.mark.parametrize("version", ["", "x", "0", "999999999999", "-1"])
def test_a_plan_that_was_not_on_the_screen_is_not_carried_out(desk: Client, version: str) -> None:
    run = people("1;Anne;anne@odense.example;0110;leder;;")
    desk.post(address("import_apply", run.uuid), {"plan_version": version})
    run.refresh_from_db()
    assert run.state == ImportState.PLANNED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 workbook",
        b"%PDF-1.7",
        b"navn;e-mail\nA;a@odense.example\n",
        PEOPLE.encode() + b"\n1;A\x00;a@odense.example;0110;leder;;\n",
        b"\xff\xfek\x00o\x00d\x00e\x00",
        PEOPLE.encode() + b"\n" * 50_001,
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_its_field(desk: Client, content: bytes) -> None:
    page = send(desk, content)
    assert page.status_code == 200
    assert b'id="id_file-error"' in page.content
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_refused_unread(desk: Client) -> None:
    page = desk.generic(
        "POST",
        address("import_upload", "medlemmer"),
        b"",
        "multipart/form-data; boundary=x",
        CONTENT_LENGTH="999999999",
    )
    assert page.status_code == 200
    assert b"MB" in page.content
    assert b'id="id_file-error"' in page.content


def test_the_upload_is_protected_against_forged_forms() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator(municipality()))
    assert send(client, LIST).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_past_day_is_refused(desk: Client) -> None:
    page = send(desk, LIST, starts_on="1-1-2020")
    assert b'id="id_starts_on-error"' in page.content
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("who", ["foreign", "employee", "manager", "nobody", "weak"])
def test_nobody_else_gets_there(client: Client, who: str) -> None:
    here = unit("Borgerservice", code="0110")
    run = people("1;Anne;anne@odense.example;0110;leder;;")
    makers: dict[str, Any] = {
        "foreign": lambda: coordinator(municipality(COPENHAGEN)),
        "employee": lambda: employee(here),
        "manager": lambda: manager(here),
        "nobody": user,
        "weak": user,
    }
    client.force_login(makers[who]())
    pages: list[Any] = ["imports", ("import_upload", "enheder"), ("export", "enheder"), ("export", "medlemmer")]
    pages += [("import_run", run.uuid), ("import_example", "enheder")]
    for page in pages:
        name, *args = [page] if isinstance(page, str) else page
        assert client.get(address(name, *args)).status_code == 404
    for name in ("import_apply", "import_abandon", "import_retry"):
        assert client.post(address(name, run.uuid), {"plan_version": run.plan_version}).status_code == 404
    assert send(client, LIST).status_code == 404
    run.refresh_from_db()
    assert run.state == ImportState.PLANNED


def test_an_import_of_another_municipality_does_not_exist_below_ones_own(client: Client) -> None:
    run = people("1;Anne;anne@kk.example;;medarbejder;;", home=municipality(COPENHAGEN))
    client.force_login(coordinator(municipality()))
    assert client.get(address("import_run", run.uuid)).status_code == 404
    client.force_login(administrator())
    assert client.get(address("import_run", run.uuid)).status_code == 404
    assert client.get(reverse("coordination:import_run", args=["koebenhavn", run.uuid])).status_code == 200


def test_visitors_are_sent_to_the_login(client: Client) -> None:
    assert client.get(address("imports")).status_code == 302
    assert send(client, LIST).status_code == 302
    assert not ImportRun.objects.exists()


def test_a_get_changes_nothing(desk: Client) -> None:
    run = people("1;Anne;anne@odense.example;0110;leder;;")
    for name in ("import_apply", "import_abandon", "import_retry"):
        assert desk.get(address(name, run.uuid)).status_code == 405
    run.refresh_from_db()
    assert run.state == ImportState.PLANNED


def test_dropping_deletes_the_file(desk: Client) -> None:
    run = people("1;Anne;anne@odense.example;0110;leder;;")
    desk.post(address("import_abandon", run.uuid))
    run.refresh_from_db()
    assert run.state == ImportState.ABANDONED
    assert not run.chunks.exists()
    assert not run.rows.exists()
    assert desk.get(address("import_run", run.uuid)).status_code == 200


def test_the_plans_page_needs_as_many_queries_for_many_lines(desk: Client, django_assert_max_num_queries: Any) -> None:
    run = people(*(f"{n};Navn;n{n}@odense.example;0110;medarbejder;;" for n in range(49)))
    one = people("1;A;a@odense.example;0110;medarbejder;;")
    desk.get(address("import_run", run.uuid))
    with django_assert_max_num_queries(25) as few:
        desk.get(address("import_run", one.uuid))
    with django_assert_max_num_queries(len(few.captured_queries)):
        desk.get(address("import_run", run.uuid))


def test_the_example_is_a_file_that_can_be_imported(desk: Client) -> None:
    unit("Til eksemplet", code="0100")
    answer: Any = desk.get(address("import_example", "medlemmer"))
    content = b"".join(answer.streaming_content)
    send(desk, content)
    work()
    assert ImportRun.objects.get().counts == {"new": 3}


@pytest.mark.parametrize("name", ["ukendt", "units"])
def test_an_unknown_list_does_not_exist(desk: Client, name: str) -> None:
    assert desk.get(address("import_upload", name)).status_code == 404
    assert desk.get(address("export", name)).status_code == 404
