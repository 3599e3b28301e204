"""The file itself: encodings, separators, and everything that is no list."""

import codecs
import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.imports import cells
from portal.accounts.imports.files import MAX_BYTES, MAX_LINES, FileRefusedError
from portal.accounts.imports.runs import forget_imports, import_receive, import_retry
from portal.accounts.models import ImportChunk, ImportRow, ImportRun, ImportState
from tests.accounts.imports import PEOPLE, people, units, upload, worked
from tests.factories.organisations import municipality, unit

pytestmark = pytest.mark.django_db
HEAD = PEOPLE.encode() + b"\n"


def receive(*pieces: bytes, kind: str = "memberships") -> ImportRun:
    return worked(
        import_receive(actor=None, municipality=municipality(), kind=kind, filename="liste.csv", pieces=iter(pieces))
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_encoding_and_separator(encoding: str, sign: str, end: str) -> None:
    unit("Ældre og Ø", code="0110")
    text = end.join([PEOPLE, "0041;Åse Æbelø;aase@odense.example;0110;leder;31.12.2025;31-12-2027"]).replace(";", sign)
    run = receive(text.encode(encoding))
    row = run.rows.get()
    assert row.problem == ""
    assert row.values == {
        "person_code": "0041",
        "name": "Åse Æbelø",
        "email": "aase@odense.example",
        "unit": "0110",
        "role": "manager",
        "valid_from": "2025-12-31",
        "valid_to": "2027-12-31",
    }


def test_a_sign_that_only_windows_has() -> None:
    assert (
        upload(PEOPLE, "1;Ane – “Ø”;a@odense.example;;medarbejder;;", encoding="cp1252").rows.get().values["name"]
        == "Ane – “Ø”"
    )


def test_excels_own_line_about_the_separator() -> None:
    assert upload("sep=;", PEOPLE, "1;A;a@odense.example;;medarbejder;;").counts == {"new": 1}


def test_quoted_cells_hold_separators_quotes_and_line_breaks() -> None:
    run = people('1;"Holm; ""Bo""\nHansen";bo@odense.example;;medarbejder;;', "2;B;b@odense.example;;vicevært;;")
    assert run.rows.get(line=2).values["name"] == 'Holm; "Bo" Hansen'
    assert run.rows.get(action="error").line == 4, "the line as an editor counts it"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tom"),
        (b"PK\x03\x04 and so on", "Excel"),
        (b"\xd0\xcf\x11\xe0 and so on", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (codecs.BOM_UTF16_LE + "kode".encode("utf-16-le"), "Unicode"),
        (HEAD + b"1;A\x00;a@odense.example;;medarbejder;;", "NUL"),
        (HEAD + b"1;\x81\xff;a@odense.example;;medarbejder;;", "tekst"),
        (b"navn;rolle\nA;leder\n", "e-mail, enhedskode"),
        (b"navn;navn;e-mail;enhedskode;rolle\n", "to gange"),
        (b"\n" + HEAD, "mangler"),
    ],
)
def test_what_is_no_list_is_refused_in_words_and_not_stored(content: bytes, words: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        receive(content)
    assert words in str(refused.value)
    assert not ImportRun.objects.exists()
    assert not ImportChunk.objects.exists()


def test_a_million_lines_are_refused_before_they_are_read() -> None:
    given_out = 0

    def pieces() -> Iterator[bytes]:
        nonlocal given_out
        yield HEAD
        for _number in range(100):
            given_out += 10_000
            yield b"1;A;a@odense.example;;medarbejder;;\n" * 10_000

    with pytest.raises(FileRefusedError) as refused:
        import_receive(actor=None, municipality=municipality(), kind="memberships", filename="x.csv", pieces=pieces())
    assert "50.000" in str(refused.value)
    assert given_out <= 2 * MAX_LINES
    assert not ImportRun.objects.exists()


def test_a_file_without_line_breaks_is_refused_by_its_size() -> None:
    with pytest.raises(FileRefusedError) as refused:
        import_receive(
            actor=None,
            municipality=municipality(),
            kind="units",
            filename="x.csv",
            pieces=(b"a" * 65536 for _ in range(MAX_BYTES // 65536 + 1)),
        )
    assert "MB" in str(refused.value)


@pytest.mark.parametrize(
    "line", ['1;"Anne;a@odense.example;;medarbejder;;', '1;"Anne"x;a@odense.example;;medarbejder;;']
)
def test_a_quotation_mark_in_the_wrong_place_stops_the_import_at_its_line(line: str) -> None:
    run = people("1;A;a@odense.example;;medarbejder;;", line, *["2;B;b@odense.example;;medarbejder;;"] * 5)
    assert run.state == ImportState.FAILED
    assert "Linje 3" in run.problem
    again = worked(import_retry(run=run, actor=None))
    assert again.problem == run.problem


def test_a_cell_that_never_ends_needs_no_memory_for_all_that_follows() -> None:
    run = people("1;A;a@odense.example;;medarbejder;;", '2;"B', *["x" * 100] * 5000)
    assert run.state == ImportState.FAILED
    assert "Linje 3" in run.problem


def test_headings_without_lines() -> None:
    assert people().state == ImportState.FAILED
    assert units("", ";;;;").state == ImportState.FAILED


def test_a_week_later_the_file_is_gone() -> None:
    run, young = people("1;A;a@odense.example;;medarbejder;;"), people("1;A;a@odense.example;;medarbejder;;")
    ImportRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - dt.timedelta(days=7, hours=1))
    forget_imports()
    run.refresh_from_db()
    assert run.state == ImportState.ABANDONED
    assert set(ImportRow.objects.values_list("run", flat=True)) == {young.pk}
    assert set(ImportChunk.objects.values_list("run", flat=True)) == {young.pk}


@given(st.text())
def test_a_text_is_written_and_read_back_and_never_a_formula(text: str) -> None:
    cell = cells.written(text)
    assert cell[:1] not in cells.FORMULA
    assert cells.read(cell) == cells.tidy(text)


@pytest.mark.parametrize(
    "text", ["2026-13-01", "31.02.2026", "1.1.26", "20260101", "2026-W01-1", "i dag", "0001-01-01", "١.١.٢٠٢٦"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cells.day(text)


@pytest.mark.parametrize("text", ["31.12.2026", "31-12-2026", "31/12/2026", "2026-12-31"])
def test_days_as_people_write_them(text: str) -> None:
    assert cells.day(text) == dt.date(2026, 12, 31)
