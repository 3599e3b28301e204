"""Other words for the same thing: what editors may write, what it does to a search, and how it comes into force."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from search import kept
from search.abbreviations import ABBREVIATIONS
from search.api import SearchQuery, search
from search.danish import MAX_WORDS, STOP_WORDS, terms
from search.editing.preview import preview_of
from search.models import Direction, Synonym
from search.phrases import MOST_OTHERS, MOST_PHRASES, Rule, telling
from search.synonyms import MOST_EXPANSIONS, RULE_WEIGHT, expansions, overridden
from tests.search.conftest import Index

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]


def synonym(words: str, means: str = "", **values: Any) -> Synonym:
    direction = Direction.ONE_WAY if means else Direction.EQUAL
    return Synonym(**{"words": words, "means": means, "direction": direction, **values})


def kept_rule(words: str, means: str = "", **values: Any) -> Synonym:
    made = synonym(words, means, **values)
    made.full_clean()
    made.save()
    return made


def said_for(text: str) -> set[str]:
    return {" ".join(expansion.words) for expansion in expansions(tuple(term.word for term in terms(text)))}


def titles(text: str) -> list[str]:
    return [hit.title_text for hit in search(SearchQuery(text=text, with_help=False)).hits]


class TestWhatARuleDoes:
    """Equal words, one way, phrases, forms of words."""

    def test_equal_words_find_each_other(self) -> None:
        kept_rule("skranke\nreception, modtagelse")
        assert said_for("skranke") == {"reception", "modtagelse"}
        assert said_for("modtagelse") == {"skranke", "reception"}
        assert said_for("kantine") == set()

    def test_one_way_is_not_the_other(self) -> None:
        kept_rule("rengøringsdame", "rengøringsassistent")
        assert said_for("rengøringsdame") == {"rengøringsassistent"}
        assert said_for("rengøringsassistent") == set()

    @pytest.mark.parametrize("typed", ["afdelingsleder", "afdelingsledere", "Afdelingslederne", "AFDELINGSLEDERENS"])
    def test_other_forms_of_a_word_are_the_word(self, typed: str) -> None:
        kept_rule("afdelingsleder", "teamleder")
        assert said_for(typed) == {"teamleder"}

    def test_a_phrase_is_found_where_it_stands(self) -> None:
        kept_rule("kontakt med borgere", "borgerservice")
        words = ("god", "kontakt", "borgere", "skriftlig")
        assert [(e.start, e.length, e.words, e.weight) for e in expansions(words)] == [
            (1, 2, ("borgerservice",), RULE_WEIGHT)
        ]
        assert [(e.start, e.length) for e in expansions(("god", "kontakt", "med", "borgere"))] == [(1, 3)]
        assert expansions(("borgere", "kontakt")) == ()
        assert expansions(("kontakt",)) == ()

    def test_a_rule_is_one_step(self) -> None:
        kept_rule("cykel", "bil")
        kept_rule("bil", "bus")
        kept_rule("bus", "cykel")
        assert said_for("cykel") == {"bil"}
        assert said_for("bil") == {"bus"}

    def test_a_stopped_rule_does_nothing(self) -> None:
        kept_rule("skranke, reception", active=False)
        assert said_for("skranke") == set()

    @given(st.lists(st.sampled_from(["cykel", "bil", "bus", "og", "mus", "tog", "færge"]), max_size=MAX_WORDS))
    def test_whatever_is_asked_the_places_are_within_it_and_their_number_has_an_end(self, asked: list[str]) -> None:
        rules = [Rule(("cykel", "bil", "bus")), Rule(("tog",), ("færge",)), Rule(("bil bus",), ("tog",))]
        with overridden(rules):
            found = expansions(tuple(asked))
        assert len(found) <= MOST_EXPANSIONS
        for one in found:
            assert 0 <= one.start < one.start + one.length <= len(asked)
            assert 0 < one.weight < 1
            assert one.words
            assert STOP_WORDS.isdisjoint(one.words)


class TestAbbreviations:
    """What the portal knows by itself."""

    def test_both_ways(self) -> None:
        assert said_for("MUS") == {"medarbejderudviklingssamtale"}
        assert said_for("medarbejderudviklingssamtaler") == {"mus"}
        assert said_for("kommunernes landsforening") == {"kl"}

    def test_what_editors_wrote_takes_its_place(self) -> None:
        kept_rule("mus", "datamus")
        assert said_for("mus") == {"datamus"}
        assert said_for("medarbejderudviklingssamtale") == {"mus"}

    def test_each_stands_for_one_thing_and_says_something(self) -> None:
        shorts = [short for short, _long in ABBREVIATIONS]
        assert len(shorts) == len(set(shorts))
        for short, long in ABBREVIATIONS:
            assert len(telling(short)) == 1, short
            assert telling(long), long


class TestWhatIsRefused:
    """At the field, in words that say what to write."""

    @pytest.mark.parametrize(
        ("words", "means", "field"),
        [
            ("", "", "words"),
            (" \n, ;", "", "words"),
            ("skranke", "", "words"),
            ("og\nskranke", "", "words"),
            ("!!!\nskranke", "", "words"),
            ("skranke\nskranken", "", "words"),
            ("en to tre fire fem\nskranke", "", "words"),
            ("\n".join(f"ord{number}x" for number in range(MOST_PHRASES + 1)), "", "words"),
            ("skranke", "med og i", "means"),
            ("skranke", "skranken", "words"),
        ],
    )
    def test_words_that_make_no_rule(self, words: str, means: str, field: str) -> None:
        with pytest.raises(ValidationError) as caught:
            synonym(words, means).full_clean()
        assert list(caught.value.message_dict) == [field]

    def test_one_way_needs_other_words_and_equal_words_have_none(self) -> None:
        for wrong in (synonym("skranke", direction="one_way"), synonym("a1\nb1", "c1", direction="equal")):
            with pytest.raises(ValidationError) as caught:
                wrong.full_clean()
            assert list(caught.value.message_dict) == ["means"]
        with pytest.raises(IntegrityError), transaction.atomic():
            synonym("skranke", direction="one_way").save()

    def test_what_another_rule_says_already(self) -> None:
        first = kept_rule("skranke\nreception")
        with pytest.raises(ValidationError) as caught:
            synonym("Skranker", "receptionen").full_clean()
        assert "skranke = reception" in str(caught.value.message_dict["words"])
        first.full_clean()
        synonym("skranke", "modtagelse").full_clean()
        Synonym.objects.update(active=False)
        synonym("Skranker", "receptionen").full_clean()

    def test_a_word_has_a_bounded_number_of_others(self) -> None:
        for number in range(MOST_OTHERS):
            kept_rule("skranke", f"ord{number}x")
        with pytest.raises(ValidationError) as caught:
            synonym("skranke", "reception").full_clean()
        assert str(MOST_OTHERS) in str(caught.value.message_dict["words"])


class TestComingIntoForce:
    """In every process, without an index job, and without a question while nothing changes."""

    def test_no_query_while_nothing_changes(self, settings: Any) -> None:
        settings.SEARCH_WORDS_MAX_AGE = 600
        kept.forget()
        kept_rule("skranke\nreception")
        with CaptureQueriesContext(connection) as first:
            assert said_for("skranke") == {"reception"}
        assert len(first) == 3
        with CaptureQueriesContext(connection) as later:
            assert said_for("skranke") == {"reception"}
            assert said_for("noget andet") == set()
        assert len(later) == 0
        kept.forget()

    def test_another_process_reads_again_only_what_has_changed(self) -> None:
        rule = kept_rule("skranke\nreception")
        kept.current()
        with CaptureQueriesContext(connection) as same:
            kept.current()
        assert len(same) == 1
        # As a process sees it that has not made the change itself.
        Synonym.objects.filter(pk=rule.pk).update(words="skranke\nmodtagelse")
        assert said_for("skranke") == {"reception"}
        kept.changed()
        assert said_for("skranke") == {"modtagelse"}

    def test_a_deleted_rule_is_gone_and_a_change_that_is_undone_was_never_there(self) -> None:
        kept_rule("skranke\nreception")
        assert said_for("skranke") == {"reception"}
        with transaction.atomic():
            kept_rule("skranke", "modtagelse")
            assert said_for("skranke") == {"reception", "modtagelse"}
            transaction.set_rollback(True)
        assert said_for("skranke") == {"reception"}
        Synonym.objects.all().delete()
        assert said_for("skranke") == set()


class TestSearching:
    """Through the seam, on the engine of this database."""

    def test_a_rule_finds_what_the_words_do_not(self, index: Index) -> None:
        index("1", title="Vagten i receptionen")
        index("2", title="Noget andet")
        assert titles("skranke") == []
        rule = kept_rule("skranke\nreception")
        assert titles("skranke") == ["Vagten i receptionen"]
        assert titles("vagt skranken") == ["Vagten i receptionen"]
        rule.delete()
        assert titles("skranke") == []

    def test_what_is_typed_stands_before_what_it_may_also_mean(self, index: Index) -> None:
        index("1", title="Reception")
        index("2", title="Skranke")
        kept_rule("skranke\nreception")
        assert titles("skranke") == ["Skranke", "Reception"]
        assert titles("reception") == ["Reception", "Skranke"]

    def test_an_abbreviation_finds_the_long_word_and_back(self, index: Index) -> None:
        index("1", title="Den gode medarbejderudviklingssamtale")
        index("2", title="Forbered din MUS")
        assert set(titles("MUS")) == {"Den gode medarbejderudviklingssamtale", "Forbered din MUS"}
        assert set(titles("medarbejderudviklingssamtaler")) == {
            "Den gode medarbejderudviklingssamtale",
            "Forbered din MUS",
        }


class TestPreview:
    """Before and after, and nothing stored."""

    def test_it_shows_both_sides_and_stores_nothing(self, index: Index) -> None:
        index("1", title="Vagten i receptionen")
        index("2", title="Til redaktører: reception", audiences=("role:editor",))
        draft = synonym("skranke\nreception")
        preview = preview_of(draft)
        (changed,) = (one for one in preview.changed if one.text == "skranke")
        assert (changed.total_before, changed.total_after) == (0, 1)
        assert [(hit.title, hit.place, hit.other_place) for hit in changed.after] == [("Vagten i receptionen", 1, None)]
        assert preview.same == ("reception",)
        assert not Synonym.objects.exists()
        assert titles("skranke") == []

    def test_a_rule_that_is_edited_is_compared_with_itself(self, index: Index) -> None:
        index("1", title="Receptionen")
        index("2", title="Modtagelsen")
        rule = kept_rule("skranke\nreception")
        rule.words = "skranke\nmodtagelse"
        changes = {one.text: one for one in preview_of(rule).changed}
        assert [hit.title for hit in changes["skranke"].before] == ["Receptionen"]
        assert [hit.title for hit in changes["skranke"].after] == ["Modtagelsen"]

    def test_a_rule_out_of_force_changes_nothing(self, index: Index) -> None:
        index("1", title="Receptionen")
        preview = preview_of(synonym("skranke\nreception", active=False))
        assert preview.is_off
        assert preview.changed == ()
