"""Folding, stemming (against the published examples of the Snowball algorithm), and the parting of compounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.danish import (
    MAX_CHARACTERS,
    MAX_WORDS,
    STEM_MARK,
    clean,
    fold,
    parts,
    rank_tokens,
    slips,
    stem,
    term,
    terms,
    tokens,
    word_tokens,
    words,
)

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


@pytest.mark.parametrize(
    ("word", "together"),
    [
        ("borgerkontakt", ("borger", "kontakt")),
        ("sagsbehandling", ("sags", "behandling")),
        ("ældrepleje", ("ældre", "pleje")),
        ("arbejdsmiljørepræsentant", ("arbejdsmiljø", "repræsentant")),
        ("borgerservice", ("borger", "service")),
        ("jobcenter", ("job", "center")),
        ("lønsamtale", ("løn", "samtale")),
        ("dagpengesag", ("dagpenge", "sag")),
        ("hjemmehjælp", ("hjemme", "hjælp")),
        ("personaleudvikling", ("personale", "udvikling")),
        ("pædagogmedhjælper", ("pædagog", "medhjælper")),
        ("kommunekontor", ("kommune", "kontor")),
    ],
)
def test_compounds_of_the_field_are_parted(word: str, together: tuple[str, ...]) -> None:
    assert parts(word) == together


@pytest.mark.parametrize(
    "word",
    [
        "udvikling",
        "kommunikation",
        "administration",
        "uddannelse",
        "beskæftigelse",
        "forening",
        "skolen",
        "mus",
        "2026",
    ],
)
def test_a_word_that_is_no_compound_stays_whole(word: str) -> None:
    assert parts(word) == (word,)


@pytest.mark.parametrize("word", ["fremstilling", "medarbejder", "undervisning", "overarbejde", "samarbejde"])
def test_what_stands_behind_a_particle_is_no_word_of_its_own(word: str) -> None:
    assert word_tokens(word) == (word, STEM_MARK + stem(word))


@settings(max_examples=300, deadline=None)
@given(st.text(), st.text(alphabet="abdefgiklnorstvyæøå", max_size=30))
def test_any_text_is_parted_and_ranked_without_empty_parts(text: str, letters: str) -> None:
    for word in words(clean(f"{text} {letters}")):
        found = parts(word)
        assert all(found)
        # Only linking letters are left out.
        assert len(word) - len("".join(found)) <= len(found) - 1
        assert word.startswith(found[0])
    rank = rank_tokens(text)
    for token, weight in (*rank.pieces, *rank.grams):
        assert token
        assert not set(token) & set(" \"'=*\x00")
        assert weight == 1.0
    assert bool(words(clean(text))) == bool(rank.pieces)


def test_a_compound_and_its_parts_find_each_other() -> None:
    compound, (kontakt, borgere) = term("borgerkontakt"), terms("kontakt med borgere")
    apart = {token for word in words("kontakt med borgere") for token in word_tokens(word)}
    assert any(set(way.tokens) <= apart for way in compound.ways)
    assert not any(set(way.tokens) <= set(word_tokens("kontakt")) for way in compound.ways)
    for part in (kontakt, borgere):
        assert any(set(way.tokens) <= set(word_tokens("borgerkontakt")) for way in part.ways)


def test_the_word_itself_weighs_more_than_its_forms_and_they_more_than_its_parts() -> None:
    (word, form, apart) = term("borgerkontakt").ways
    assert word.weight > form.weight > apart.weight


@pytest.mark.parametrize(
    ("asked", "word", "is_marked"),
    [
        ("borgerkontakt", "borgerkontakten", True),
        ("borgerkontakt", "borgerne", True),
        ("borger", "borgerkontakt", True),
        ("borg", "borgerkontakt", True),
        ("kontakt", "tak", False),
        ("borgerkontakt", "borgmester", False),
    ],
)
def test_what_is_highlighted(asked: str, word: str, is_marked: bool) -> None:
    assert terms(asked)[0].matches(word) is is_marked


def test_names_that_most_others_are_like_keep_something_to_be_ranked_by() -> None:
    assert rank_tokens("ing").grams
    assert rank_tokens("og i").pieces
    assert rank_tokens(" - ") == rank_tokens("")


def test_a_slip_is_one_letter_after_the_first() -> None:
    meant = slips("ær")
    assert "æl" in meant
    assert {word[0] for word in meant} == {"æ"}
    assert "ær" not in meant
    assert "borger" in slips("broger")
    assert "kontakt" in slips("kontkt")
    assert slips("x") == slips("") == ()
