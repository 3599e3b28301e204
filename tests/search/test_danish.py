"""Folding and stemming, against the published examples of the Snowball algorithm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.danish import MAX_CHARACTERS, MAX_WORDS, clean, fold, stem, terms, tokens, words

# From the sample vocabulary of snowballstem.org/algorithms/danish/stemmer.html.
SNOWBALL = {
    "indtage": "indtag",
    "indtagelse": "indtag",
    "indtager": "indtag",
    "indtages": "indtag",
    "indtaget": "indtag",
    "indtil": "indtil",
    "indtog": "indtog",
    "indtraf": "indtraf",
    "indtryk": "indtryk",
    "indtrykket": "indtryk",
    "underste": "underst",
    "undersåtter": "undersåt",
    "undersåtters": "undersåt",
    "undersøg": "undersøg",
    "undersøge": "undersøg",
    "undersøgelse": "undersøg",
    "undersøgelsen": "undersøg",
    "undersøger": "undersøg",
    "undertryk": "undertryk",
    "undertrykke": "undertryk",
    "undertrykkelse": "undertryk",
    "underverden": "underverd",
    "underværk": "underværk",
    "underværker": "underværk",
}


@pytest.mark.parametrize(("word", "expected"), SNOWBALL.items())
def test_stems_are_those_of_snowball(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ældre", "ældre"),
        ("AELDRE", "ældre"),
        ("Søren", "søren"),
        ("soeren", "søren"),
        ("Å", "å"),
        ("a\u030a", "å"),
        ("É", "e"),
        ("ﬁn", "fin"),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(clean(written)) == folded


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_gives_clean_words_that_stay_the_same_when_asked_again(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned
    asked = terms(text)
    assert len(asked) <= MAX_WORDS
    for word in words(cleaned):
        assert word == word.lower()
        assert not set(word) & set(" \"'\\=*:&|!()<>")
        assert [fold(word)] == words(word) or not words(word)
    assert len(tokens(cleaned, 5)) <= 5


def test_a_question_is_cut() -> None:
    asked = terms("ord " * 100_000)
    assert [term.word for term in asked] == ["ord"]
    assert len(clean("a" * MAX_CHARACTERS * 2)) > MAX_CHARACTERS
    assert len(terms(" ".join(f"nr{n}" for n in range(500)))) == MAX_WORDS
