"""What people compare: any page as parts of plain text, and what is new in them, down to the word."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone, translation

from portal.editorial.compare import Part, compare, parts_of, pieces
from portal.editorial.plain_text import plain
from tests.factories import pages as make
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, rewrite_competence


def rows(*parts: tuple[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "label": key.upper(), "text": text, "field": key} for key, text in parts]


def text_of(found: tuple[Any, ...], *kinds: str) -> str:
    return "".join(piece.text for piece in found if piece.kind in kinds)


def test_words_that_are_new_and_gone_stand_beside_what_is_kept() -> None:
    found = pieces("Du svarer borgeren i dag.", "Du hjælper borgeren i morgen.")
    assert [piece.text for piece in found if piece.kind == "gone"] == ["svarer", "dag."]
    assert [piece.text for piece in found if piece.kind == "new"] == ["hjælper", "morgen."]
    assert text_of(found, "same", "gone") == "Du svarer borgeren i dag."
    assert text_of(found, "same", "new") == "Du hjælper borgeren i morgen."


def test_a_long_unchanged_stretch_is_folded_and_the_change_is_not() -> None:
    long = "ord " * 400
    found = pieces(f"{long}slut", f"{long}nyt slut")
    assert "fold" in {piece.kind for piece in found}
    assert text_of(found, "new").strip() == "nyt"
    assert len(text_of(found, "same")) < 400


def test_parts_are_compared_by_their_key() -> None:
    before = rows(("a", "En"), ("b", "To"), ("c", "Tre"), ("d", "Fire"))
    after = rows(("a", "En"), ("d", "Fire"), ("c", "Tre tre"), ("e", "Fem"))
    found = compare(before, after)
    assert {change.key: change.kind for change in found.changes} == {
        "b": "gone",
        "c": "changed",
        "d": "moved",
        "e": "new",
    }
    assert found.same == ("A",)
    # What is gone stands where it stood: behind the first part.
    assert found.changes[0].key == "b"


def test_the_same_content_has_no_changes() -> None:
    same = rows(("a", "En"), ("b", "To"))
    assert compare(same, same).changes == ()


def test_rich_text_keeps_what_a_reader_sees() -> None:
    source = (
        '<h2 data-block-key="x1">Overskrift</h2><p>Et <b>fedt</b> ord &amp; et <a linktype="page" id="7">link</a>.</p>'
        '<ul><li>En</li><li>To<br/>linjer</li></ul><p><a href="https://eksempel.example">ud</a></p><p></p>'
        '<embed embedtype="image" id="3" alt="En skranke" format="left"/>'
    )
    with translation.override("da"):
        lines = plain(source).splitlines()
    assert lines[:5] == ["## Overskrift", "Et fedt ord & et link <page 7>.", "• En", "• To", "linjer"]
    assert lines[5] == "ud <https://eksempel.example>"
    assert "En skranke" in lines[6]


@pytest.mark.django_db
def test_a_page_of_any_type_is_taken_apart() -> None:
    page = make.standard_page("Om os", body=make.blocks(("heading", "Hvem"), ("paragraph", "<p>Vi er <b>tre</b>.</p>")))
    found = {part["key"]: part for part in parts_of(page)}
    assert found["title"]["text"] == "Om os"
    blocks = [part for part in found.values() if part["field"] == "body"]
    assert [part["text"] for part in blocks] == ["Hvem", "Vi er tre."]
    # Blocks are known by their id, so that one that moves is not one gone and one new.
    assert [part["key"] for part in blocks] == [f"body:{child.id}" for child in page.body]
    assert "owner" not in found
    assert "latest_revision" not in found


@pytest.mark.django_db
def test_parts_do_not_depend_on_who_asks() -> None:
    page = make.project("Projektet", publications=[make.publication("Rapporten")])
    with translation.override("en"):
        english = parts_of(page)
    with translation.override("da"):
        assert parts_of(page) == english


@pytest.mark.django_db
def test_a_profile_is_taken_apart_by_its_competences() -> None:
    competence = CompetenceFactory.create(name="Lytte")
    page = ProfilePageFactory.make(groups=[group("Dialog", item(competence, now_level=2))])
    before = parts_of(page)
    row = page.groups.all()[0].items.all()[0]
    part = next(part for part in before if part["key"] == f"item:{row.uuid}")
    assert "Lytte" in part["label"]
    assert "Jeg kan lytte på trin 2." in part["text"]
    assert "2 Kan" in part["text"]
    type(row).objects.filter(pk=row.pk).update(now_level=3)
    (change,) = compare(before, parts_of(type(page).objects.get(pk=page.pk))).changes
    assert change.key == part["key"]
    assert "Mestrer" in text_of(change.pieces, "new")


@pytest.mark.django_db
def test_a_competence_that_was_rewritten_is_a_change_of_the_profile() -> None:
    competence = CompetenceFactory.create(name="Lytte")
    page = ProfilePageFactory.make(groups=[group("Dialog", item(competence))])
    before = parts_of(page)
    rewrite_competence(competence, level=1, text="Jeg lytter til ende.")
    (change,) = compare(before, parts_of(type(page).objects.get(pk=page.pk))).changes
    assert "Jeg lytter til ende." in text_of(change.pieces, "same", "new")


@pytest.mark.django_db
def test_what_the_editor_says_about_the_release_is_read_too() -> None:
    page = ProfilePageFactory.make()
    before = parts_of(page)
    page.release_change, page.release_reason = "changed", "Loven er ændret."
    assert [change.field for change in compare(before, parts_of(page)).changes] == ["release_change", "release_reason"]


@pytest.mark.django_db
@pytest.mark.parametrize("make_page", [lambda: make.standard_page("Om os"), ProfilePageFactory.make])
def test_the_planned_moments_are_read_in_the_time_of_the_place(make_page: Any) -> None:
    page = make_page()
    before = parts_of(page)
    page.go_live_at = dt.datetime(2026, 12, 1, 8, 30, tzinfo=dt.UTC)
    page.expire_at = dt.datetime(2027, 6, 30, 22, 15, tzinfo=dt.UTC)
    # An editor abroad has her own clock in the admin.
    with timezone.override("America/New_York"), translation.override("en"):
        found = compare(before, parts_of(page)).changes
    assert [(change.key, change.label, text_of(change.pieces, "new")) for change in found] == [
        ("go_live_at", "Udgives", "1. december 2026 kl. 09.30"),
        ("expire_at", "Tages ned", "1. juli 2027 kl. 00.15"),
    ]
    # They stand in a dialogue: there is no field to go to.
    assert {change.field for change in found} == {""}


def test_a_part_is_json() -> None:
    part = Part("a", "A", "tekst")
    assert replace(part, field="x").field == "x"


def test_a_sentence_that_was_written_anew_is_not_cut_into_every_other_word() -> None:
    found = pieces("Du er den første og sørger for det.", "Borgerservice møder borgeren og kravene stiger.")
    assert [piece.kind for piece in found] == ["gone", "new"]
