"""Danish is spelled right wherever a person reads it, and the test that says so can tell."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import spelling
from tests.house.findings import Source


def unknown(text: str, *allowed: str) -> list[str]:
    findings = spelling.check([Source("x.po", text)], frozenset(allowed))
    return [finding.message.partition("“")[2].partition("”")[0] for finding in findings]


# One worker reads them all: loading the dictionary takes longer than reading.
@pytest.mark.xdist_group("spelling")
@pytest.mark.parametrize("texts", [spelling.catalogue_texts, spelling.example_texts, spelling.code_texts])
def test_no_unknown_word_stands_in_what_people_read(texts: Callable[[], Iterator[Source]]) -> None:
    assert [str(finding) for finding in spelling.check(texts())] == []


@pytest.mark.xdist_group("spelling")
def test_misspelled_words_and_broken_compounds_are_found_once_each() -> None:
    assert unknown("Borgerservise og kompetencprofil, igen borgerservise") == [
        "Borgerservise",
        "borgerservise",
        "kompetencprofil",
    ]


@pytest.mark.xdist_group("spelling")
def test_right_words_compounds_and_what_is_not_prose_pass() -> None:
    text = (
        "<p class='leadd'>Selvvurderinger i %(xyzzy)s og {xyzzy}: se https://xyzzy.dk/qwert, xyz@qwert.dk,"
        " kompetenceprofilernes vejledningssamtaler, KL's it-arkitekt</p>"
    )
    assert unknown(text) == []


@pytest.mark.xdist_group("spelling")
def test_the_word_list_lets_a_word_and_its_genitive_pass() -> None:
    assert unknown("Wagtails Wagtail wagtails") != []
    assert unknown("Wagtails Wagtail", "Wagtail") == []


def test_the_word_list_is_sorted_and_holds_no_word_twice() -> None:
    lines = [line for line in spelling.WORD_LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines == sorted(set(lines), key=str.casefold)
